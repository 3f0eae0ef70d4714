<?php
declare(strict_types=1);

use Mqtt\Connection;
use Mqtt\Packet;
use Mqtt\ReasonCode;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;

/**
 * Mqtt\PacketServer with clients of the extension and with sockets, all on one thread.
 */
final class PacketServerTest extends TestCase
{
    private ?Mqtt\PacketServer $server = null;
    /** @var list<array{string, string}> Level and text of each line. */
    private array $log = [];
    /** @var list<string> Why connections ended. */
    private array $ends = [];

    protected function tearDown(): void
    {
        $this->server?->stop(0.1);
        $this->server = null;
    }

    /** @param array<string, mixed> $options */
    private function server(?callable $onPacket = null, array $options = []): Mqtt\PacketServer
    {
        $logger = function (string $level, string $message): void {
            $this->log[] = [$level, $message];
        };
        $this->server = new Mqtt\PacketServer($options + ['listen' => 'mqtt://127.0.0.1:0', 'logger' => $logger]);
        $this->server->onPacket($onPacket);
        $this->server->onDisconnect(function (Connection $connection, string $why): void {
            $this->ends[] = $why;
        });
        $this->server->start();
        return $this->server;
    }

    /** Accepts everybody, and leaves the rest to another callable. */
    private function accepting(?callable $rest = null, array $options = []): Mqtt\PacketServer
    {
        return $this->server(fn (Connection $connection, Packet $packet) => $packet instanceof Packet\Connect
            ? new Packet\ConnAck()
            : ($rest === null ? null : $rest($connection, $packet)), $options);
    }

    private function peer(Version $version = Version::V5, ?Packet\Connect $connect = null): Peer
    {
        $peer = new Peer('tcp://127.0.0.1:' . $this->server->port(), $version);
        $peer->send($connect ?? new Packet\Connect('peer', version: $version));
        $this->assertInstanceOf(Packet\ConnAck::class, $this->next($peer));
        return $peer;
    }

    private function next(Peer $peer): ?Packet
    {
        $this->until(fn (): bool => $peer->isReady());
        return $peer->take();
    }

    private function until(callable $isTrue, float $seconds = 5.0): void
    {
        $end = microtime(true) + $seconds;
        while (!$isTrue()) {
            $this->assertLessThan($end, microtime(true), 'It has not come true: ' . implode("\n", array_column($this->log, 1)));
            $this->server->run(0.005);
        }
    }

    /** Anything but an array was taken for no options. */
    public function testOptionsAreAnArray(): void
    {
        foreach (['mqtt://127.0.0.1:0', 5, null, new stdClass()] as $options) {
            foreach ([fn () => new Mqtt\PacketServer($options), fn () => new Mqtt\PacketClient('mqtt://127.0.0.1:1', $options)] as $call) {
                try {
                    $call();
                    $this->fail('no exception');
                } catch (TypeError $error) {
                    $this->assertStringContainsString('($options) must be of type array, ' . get_debug_type($options) . ' given', $error->getMessage());
                }
            }
        }
    }

    /** @return iterable<string, array{callable(Connection): mixed}> */
    public function goodbyes(): iterable
    {
        yield 'returned' => [fn (Connection $connection) => new Packet\Disconnect()];
        yield 'sent' => [fn (Connection $connection) => $connection->send(new Packet\Disconnect()) ? null : new Packet\PingResp()];
        yield 'closed' => [fn (Connection $connection) => $connection->close(new Packet\Disconnect())];
    }

    /**
     * MQTT 3 has no DISCONNECT from a server; a client of it was sent one.
     *
     * @dataProvider goodbyes
     * @param callable(Connection): mixed $goodbye
     */
    public function testDisconnectOnlyClosesWhereTheVersionHasNone(callable $goodbye): void
    {
        $this->accepting(fn (Connection $connection) => $goodbye($connection));
        foreach ([Version::V3_1, Version::V3_1_1, Version::V5] as $version) {
            $peer = $this->peer($version);
            $peer->send(new Packet\PingReq());
            $last = $this->next($peer);
            $this->assertSame($version === Version::V5 ? Packet\Disconnect::class : null, $last === null ? null : $last::class);
            $this->until(fn (): bool => $this->ends !== []);
            $this->assertSame(['the server closed the connection'], $this->ends);
            $this->ends = [];
        }
    }

