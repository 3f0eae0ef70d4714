<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use Imi\MQTT\Client\MQTTClient;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Recorder.php';

/** What the tests of the client share. */
abstract class ImiCase extends TestCase
{
    /** Seconds; more than anything here takes. */
    protected const PATIENCE = 20;

    protected Recorder $listener;

    protected function setUp(): void
    {
        $this->listener = new Recorder();
    }

    /** @param array<string, mixed> $config */
    protected function client(string $uri, array $config = []): MQTTClient
    {
        preg_match('~^mqtts?://(.+):(\d+)$~', $uri, $match);
        return new MQTTClient($config + ['host' => trim($match[1], '[]'), 'port' => (int) $match[2], 'timeout' => self::PATIENCE], $this->listener);
    }

    /** Receives until so many events were told, and disconnects. */
    protected function waitFor(MQTTClient $client, int $count): void
    {
        $this->listener->until = $count;
        $client->wait();
    }

    /** @param class-string<\Throwable> $class */
    protected function assertThrows(string $class, string $pattern, callable $call): \Throwable
    {
        try {
            $call();
        } catch (\Throwable $e) {
            $this->assertInstanceOf($class, $e, $e->getMessage());
            $this->assertMatchesRegularExpression($pattern, $e->getMessage());
            return $e;
        }
        $this->fail("$class was not thrown");
    }
}
