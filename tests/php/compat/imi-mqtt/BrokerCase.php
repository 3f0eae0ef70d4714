<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

require_once __DIR__ . '/ImiCase.php';

/** The client with a broker that somebody else may have written. */
abstract class BrokerCase extends ImiCase
{
    private static ?\Broker $broker = null;

    abstract protected static function start(): \Broker;

    protected function setUp(): void
    {
        parent::setUp();
        self::$broker ??= static::start();
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker?->stop();
        self::$broker = null;
    }

    private function uri(): string
    {
        return self::$broker->uri();
    }

    /** @return iterable<string, array{int}> */
    public static function protocols(): iterable
    {
        yield '3.1' => [3];
        yield '3.1.1' => [4];
    }

    /** @dataProvider protocols */
    public function testEveryPacketComesToItsMethod(int $protocol): void
    {
        $client = $this->client($this->uri(), ['protocol' => $protocol]);
        $this->assertFalse($client->getConnected());
        $this->assertTrue($client->connect());
        $this->assertTrue($client->getConnected());
        $this->assertSame(12, $client->subscribe('imi/#', 2, 7));
        $steps = [
            'subscribeACK 7 2' => fn () => $client->publish('imi/0', 'zero'),
            'publish imi/0 zero 0' => fn () => $client->publish('imi/1', 'one', 1, identifier: 11),
            'publishAck 11' => null,
            'publish imi/1 one 1' => fn () => $client->publish('imi/2', 'two', 2, identifier: 12),
            'publishReceived 12' => null,
            'publishComplete 12' => null,
            'publish imi/2 two 2' => null,
            'publishRelease' => fn () => $client->unsubscribe(['imi/#', 'other'], 13),
            'unsubscribeACK 13' => fn () => $client->ping(),
            'ping' => fn () => $client->disconnect(),
        ];
        $this->listener->then = function () use (&$steps): void {
            $event = end($this->listener->events);
            $this->assertArrayHasKey($event, $steps, implode("\n", $this->listener->events));
            $steps[$event] === null ?: $steps[$event]();
            unset($steps[$event]);
        };
        $client->wait();
        $this->assertSame([], array_keys($steps));
        $this->assertFalse($client->getConnected());
        $this->assertSame('connectACK 0', $this->listener->events[0]);
    }

    public function testWaitConnectsByItself(): void
    {
        $client = $this->client($this->uri());
        $this->waitFor($client, 1);
        $this->assertSame(['connectACK 0'], $this->listener->events);
        // After disconnect() there is nothing to wait for.
        $client->wait();
        $this->assertSame(['connectACK 0'], $this->listener->events);
        $this->listener->until = PHP_INT_MAX;
        $client->connect();
        $this->assertSame(['connectACK 0', 'connectACK 0'], $this->listener->events);
    }

    public function testTheWillIsPublishedWhenAClientIsLost(): void
    {
        $client = $this->client($this->uri());
        $client->connect();
        $client->subscribe('wills/#', 1, 1);
        $this->listener->then = function ($client, string $method): void {
            if ($method === 'subscribeACK') {
                $lost = $this->client($this->uri(), ['clientId' => 'lost', 'will' => ['topic' => 'wills/lost', 'payload' => 'gone', 'qosLevel' => 1]]);
                $lost->connect();
                $this->assertSame('gone', $lost->getConnection()->getWill()->getPayload());
                unset($lost);
            }
        };
        $this->waitFor($client, 4);
        $this->assertSame('publish wills/lost gone 1', $this->listener->events[3]);
    }

    public function testDuplicateStandsBeforeRetained(): void
    {
        $client = $this->client($this->uri());
        $client->connect();
        $client->publish('kept', 'yes', 0, false, true);
        $client->publish('sent', 'again', 1, true, false, 5);
        $client->subscribe('kept', 0, 6);
        $this->waitFor($client, 4);
        $kept = array_search('publish kept yes 0', $this->listener->events, true);
        $this->assertTrue($this->listener->packets[$kept]->isRetained());
        $this->assertContains('publishAck 5', $this->listener->events);
    }

    public function testASessionThatStays(): void
    {
        $config = ['clientId' => 'stays-' . bin2hex(random_bytes(4)), 'clean' => false];
        foreach ([false, true] as $present) {
            $this->waitFor($this->client($this->uri(), $config), count($this->listener->events) + 1);
            $this->assertSame($present, end($this->listener->packets)->isSessionPresent());
        }
        $this->waitFor($this->client($this->uri(), ['clean' => true] + $config), 3);
        $this->assertFalse(end($this->listener->packets)->isSessionPresent());
    }

    public function testPingsGoOutWhileTheScriptIsBusy(): void
    {
        // The broker closes after 3 seconds of silence; nothing receives and nothing sends for 3.5.
        $client = $this->client($this->uri(), ['keepAlive' => 2, 'pingTimespan' => 0.3]);
        $client->connect();
        for ($end = microtime(true) + 3.5; microtime(true) < $end;) {
            hash('sha256', 'busy');
        }
        $this->waitFor($client, 5);
        $this->assertSame(['connectACK 0', 'ping', 'ping', 'ping', 'ping'], $this->listener->events);
    }

    public function testManyMessagesInOrder(): void
    {
        $client = $this->client($this->uri());
        $client->connect();
        $client->subscribe('many', 1, 1);
        for ($number = 0; $number < 200; $number++) {
            $client->publish('many', (string) $number);
        }
        $this->waitFor($client, 202);
        $this->assertSame(range(0, 199), array_map(fn (string $event): int => (int) explode(' ', $event)[2], array_slice($this->listener->events, 2)));
    }
}