    /** stop() waited for its whole time where a client did not close its socket. */
    public function testStopDoesNotWaitForClientsThatStay(): void
    {
        $server = $this->accepting();
        $peer = $this->peer();
        $begin = microtime(true);
        $this->assertTrue($server->stop(5));
        $this->assertLessThan(2, microtime(true) - $begin);
        $this->assertTrue($peer->isReady());
        $this->assertInstanceOf(Packet\Disconnect::class, $peer->take());
    }

    public function testAClientOfTheExtensionTalksToAScript(): void
    {
        $this->accepting(fn (Connection $connection, Packet $packet) => match ($packet::class) {
            Packet\Subscribe::class => (function () use ($packet): Generator {
                yield new Packet\SubAck($packet->packetId, [ReasonCode::GrantedQoS1]);
                yield new Packet\Publish('a', 'first');
                yield new Packet\Publish('a', 'second', qos: 1, packetId: 7);
            })(),
            Packet\Publish::class => [new Packet\PubAck($packet->packetId)],
            Packet\PingReq::class => new Packet\PingResp(),
            default => null,
        });
        $client = new Mqtt\Client($this->server->addresses()[0], ['reconnect' => false]);
        $seen = [];
        $published = null;
        $client->onMessage(function (Mqtt\Message $message) use (&$seen): void {
            $seen[] = $message->payload;
        });
        $client->onPublished(function (int $token, ReasonCode $reason) use (&$published): void {
            $published = $reason;
        });
        $client->connect(wait: false);
        $client->subscribe('a', 1, wait: false);
        $client->publish('b', 'x', 1);
        $this->until(function () use ($client, &$seen, &$published): bool {
            $client->dispatch();
            return count($seen) === 2 && $published !== null;
        });
        $this->assertSame(['first', 'second'], $seen);
        $this->assertSame(ReasonCode::Success, $published);
        $client->disconnect(wait: false);
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertStringContainsString('the client disconnected', $this->ends[0]);
    }

