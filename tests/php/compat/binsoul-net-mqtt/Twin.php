<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;

/** A stream of another class than the package's: with it, the package's PHP code reads and writes, and not the extension. */
final class PlainStream extends PacketStream
{
}

/** What a reader, or a writer, makes of its input, as plain values that can be compared. */
final class Twin
{
    /** Everything that a packet says of itself. */
    public static function fields(Packet $packet): array
    {
        $fields = ['class' => get_class($packet)];
        foreach (get_class_methods($packet) as $method) {
            if (preg_match('/^(get|is|has)[A-Z]/', $method) && (new \ReflectionMethod($packet, $method))->getNumberOfParameters() === 0) {
                $fields[$method] = $packet->$method();
            }
        }
        return $fields;
    }

    /** An error as plain values. */
    public static function error(\Throwable $e): array
    {
        return [get_class($e), $e->getMessage()];
    }

    /**
     * @param list<string> $chunks
     *
     * @return list<array{packets: list<array>, errors: list<array>}> for each chunk
     */
    public static function parse(array $chunks, PacketStream $stream): array
    {
        $parser = new StreamParser(new DefaultPacketFactory(), $stream);
        $result = $errors = [];
        $parser->onError(function (\Throwable $e) use (&$errors): void {
            // The text of this one says where in the stream, and the extension cuts what it has read.
            $errors[] = [get_class($e), preg_replace('/content length=.*/', '', $e->getMessage())];
        });
        foreach ($chunks as $chunk) {
            $errors = [];
            $packets = array_map(self::fields(...), $parser->push($chunk));
            $result[] = ['packets' => $packets, 'errors' => $errors];
        }
        return $result;
    }

    /** Reads one packet into an object and says what came of it, and where the stream stands. */
    public static function read(Packet $packet, PacketStream $stream): array
    {
        try {
            $packet->read($stream);
        } catch (\Throwable $e) {
            return ['error' => self::error($e)];
        }
        return ['fields' => self::fields($packet), 'position' => $stream->getPosition(), 'data' => $stream->getData()];
    }

    /** Writes a packet and says what came of it. */
    public static function write(Packet $packet, PacketStream $stream): array
    {
        try {
            $packet->write($stream);
        } catch (\Throwable $e) {
            return ['error' => self::error($e)];
        }
        return ['bytes' => bin2hex($stream->getData()), 'fields' => self::fields($packet)];
    }

    /**
     * The packets of MQTT 3.1 and 3.1.1 that all of this project is tested with, valid and malformed.
     *
     * @return array<string, string> bytes by name
     */
    public static function vectors(): array
    {
        $vectors = [];
        foreach (['valid', 'malformed', 'own'] as $file) {
            $list = json_decode((string) file_get_contents(dirname(__DIR__, 3) . "/vectors/$file.json"), true, flags: JSON_THROW_ON_ERROR);
            foreach ($list as $index => $vector) {
                if (($vector['version'] ?? 4) < 5) {
                    $hex = '';
                    foreach ((array) $vector['hex'] as $part) {
                        $hex .= is_string($part) ? $part : str_repeat($part['repeat'], $part['count']);
                    }
                    $vectors["$file " . ($vector['id'] ?? $index)] = (string) hex2bin($hex);
                }
            }
        }
        return $vectors;
    }
}
