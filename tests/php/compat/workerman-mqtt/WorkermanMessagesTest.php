<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Mqtt\Packet;
use Mqtt\ReasonCode;
use Workerman\Mqtt\Client;

/** Messages in both directions, and what is answered to them. */
final class WorkermanMessagesTest extends WorkermanCase
{
    public function testWithoutATopicMqtt5NeedsAnAlias(): void
    {
        $client = $this->connected($this->server(), ['protocol_level' => 5]);
        $client->publish('t', '1', [], null, ['topic_alias' => 1]);
        $client->publish('', '2', [], null, ['topic_alias' => 1]);
        $this->until(fn (): bool => count($this->got(Packet\Publish::class)) === 2);
        $this->expectException(RuntimeException::class);
        $this->expectExceptionMessage('Topic cannot be empty or need to set topic_alias');
        $client->publish('', '3');
    }

    /** @dataProvider answers */
    public function testCallbacksOfAcknowledgements(int $level): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => match ($packet::class) {
            Packet\Subscribe::class => new Packet\SubAck($packet->packetId, array_map(fn ($one) => ReasonCode::from($one->qos), $packet->subscriptions)),
            Packet\Unsubscribe::class => new Packet\UnsubAck($packet->packetId, array_map(fn ($one) => ReasonCode::Success, $packet->filters)),
            Packet\Publish::class => match ($packet->qos) {
                0 => null,
                1 => new Packet\PubAck($packet->packetId),
                2 => new Packet\PubRec($packet->packetId),
            },
            Packet\PubRel::class => new Packet\PubComp($packet->packetId),
            default => null,
        }), ['protocol_level' => $level]);
        $client->publish('t', '0', ['qos' => 0], $this->note('never'));
        $client->publish('t', '1', ['qos' => 1, 'dup' => 1], $this->note('one'));
        $client->publish('t', '2', ['qos' => 2, 'retain' => true], $this->note('two'));
        $this->assertEvents(['one', 'two']);
        $client->subscribe('a', ['qos' => 1], $this->note('subscribe'));
        $client->subscribe($level === 5 ? ['b' => ['qos' => 2], 'c' => ['qos' => 0, 'no_local' => true]] : ['b' => 2, 'c' => 0], [], $this->note('several'));
        $client->unsubscribe('a', $this->note('unsubscribe'));
        $client->unsubscribe(['b', 'c'], $this->note('list'));
        $this->assertEvents(['subscribe {"a":1}', 'several {"b":2,"c":0}', 'unsubscribe', 'list']);
        $sent = $this->got(Packet\Publish::class);
        $this->assertSame([[false, false], [true, false], [false, true]], array_map(fn (Packet\Publish $packet): array => [$packet->dup, $packet->retain], $sent));
        $this->assertSame([1, 2, 3, 4, 5, 6], array_values(array_filter(array_map(fn (Packet $packet): int => $packet instanceof Packet\PubRel ? 0 : ($packet->packetId ?? 0), $this->received))));
    }

    public static function answers(): iterable
    {
        yield '3.1.1' => [4];
        yield '5' => [5];
    }

    public function testAMessageThatAServerOfMqtt5RefusesIsAnErrorOfItsCallback(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Publish
            ? ($packet->qos === 1 ? new Packet\PubAck($packet->packetId, ReasonCode::NotAuthorized) : new Packet\PubRec($packet->packetId, ReasonCode::QuotaExceeded))
            : null), ['protocol_level' => 5]);
        $client->publish('t', '1', ['qos' => 1], $this->note('one'));
        $client->publish('t', '2', ['qos' => 2], $this->note('two'));
        $this->assertEvents(['one failed 135 Not authorized', 'two failed 151 Quota exceeded']);
        // 4.3.3: no PUBREL after a PUBREC that refuses.
        $this->assertSame([], $this->got(Packet\PubRel::class));
    }

    public function testOnMessageRunsBeforeTheAcknowledgement(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? [new Packet\Publish('t', 'one', qos: 1, packetId: 7), new Packet\Publish('t', 'two', qos: 2, packetId: 8)] : null));
        $acknowledged = null;
        $client->onMessage = function (string $topic, string $content, Client $client, array $properties) use (&$acknowledged): void {
            $acknowledged ??= count($this->got(Packet\PubAck::class));
            $this->events[] = "$topic $content " . json_encode($properties);
            $client->publish('answer', $content);
        };
        $client->subscribe('t');
        $this->until(fn (): bool => $this->got(Packet\PubRec::class) !== []);
        $this->assertSame(['t one []', 't two []'], $this->events);
        $this->assertSame(0, $acknowledged);
        // What the handler sends comes before the acknowledgement of its message, and after that of the one before.
        $order = array_map(fn (Packet $packet): string => $packet::class, array_slice($this->received, 2));
        $this->assertSame([Packet\Publish::class, Packet\PubAck::class, Packet\Publish::class, Packet\PubRec::class], $order);
    }

    public function testAHandlerThatThrowsLeavesItsMessageUnacknowledged(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? [new Packet\Publish('t', 'good', qos: 1, packetId: 7), new Packet\Publish('t', 'bad', qos: 1, packetId: 8), new Packet\Publish('t', 'last', qos: 1, packetId: 9)] : null));
        $client->getConnection()->errorHandler = function (Throwable $why): void {
            $this->events[] = $why->getMessage();
        };
        $client->onMessage = fn (string $topic, string $content) => $content === 'bad' ? throw new DomainException('no') : $this->events[] = $content;
        $client->subscribe('t');
        $this->until(fn (): bool => count($this->got(Packet\PubAck::class)) === 2);
        $this->assertSame(['good', 'no', 'last'], $this->events);
        $this->assertSame([7, 9], array_map(fn (Packet\PubAck $packet): int => $packet->packetId, $this->got(Packet\PubAck::class)));
    }

    public function testAHandlerThatClosesAcknowledgesNothing(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? [new Packet\Publish('t', 'first', qos: 1, packetId: 7), new Packet\Publish('t', 'second', qos: 1, packetId: 8)] : null));
        $client->onMessage = function (string $topic, string $content, Client $client): void {
            $this->events[] = $content;
            $client->close();
        };
        $client->subscribe('t');
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame(['first', 'close'], $this->events);
        $this->assertSame([], $this->got(Packet\PubAck::class));
    }

    public function testAQoS2MessageThatComesAgainIsHandledOnce(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => match ($packet::class) {
            Packet\Subscribe::class => [new Packet\Publish('t', 'x', qos: 2, packetId: 7), new Packet\Publish('t', 'x', qos: 2, packetId: 7, dup: true), new Packet\PubRel(7), new Packet\Publish('t', 'new', qos: 2, packetId: 7)],
            default => null,
        }));
        $client->subscribe('t');
        $this->until(fn (): bool => count($this->got(Packet\PubRec::class)) === 3);
        $this->assertSame(['message t x', 'message t new'], $this->events);
        $this->assertCount(1, $this->got(Packet\PubComp::class));
    }

    /**
     * Acknowledgements once carried the properties of what they acknowledged, which a PUBACK may not have: with a content type
     * or a topic alias in a message, a server had to end the connection.
     */
    public function testAcknowledgementsCarryNoPropertiesOfTheMessage(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => match ($packet::class) {
            Packet\Subscribe::class => [
                new Packet\Publish('t', 'a', qos: 1, packetId: 7, properties: ['contentType' => 'text/plain', 'userProperties' => [['k', 'v']]]),
                new Packet\Publish('t', 'b', qos: 2, packetId: 8, properties: ['payloadFormatIndicator' => 1]),
            ],
            Packet\Publish::class => new Packet\PubRec($packet->packetId, properties: ['reasonString' => 'fine']),
            Packet\PubRec::class => new Packet\PubRel($packet->packetId, properties: ['reasonString' => 'fine']),
            default => null,
        }), ['protocol_level' => 5]);
        $properties = [];
        $client->onMessage = function (string $topic, string $content, Client $client, array $received) use (&$properties): void {
            $properties[] = $received;
        };
        $client->subscribe('t');
        $client->publish('t', 'c', ['qos' => 2]);
        $this->until(fn (): bool => $this->got(Packet\PubComp::class) !== [] && $this->got(Packet\PubRel::class) !== [] && $this->got(Packet\PubAck::class) !== []);
        $this->assertSame([['content_type' => 'text/plain', 'k' => 'v'], ['payload_format_indicator' => 1]], $properties);
        foreach ([Packet\PubAck::class, Packet\PubRec::class, Packet\PubRel::class, Packet\PubComp::class] as $class) {
            $this->assertEquals(new Mqtt\Properties(), $this->got($class)[0]->properties, $class);
        }
        $this->assertSame([], $this->ends);
    }

    public function testTopicAliasesOfTheServer(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? [new Packet\Publish('long/topic', '1', properties: ['topicAlias' => 3]), new Packet\Publish('', '2', properties: ['topicAlias' => 3])] : null), ['protocol_level' => 5, 'properties' => ['topic_alias_maximum' => 5]]);
        $client->subscribe('#');
        $this->assertEvents(['message long/topic 1', 'message long/topic 2']);
    }

    /** One message above the limit of the send buffer could once never be sent: error 103, and the connection was closed. */
    public function testAMessageLargerThanTheSendBufferIsSent(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Publish ? new Packet\PubAck($packet->packetId) : null));
        $client->publish('t', str_repeat('x', 9_000_000), ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
        $this->assertSame(9_000_000, strlen($this->got(Packet\Publish::class)[0]->payload));
    }

    public function testAMessageOfSeveralReads(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? [new Packet\Publish('t', str_repeat('x', 3_000_000)), new Packet\Publish('t', 'after')] : null));
        $lengths = [];
        $client->onMessage = function (string $topic, string $content) use (&$lengths): void {
            $lengths[] = strlen($content);
        };
        $client->subscribe('t');
        $this->until(function () use (&$lengths): bool {
            return count($lengths) === 2;
        });
        $this->assertSame([3_000_000, 5], $lengths);
    }

    public function testAPausedConnectionGoesOnWhereItStopped(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe
            ? array_map(fn (int $number) => new Packet\Publish('t', "$number"), range(1, 5)) : null));
        $client->onMessage = function (string $topic, string $content, Client $client): void {
            $this->events[] = $content;
            if ($content === '2') {
                $client->getConnection()->pauseRecv();
                $this->loop->delay(0.01, function () use ($client): void {
                    $this->events[] = 'resume';
                    $client->getConnection()->resumeRecv();
                });
            }
        };
        $client->subscribe('t');
        $this->assertEvents(['1', '2', 'resume', '3', '4', '5']);
    }

    /** @dataProvider malformed */
    public function testWhatIsNoMqttIsAnErrorThenAClose(string $bytes, int $level, string $error, array $options = []): void
    {
        $server = stream_socket_server('tcp://127.0.0.1:0');
        $client = $this->client('mqtt://' . stream_socket_get_name($server, false), ['protocol_level' => $level]);
        foreach ($options as $name => $value) {
            $client->getConnection()->$name = $value;
        }
        $client->connect();
        $socket = stream_socket_accept($server, 20);
        fwrite($socket, ($level === 5 ? "\x20\x03\0\0\0" : "\x20\x02\0\0") . $bytes);
        $this->assertEvents(['connect', "error $error", 'close']);
    }

    public static function malformed(): iterable
    {
        yield 'QoS 3' => ["\x36\x05\0\x01a\0\x01", 4, '129 Malformed Packet'];
        yield 'QoS 3, MQTT 5' => ["\x36\x06\0\x01a\0\x01\0", 5, '129 Malformed Packet'];
        yield 'a length of five bytes' => ["\x30\xFF\xFF\xFF\xFF\x01", 4, '129 Malformed Packet'];
        yield 'above maxPackageSize' => ["\x30\xFF\x7F", 4, '149 Packet too large', ['maxPackageSize' => 1000]];
    }

    public function testOneProcessSpeaksBothVersions(): void
    {
        $address = $this->server(fn (Packet $packet) => $packet instanceof Packet\Subscribe ? [new Packet\Publish('t', 'x')] : null);
        $four = $this->connected($address);
        $five = $this->connected($address, ['protocol_level' => 5]);
        foreach ([$four, $five, $four, $five] as $client) {
            $client->subscribe('t');
        }
        // The bytes of a PUBLISH of MQTT 5 with an empty property list read as another payload in MQTT 3.
        $this->assertEvents(['message t x', 'message t x', 'message t x', 'message t x']);
    }

    public function testAFieldThatCannotBeWrittenIsAnErrorOfTheCall(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Publish ? new Packet\PubAck($packet->packetId) : null), ['protocol_level' => 5]);
        try {
            $client->publish('t', 'x', ['qos' => 1], $this->note('never'), ['topic_alias' => 70_000]);
            $this->fail();
        } catch (TypeError | ValueError) {
        }
        // Nothing was sent, nobody waits, and the connection is there.
        $client->publish('t', 'x', ['qos' => 1], $this->note('publish'));
        $this->assertEvents(['publish']);
        $client->close();
        $this->assertSame(['close'], $this->events);
    }

    /** MQTT-3.3.4-9. Above its receive maximum a server refused messages, or ended the connection. */
    public function testAServerGetsNoMoreMessagesAtATimeThanItTakes(): void
    {
        $waiting = $most = 0;
        $client = $this->connected($this->server(function (Packet $packet, Mqtt\Connection $connection) use (&$waiting, &$most) {
            if ($packet instanceof Packet\Connect) {
                return new Packet\ConnAck(properties: ['receiveMaximum' => 3]);
            }
            if ($packet instanceof Packet\PubRel) {
                $waiting--;
                return new Packet\PubComp($packet->packetId);
            }
            if (!$packet instanceof Packet\Publish || $packet->qos === 0) {
                return null;
            }
            $most = max($most, ++$waiting);
            // Later, so that more could come meanwhile.
            $this->loop->delay(0.005, function () use ($packet, $connection, &$waiting): void {
                $waiting -= $packet->qos === 1 ? 1 : 0;
                $connection->send($packet->qos === 1 ? new Packet\PubAck($packet->packetId) : new Packet\PubRec($packet->packetId));
            });
            return null;
        }), ['protocol_level' => 5]);
        $done = [];
        foreach (range(1, 20) as $number) {
            $client->publish('t', "$number", ['qos' => 1 + $number % 2], function (?Exception $why) use (&$done, $number): void {
                $this->assertNull($why);
                $done[] = $number;
            });
        }
        $client->publish('t', 'at once');
        $this->until(function () use (&$done): bool {
            return count($done) === 20;
        });
        $this->assertSame(3, $most);
        $sent = array_map(fn (Packet\Publish $packet): string => $packet->payload, $this->got(Packet\Publish::class));
        $this->assertSame(['1', '2', '3', 'at once', '4'], array_slice($sent, 0, 5));
        $this->assertSame('20', end($sent));
    }

    public function testWhatIsHeldGoesOutBeforeTheGoodbyeAndFillsTheBufferOtherwise(): void
    {
        $client = $this->connected($this->server(fn (Packet $packet) => $packet instanceof Packet\Connect ? new Packet\ConnAck(properties: ['receiveMaximum' => 1]) : null), ['protocol_level' => 5]);
        foreach (range(1, 5) as $number) {
            $client->publish('t', "$number", ['qos' => 1]);
        }
        $client->disconnect();
        $this->assertSame(['close'], $this->events);
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame(['1', '2', '3', '4', '5'], array_map(fn (Packet\Publish $packet): string => $packet->payload, $this->got(Packet\Publish::class)));
        $this->events = [];
        $client->onReconnect = fn () => $this->events[] = 'reconnect';
        $client->reconnect();
        $this->assertEvents(['reconnect']);
        for ($count = 0; $this->events === [] && $count < 1000; $count++) {
            $client->publish('t', str_repeat('x', 100_000), ['qos' => 1]);
        }
        $this->assertSame(['error 103 Connection buffer full and close connection', 'close'], $this->events);
    }
}