    public function testAConnectionLearnsWhoItIsAndKeepsWhatTheScriptGivesIt(): void
    {
        $known = [];
        $this->accepting(function (Connection $connection, Packet $packet) use (&$known) {
            $known[] = [$connection->version, $connection->clientId, $connection->data];
        });
        $this->server->onConnect(function (Connection $connection) use (&$known): void {
            $known[] = [$connection->version, $connection->clientId, $connection->data];
            $connection->data = ['since' => 1];
        });
        $peer = $this->peer(Version::V3_1_1);
        $this->assertSame([[null, null, null]], $known);
        $peer->send(new Packet\PingReq());
        $this->until(function () use (&$known): bool {
            return count($known) === 2;
        });
        $this->assertSame([Version::V3_1_1, 'peer', ['since' => 1]], $known[1]);
        [$connection] = $this->server->connections();
        $this->assertMatchesRegularExpression('~^127\.0\.0\.1:\d+$~', $connection->remoteAddress);
        $this->assertGreaterThan(0, $connection->id);
        $this->assertTrue($connection->isConnected());
        $this->assertTrue($connection->send(new Packet\PingResp(), new Packet\Publish('t', 'p')));
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($peer));
        $this->assertSame('p', $this->next($peer)->payload);
        $peer->drop();
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame('the client closed the connection without DISCONNECT', $this->ends[0]);
        $this->assertFalse($connection->isConnected());
        $this->assertFalse($connection->send(new Packet\PingResp()));
        $this->assertSame([], $this->server->connections());
    }

    public function testAnAssignedClientIdentifierIsThatOfTheConnection(): void
    {
        $this->server(fn () => new Packet\ConnAck(properties: ['assignedClientIdentifier' => 'made-up']));
        $this->peer(Version::V5, new Packet\Connect(''));
        $this->assertSame('made-up', $this->server->connections()[0]->clientId);
    }

    public function testAnExceptionEndsItsConnectionAndNoOther(): void
    {
        $this->accepting(function (Connection $connection, Packet $packet) {
            return $packet instanceof Packet\PingReq ? new Packet\PingResp() : throw new DomainException('no such topic');
        });
        [$good, $five, $three] = [$this->peer(), $this->peer(), $this->peer(Version::V3_1_1)];
        $five->send(new Packet\Publish('x'));
        $answer = $this->next($five);
        $this->assertInstanceOf(Packet\Disconnect::class, $answer);
        $this->assertSame(ReasonCode::ImplementationSpecificError, $answer->reasonCode);
        $three->send(new Packet\Publish('x'));
        $this->assertNull($this->next($three));
        $this->assertSame(['error', 'error'], array_column($this->log, 0));
        $this->assertStringContainsString('Callback onPacket of connection', $this->log[0][1]);
        $this->assertStringContainsString('DomainException: no such topic', $this->log[0][1]);
        $good->send(new Packet\PingReq());
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($good));
    }

    public function testAnExceptionBeforeConnackRefuses(): void
    {
        $this->server(fn () => throw new DomainException('no'));
        $peer = new Peer('tcp://127.0.0.1:' . $this->server->port());
        $peer->send(new Packet\Connect('c'));
        $this->assertSame(ReasonCode::ImplementationSpecificError, $this->next($peer)->reasonCode);
    }

    public function testWithoutALoggerAnExceptionIsAWarning(): void
    {
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings): bool {
            $warnings[] = $text;
            return true;
        });
        try {
            $this->server(fn () => throw new DomainException('no'), ['logger' => null]);
            $peer = new Peer('tcp://127.0.0.1:' . $this->server->port());
            $peer->send(new Packet\Connect('c'));
            $this->next($peer);
            $this->until(fn (): bool => $warnings !== []);
        } finally {
            restore_error_handler();
        }
        $this->assertStringContainsString('DomainException: no', $warnings[0]);
    }

    /** @dataProvider nonsense */
    public function testWhatMakesNoSenseClosesTheConnection(callable $answer, string $text): void
    {
        $this->accepting(fn () => $answer());
        $peer = $this->peer();
        $peer->send(new Packet\PingReq());
        $this->assertSame(ReasonCode::ImplementationSpecificError, $this->next($peer)->reasonCode);
        $this->assertStringContainsString($text, $this->log[0][1]);
    }

    public static function nonsense(): iterable
    {
        yield 'an int' => [fn () => 7, 'int 7 returned'];
        yield 'a list with a string' => [fn () => [new Packet\PingResp(), 'x'], 'an iterable with string returned'];
        yield 'a packet that cannot be written' => [fn () => new Packet\Publish('a/#'), 'PUBLISH'];
        yield 'a generator that throws' => [fn () => (function () { yield new Packet\PingResp(); throw new LogicException('late'); })(), 'LogicException: late'];
    }

    public function testAClientThatWasRefusedIsNotHeardAnyMore(): void
    {
        $seen = [];
        $this->server(function (Connection $connection, Packet $packet) use (&$seen): Packet {
            $seen[] = $packet::class;
            return new Packet\ConnAck(ReasonCode::NotAuthorized);
        });
        $socket = stream_socket_client('tcp://127.0.0.1:' . $this->server->port());
        fwrite($socket, (new Packet\Connect('c'))->encode() . (new Packet\Publish('secret', 'x'))->encode());
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame([Packet\Connect::class], $seen);
        $this->assertSame("\x20\x03\x00\x87\x00", stream_get_contents($socket));
        $this->assertSame(['the server closed the connection'], $this->ends);
    }

    public function testAMalformedPacketIsAnsweredAndItsClauseIsTold(): void
    {
        $this->accepting();
        $socket = stream_socket_client('tcp://127.0.0.1:' . $this->server->port());
        fwrite($socket, (new Packet\Connect('c'))->encode() . "\x36\x00");
        $this->until(fn (): bool => $this->ends !== []);
        $this->assertSame(['PUBLISH: QoS is 3 [MQTT-3.3.1-4]'], $this->ends);
        $answer = stream_get_contents($socket);
        $this->assertSame("\x20\x03\x00\x00\x00", substr($answer, 0, 5));
        $this->assertSame("\xE0", $answer[5]);
        $this->assertSame("\x81", $answer[7]);
    }

    public function testCloseSaysALastWord(): void
    {
        $this->accepting(fn (Connection $connection) => $connection->close(new Packet\Disconnect(ReasonCode::ServerBusy)));
        $peer = $this->peer();
        $peer->send(new Packet\PingReq());
        $this->assertSame(ReasonCode::ServerBusy, $this->next($peer)->reasonCode);
        $this->assertNull($this->next($peer));
    }

    public function testAPacketThatCannotBeWrittenIsAnErrorWhereItIsSent(): void
    {
        $this->accepting();
        $peer = $this->peer(Version::V3_1_1);
        [$connection] = $this->server->connections();
        try {
            $connection->send(new Packet\PingResp(), new Packet\Auth());
            $this->fail();
        } catch (ValueError $error) {
            $this->assertStringContainsString('AUTH', $error->getMessage());
        }
        $this->assertTrue($connection->isConnected());
    }

    public function testPingsAreAnsweredWithoutTheScriptWhereItWantsSo(): void
    {
        $this->accepting(fn () => $this->fail('a PINGREQ came'), ['autoPing' => true]);
        $peer = $this->peer();
        $peer->send(new Packet\PingReq());
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($peer));
    }

    public function testStopInACallbackTellsClientsAndLeavesRun(): void
    {
        $this->accepting(fn () => $this->server->stop(0.2) ? null : null);
        $peer = $this->peer();
        $peer->send(new Packet\PingReq());
        $this->server->run(5);
        $this->assertFalse($this->server->isRunning());
        $this->assertSame(['the server was stopped'], $this->ends);
        $this->until(fn (): bool => $peer->isReady());
        $this->assertSame(ReasonCode::ServerShuttingDown, $peer->take()->reasonCode);
        $this->assertNull((new ReflectionMethod($this->server, 'port'))->invoke($this->server));
    }

    public function testTheStreamIsReadableWhileThereIsSomethingToDo(): void
    {
        $this->accepting();
        $stream = $this->server->stream();
        $socket = stream_socket_client('tcp://127.0.0.1:' . $this->server->port());
        fwrite($socket, (new Packet\Connect('c'))->encode());
        $read = [$stream];
        $none = [];
        $this->assertSame(1, stream_select($read, $none, $none, 5));
        $count = 0;
        while ($count < 2) {
            $count += $this->server->dispatch();
        }
        $this->assertSame("\x20\x03\x00\x00\x00", fread($socket, 5));
    }

    public function testOptionsAreChecked(): void
    {
        foreach ([['listn' => 'x'], ['listen' => []], ['listen' => 'mqtts://127.0.0.1:0'], ['maximumPacketSize' => 3]] as $options) {
            try {
                new Mqtt\PacketServer($options);
                $this->fail(json_encode($options));
            } catch (ValueError $error) {
                $this->assertStringContainsStringIgnoringCase('option', $error->getMessage());
            }
        }
    }

    public function testTwoOfThemAndAUnixSocket(): void
    {
        $path = sys_get_temp_dir() . '/mqtt-packets-' . getmypid();
        $other = new Mqtt\PacketServer(['listen' => 'mqtt://127.0.0.1:0']);
        $other->start();
        $address = null;
        $this->accepting(function (Connection $connection) use (&$address): Packet {
            $address = $connection->remoteAddress;
            return new Packet\PingResp();
        }, ['listen' => ["unix:$path"]]);
        $peer = new Peer("unix://$path");
        $peer->send(new Packet\Connect('c'));
        $this->next($peer);
        $peer->send(new Packet\PingReq());
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($peer));
        $this->assertNull($address);
        $this->assertTrue($other->stop(0.1));
    }
}
