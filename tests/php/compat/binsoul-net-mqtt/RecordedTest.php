<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';

/**
 * What binsoul/net-mqtt itself answered, in tests/vectors/compat/binsoul-net-mqtt.json: for bytes that a packet read, calls
 * before it was written, chunks that the parser got. Where the drop-in answers otherwise on purpose, "differs" says why.
 */
final class RecordedTest extends TestCase
{
    private const NAMESPACE = 'BinSoul\Net\Mqtt\\';

    /** Each has its row in docs/migrating.md. */
    private const REASONS = [
        'QoS bits', 'bytes left over', 'class of the exception', 'letters', 'malformed packet left out', 'user name flag',
    ];

    public function testRecordedAnswers(): void
    {
        $file = dirname(__DIR__, 3) . '/vectors/compat/binsoul-net-mqtt.json';
        $cases = json_decode((string) file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
        $reasons = [];
        foreach ($cases as $case) {
            $recorded = array_diff_key($case, array_flip(['generation', 'what', 'class', 'calls', 'chunks', 'differs']));
            $ours = match ($case['what']) {
                'read' => ['hex' => $case['hex']] + $this->read($case['class'], (string) hex2bin($case['hex'])),
                'write' => $this->write($case['class'], $case['calls']),
                'parse' => $this->parse($case['chunks']),
            };
            // A generation does not know the functions of another.
            $ours = $this->without($ours, $case['generation']);
            $what = json_encode(array_intersect_key($case, array_flip(['what', 'class', 'calls', 'chunks', 'hex'])), JSON_UNESCAPED_SLASHES);
            ksort($ours);
            ksort($recorded);
            if (isset($case['differs'])) {
                $reasons[$case['differs']] = true;
                $this->assertNotSame($recorded, $ours, "no longer differs: $what");
            } else {
                $this->assertSame($recorded, $ours, (string) $what);
            }
        }
        $reasons = array_keys($reasons);
        sort($reasons);
        $this->assertSame(self::REASONS, $reasons);
    }

    private function read(string $class, string $bytes): array
    {
        $class = self::NAMESPACE . "Packet\\$class";
        $packet = new $class();
        try {
            $packet->read(new PacketStream($bytes));
            return ['fields' => $this->fields($packet), 'again' => bin2hex((string) $packet)];
        } catch (\Throwable $e) {
            return ['error' => $this->error($e)];
        }
    }

    private function write(string $class, array $calls): array
    {
        $class = self::NAMESPACE . "Packet\\$class";
        $packet = new $class();
        try {
            foreach ($calls as [$method, $arguments]) {
                $packet->$method(...array_map($this->bytes(...), $arguments));
            }
            return ['hex' => bin2hex((string) $packet), 'fields' => $this->fields($packet)];
        } catch (\Throwable $e) {
            return ['error' => $this->error($e)];
        }
    }

    private function parse(array $chunks): array
    {
        $parser = new StreamParser();
        $errors = $packets = [];
        $parser->onError(function (\Throwable $e) use (&$errors): void {
            $errors[] = $this->error($e);
        });
        foreach ($chunks as $chunk) {
            $packets[] = array_map($this->fields(...), $parser->push((string) hex2bin($chunk)));
        }
        return ['packets' => $packets, 'errors' => $errors];
    }

    private function fields(object $packet): array
    {
        $fields = ['class' => substr(get_class($packet), strlen(self::NAMESPACE . 'Packet\\'))];
        foreach (array_slice(Twin::fields($packet), 1) as $name => $value) {
            $fields[$name] = $this->plain($value);
        }
        ksort($fields);
        return $fields;
    }

    private function error(\Throwable $e): array
    {
        $class = get_class($e);
        return [str_starts_with($class, self::NAMESPACE) ? substr($class, strlen(self::NAMESPACE)) : $class, $this->plain($e->getMessage())];
    }

    private function plain(mixed $value): mixed
    {
        return match (true) {
            is_string($value) => preg_match('/^[\x20-\x7e]*$/', $value) ? $value : 'hex:' . bin2hex($value),
            is_array($value) => array_map($this->plain(...), $value),
            default => $value,
        };
    }

    /** The reverse of plain(), as far as arguments need it. */
    private function bytes(mixed $value): mixed
    {
        return is_string($value) && str_starts_with($value, 'hex:') ? hex2bin(substr($value, 4)) : $value;
    }

    private function without(array $answer, string $generation): array
    {
        $unknown = $generation === '0.8.1' ? ['getFilters', 'getQosLevels'] : ['getTopics'];
        $singular = $generation === '0.8.1' ? [] : ['getTopic', 'getQosLevel'];
        $strip = fn (array $fields): array => array_diff_key($fields, array_flip(match ($fields['class']) {
            'SubscribeRequestPacket' => [...$unknown, ...$singular],
            'UnsubscribeRequestPacket' => $unknown,
            default => [],
        }));
        if (isset($answer['fields'])) {
            $answer['fields'] = $strip($answer['fields']);
        }
        if (isset($answer['packets'])) {
            $answer['packets'] = array_map(fn (array $packets): array => array_map($strip, $packets), $answer['packets']);
        }
        return $answer;
    }
}
