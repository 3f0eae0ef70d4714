<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Tools;

/**
 * Shows bytes. The static calls give what the methods of Debug give.
 *
 * @method static string hexDump(string $encode)
 * @method static string hexDumpAscii(string $encode)
 * @method static string printableText(string $encode)
 * @method static string hexStream(string $encode)
 * @method static string ascii(string $encode)
 */
abstract class Common
{
    /**
     * Prints one line a byte: index, bits, hexadecimal, decimal, character.
     *
     * @return void
     */
    public static function printf(string $data)
    {
        echo "\033[36m";
        foreach ($data === '' ? [] : str_split($data) as $index => $character) {
            $byte = ord($character);
            printf("%4d: %08b : 0x%02x : %d : %s\n", $index, $byte, $byte, $byte, $byte > 31 ? $character : ' ');
        }
        echo "\033[0m";
    }

    /**
     * @param string $method
     * @param array<string> $arguments
     *
     * @return mixed
     */
    public static function __callStatic($method, $arguments)
    {
        return (new Debug(...$arguments))->$method();
    }
}
