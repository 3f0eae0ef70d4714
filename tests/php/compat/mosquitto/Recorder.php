<?php
declare(strict_types=1);

namespace MosquittoTests;

use Mosquitto\Client;
use Mosquitto\Message;
use RuntimeException;

/** A client whose callbacks write down what they are called with. */
final class Recorder
{
    /** @var list<array{string, mixed}> name of the callback and its arguments; a message as [mid, topic, payload, qos, retain] */
    public array $calls = [];
    /** @var list<string> log lines and callbacks as one line each, in order */
    public array $lines = [];
    public readonly Client $client;

    public function __construct(?string $id = 'recorder', bool $cleanSession = true, bool $logs = false)
    {
        $client = $this->client = new Client($id, $cleanSession);
        // No callback holds the recorder: it goes, and the client with it, when the test lets go of it. Nor does one ask a
        // WeakReference: PHP 8.1 still gives the object while the end of its properties closes the client.
        $calls = &$this->calls;
        $lines = &$this->lines;
        foreach (['onConnect', 'onDisconnect', 'onSubscribe', 'onUnsubscribe', 'onMessage', 'onPublish'] as $name) {
            $client->$name(static function (mixed ...$arguments) use (&$calls, &$lines, $name): void {
                $arguments = array_map(static fn (mixed $a): mixed => $a instanceof Message ? array_values(get_object_vars($a)) : $a, $arguments);
                $calls[] = [$name, $arguments];
                $lines[] = $name . ' ' . json_encode($arguments, JSON_UNESCAPED_SLASHES | JSON_INVALID_UTF8_SUBSTITUTE);
            });
        }
        if ($logs) {
            $client->onLog(static function (int $level, string $text) use (&$lines): void {
                $lines[] = "$level $text";
            });
        }
    }

    /**
     * loop() until this many calls of a callback are there; gives their arguments.
     *
     * @return list<array<mixed>>
     */
    public function await(string $name, int $count = 1, float $seconds = 20.0): array
    {
        for ($end = microtime(true) + $seconds; count($this->of($name)) < $count;) {
            if (microtime(true) > $end) {
                throw new RuntimeException("$name was not called $count times; there was: " . implode("\n", $this->lines));
            }
            $this->client->loop(100);
        }
        return $this->of($name);
    }

    /** @return list<array<mixed>> */
    public function of(string $name): array
    {
        return array_values(array_map(static fn (array $call): array => $call[1], array_filter($this->calls, static fn (array $call): bool => $call[0] === $name)));
    }

    /** What has been written down so far, which is then forgotten. @return list<string> */
    public function takeLines(): array
    {
        [$lines, $this->lines, $this->calls] = [$this->lines, [], []];
        return $lines;
    }
}
