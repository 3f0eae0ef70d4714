<?php
declare(strict_types=1);

namespace Simps\MQTT\Tools;

/**
 * Bytes shown for people: `Common::hexDump($bytes)` and every other method of {@see Debug}.
 *
 * @method static string hexDump(string $data)
 * @method static string hexDumpAscii(string $data)
 * @method static string ascii(string $data)
 * @method static string printableText(string $data)
 * @method static string hexStream(string $data)
 */
abstract class Common
{
    /**
     * Prints each byte on a line of its own: where, binary, hexadecimal, decimal, as a character.
     */
    public static function printf(string $data): void
    {
        echo "\033[36m";
        foreach ($data === '' ? [] : str_split($data) as $at => $character) {
            $byte = ord($character);
            printf("%4d: %08b : 0x%02x : %d : %s\n", $at, $byte, $byte, $byte, $byte > 31 ? $character : ' ');
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
        return (new Debug(...$arguments))->{$method}();
    }
}
