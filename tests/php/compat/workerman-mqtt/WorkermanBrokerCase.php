<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Workerman\Mqtt\Client;

/** The client with a broker that somebody else may have written. */
abstract class WorkermanBrokerCase extends WorkermanCase
{
    private static ?Broker $broker = null;

    abstract protected static function start(): Broker;

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

    private function address(): string
    {
        return self::$broker->uri();
    }

    /**
     * A client of 3.1 may have an identifier of 23 bytes at most, which the one that is made up is above.
     *
     * @param array<string, mixed> $options
     */
    private function newcomer(array $options): Client
    {
        $short = ($options['protocol_level'] ?? 4) === 3 ? ['client_id' => 'c' . random_int(0, PHP_INT_MAX)] : [];
        return $this->connected($this->address(), $options + $short);
    }

    /** @return iterable<string, array{array<string, mixed>}> */
    public static function versions(): iterable
    {
        yield '3.1' => [['protocol_name' => 'MQIsdp', 'protocol_level' => 3]];
        yield '3.1.1' => [[]];
        yield '5' => [['protocol_level' => 5]];
    }

    /** @dataProvider versions */
    public function testMessagesOfEveryQoS(array $options): void
    {
        $client = $this->newcomer($options);
        $client->subscribe('a/#', ['qos' => 2], $this->note('subscribe'));
        $this->assertEvents(['subscribe {"a\/#":2}']);
        $client->publish('a/0', 'zero');
        $this->assertEvents(['message a/0 zero']);
        foreach ([1, 2] as $qos) {
            $client->publish("a/$qos", str_repeat('x', 100_000), ['qos' => $qos], $this->note('publish'));
            $this->until(fn (): bool => count($this->events) === 2);
            $this->assertEqualsCanonicalizing(['publish', "message a/$qos " . str_repeat('x', 100_000)], $this->events);
            $this->events = [];
        }
        $client->unsubscribe('a/#', $this->note('unsubscribe'));
        $this->assertEvents(['unsubscribe']);
        $client->publish('a/1', 'nobody', ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
    }

    /** @dataProvider versions */
    public function testARetainedMessageAndAWill(array $options): void
    {
        $topic = 'state/' . uniqid();
        $dying = $this->newcomer($options + ['will' => ['topic' => $topic, 'content' => 'gone', 'qos' => 1, 'retain' => 1]]);
        $dying->publish($topic, 'here', ['qos' => 1, 'retain' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
        $watching = $this->newcomer($options);
        $watching->subscribe($topic, ['qos' => 1]);
        $this->assertEvents(["message $topic here"]);
        $dying->close();
        $this->assertEvents(['close', "message $topic gone"]);
    }

    /** @dataProvider versions */
    public function testASessionKeepsMessages(array $options): void
    {
        $options += ['client_id' => 'kept' . random_int(0, 1_000_000), 'clean_session' => 0];
        if (($options['protocol_level'] ?? 4) === 5) {
            $options['properties'] = ['session_expiry_interval' => 60];
        }
        $client = $this->connected($this->address(), $options);
        $client->subscribe('kept', ['qos' => 1], $this->note('subscribe'));
        $this->assertEvents(['subscribe {"kept":1}']);
        $client->disconnect();
        $this->assertEvents(['close']);
        $other = $this->connected($this->address());
        $other->publish('kept', 'meanwhile', ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
        $client->onReconnect = fn (Client $client) => $this->events[] = 'reconnect';
        $client->reconnect();
        $this->assertEvents(['reconnect', 'message kept meanwhile']);
    }

    public function testPropertiesOfMqtt5(): void
    {
        $client = $this->connected($this->address(), ['protocol_level' => 5]);
        $received = [];
        $client->onMessage = function (string $topic, string $content, Client $client, array $properties) use (&$received): void {
            $received[] = $properties;
        };
        $long = str_repeat('l', 300);
        $client->subscribe('p', ['qos' => 1, 'no_local' => false, 'retain_as_published' => true, 'retain_handling' => 2], $this->note('subscribe'), ['subscription_identifier' => 300]);
        $this->assertEvents(['subscribe {"p":1}']);
        $properties = ['content_type' => 'text/plain', 'response_topic' => 'r', 'correlation_data' => "\0\1", 'payload_format_indicator' => 1, 'mine' => $long];
        $client->publish('p', 'x', ['qos' => 1], null, $properties);
        $this->until(function () use (&$received): bool {
            return $received !== [];
        });
        $this->assertEquals($properties + ['subscription_identifier' => 300], $received[0]);
        $client->subscribe(['no' => ['qos' => 0, 'no_local' => true]], [], $this->note('subscribe'));
        $this->assertEvents(['subscribe {"no":0}']);
        $client->publish('no', 'to myself', ['qos' => 1], $this->note('publish'));
        $client->publish('p', 'after', ['qos' => 1]);
        $this->until(function () use (&$received): bool {
            return count($received) === 2;
        });
        $this->assertSame(['publish'], $this->events);
    }

    public function testManyMessagesAtOnce(): void
    {
        $publisher = $this->connected($this->address());
        $subscriber = $this->connected($this->address());
        $count = 0;
        $subscriber->onMessage = function (string $topic, string $content) use (&$count): void {
            $this->assertSame((string) $count++, $content);
        };
        $subscriber->subscribe('many', ['qos' => 1], $this->note('subscribe'));
        $this->assertEvents(['subscribe {"many":1}']);
        $done = 0;
        for ($number = 0; $number < 900; $number++) {
            $publisher->publish('many', (string) $number, ['qos' => 1], function (?Exception $why) use (&$done): void {
                $this->assertNull($why);
                $done++;
            });
        }
        $this->until(function () use (&$done, &$count): bool {
            return $done === 900 && $count === 900;
        });
    }

    public function testABrokerThatComesBackIsFoundAgain(): void
    {
        $broker = static::start();
        try {
            $client = $this->connected($broker->uri(), ['reconnect_period' => 1]);
            $client->subscribe('back', ['qos' => 1], $this->note('subscribe'));
            $this->assertEvents(['subscribe {"back":1}']);
            $client->onClose = fn (Client $client) => $this->events[] = 'close';
            $again = false;
            $client->onReconnect = function (Client $client) use (&$again): void {
                $again = true;
                $client->onMqttReconnect();
            };
            $broker->stop();
            $this->until(fn (): bool => in_array('close', $this->events, true));
            $broker->start();
            $this->until(function () use (&$again): bool {
                return $again;
            });
            $this->events = [];
            $client->publish('back', 'hello', ['qos' => 1]);
            $this->assertEvents(['message back hello']);
        } finally {
            $broker->stop();
        }
    }
}
