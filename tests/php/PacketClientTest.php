<?php
declare(strict_types=1);

use Mqtt\Exception\ClosedException;
use Mqtt\Exception\ProtocolException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\Packet;
use Mqtt\PacketClient;
use Mqtt\ReasonCode;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;

/**
 * Mqtt\PacketClient against sockets of PHP's own, against PacketServer, and against brokers.
 */
final class PacketClientTest extends TestCase
{
    private const PATIENCE = 20.0;

    /** @var resource|null */
    private $listener = null;

    /** @param array<string, mixed> $options */
    private function client(array $options = []): PacketClient
    {
        $this->listener = stream_socket_server('tcp://127.0.0.1:0') ?: throw new RuntimeException('no listener');
        return new PacketClient('mqtt://' . stream_socket_get_name($this->listener, false), $options);
    }

    /**
     * @param array<string, mixed> $options
     * @return array{PacketClient, resource} connected, and the server's end
     */
    private function pair(array $options = []): array
    {
        $client = $this->client($options);
        $client->connect(self::PATIENCE);
        $server = stream_socket_accept($this->listener, self::PATIENCE);
        stream_set_timeout($server, (int) self::PATIENCE);
        return [$client, $server];
    }

    public function testWholePacketsGoOutAndComeIn(): void
    {
        [$client, $server] = $this->pair();
        $this->assertTrue($client->isConnected());
        $connect = new Packet\Connect('one', version: Version::V3_1_1);
        $sent = $client->send($connect, new Packet\PingReq());
        $bytes = $connect->encode(Version::V3_1_1) . "\xC0\x00";
        $this->assertSame(strlen($bytes), $sent);
        $this->assertSame($bytes, stream_get_contents($server, $sent));
        fwrite($server, "\x20\x02\x01\x00\x30\x05\x00\x01tpa");
        $this->assertEquals(new Packet\ConnAck(sessionPresent: true), $client->receive(self::PATIENCE));
        $publish = $client->receive(self::PATIENCE);
        $this->assertInstanceOf(Packet\Publish::class, $publish);
        $this->assertSame(['t', 'pa'], [$publish->topic, $publish->payload]);
        $this->assertNull($client->receive(0.0));
        $this->assertSame([$sent, 11], [$client->bytesSent(), $client->bytesReceived()]);
    }

    public function testTheVersionIsThatOfTheConnectThatWasSent(): void
    {
        [$client, $server] = $this->pair();
        // Two packets in one call: the second is encoded as the first says.
        $publish = new Packet\Publish('t', 'p', properties: ['messageExpiryInterval' => 7]);
        $client->send(new Packet\Connect('five'), $publish);
        $bytes = (new Packet\Connect('five'))->encode(Version::V5) . $publish->encode(Version::V5);
        $this->assertSame($bytes, stream_get_contents($server, strlen($bytes)));
        fwrite($server, $publish->encode(Version::V5));
        $this->assertSame(7, $client->receive(self::PATIENCE)->properties->messageExpiryInterval);

        [$client, $server] = $this->pair();
        $client->sendBytes((new Packet\Connect('three', version: Version::V3_1))->encode(Version::V3_1));
        fwrite($server, "\x90\x03\x00\x01\x02");
        $this->assertSame([2], array_map(fn (ReasonCode $r): int => $r->value, $client->receive(self::PATIENCE)->reasonCodes));
    }

    public function testAnOptionSaysTheVersionToo(): void
    {
        [$client, $server] = $this->pair(['version' => 5]);
        $client->send(new Packet\Publish('t', 'p'));
        $bytes = (new Packet\Publish('t', 'p'))->encode(Version::V5);
        $this->assertSame($bytes, stream_get_contents($server, strlen($bytes)));
        [$client, $server] = $this->pair(['version' => Version::V3_1_1]);
        $client->send(new Packet\Publish('t', 'p'));
        $this->assertSame("\x30\x04\x00\x01tp", stream_get_contents($server, 6));
    }

    public function testBytesOfWholePackets(): void
    {
        [$client, $server] = $this->pair();
        $this->assertSame(4, $client->sendBytes("\xC0\x00\xE0\x00"));
        $this->assertSame("\xC0\x00\xE0\x00", stream_get_contents($server, 4));
        $this->assertSame(0, $client->sendBytes(''));
        // A packet in two parts, and a part of the next.
        fwrite($server, "\x30\x05\x00\x01");
        $this->assertNull($client->receiveBytes(0.05));
        fwrite($server, "tpa\xD0");
        $this->assertSame("\x30\x05\x00\x01tpa", $client->receiveBytes(self::PATIENCE));
        $this->assertNull($client->receiveBytes(0.0));
        fwrite($server, "\x00\xD0\x00");
        $this->assertSame("\xD0\x00", $client->receiveBytes(self::PATIENCE));
        $this->assertInstanceOf(Packet\PingResp::class, $client->receive(self::PATIENCE));
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('whole packets');
        $client->sendBytes("\x30\x05\x00\x01");
    }

    public function testALargePacketBothWays(): void
    {
        [$client, $server] = $this->pair();
        $payload = random_bytes(3_000_000);
        stream_set_blocking($server, false);
        // The other end reads while send() waits for room: a signal handler is a thread of poor people.
        $received = '';
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, function () use ($server, &$received): void {
            $received .= stream_get_contents($server);
            pcntl_alarm(1);
        });
        posix_kill(posix_getpid(), SIGALRM);
        $sent = $client->send(new Packet\Publish('t', $payload));
        pcntl_alarm(0);
        pcntl_signal(SIGALRM, SIG_DFL);
        pcntl_async_signals(false);
        stream_set_blocking($server, true);
        $received .= stream_get_contents($server, $sent - strlen($received));
        $this->assertSame((new Packet\Publish('t', $payload))->encode(Version::V3_1_1), $received);

        stream_set_blocking($server, false);
        for ($at = 0, $packet = null; $packet === null;) {
            $at += $at < $sent ? (int) fwrite($server, substr($received, $at, 1 << 16)) : 0;
            $packet = $client->receive(0.0);
        }
        $this->assertSame($payload, $packet->payload);
    }

    public function testAServerThatClosesIsToldAfterItsLastPacket(): void
    {
        [$client, $server] = $this->pair();
        fwrite($server, "\xD0\x00");
        fclose($server);
        $this->assertInstanceOf(Packet\PingResp::class, $client->receive(self::PATIENCE));
        try {
            $client->receive(self::PATIENCE);
            $this->fail('no exception');
        } catch (ClosedException $e) {
            $this->assertStringContainsString('127.0.0.1', $e->getMessage());
        }
        $this->assertFalse($client->isConnected());
        // The descriptor stays, so that an event loop can let go of it.
        $this->assertIsResource($client->stream());
        try {
            $client->send(new Packet\PingReq());
            $this->fail('no exception');
        } catch (ClosedException $e) {
            $this->assertStringContainsString('connect()', $e->getMessage());
        }
        $client->connect(self::PATIENCE);
        $this->assertTrue($client->isConnected());
    }

    public function testAnEndInsideAPacketIsSaid(): void
    {
        [$client, $server] = $this->pair();
        fwrite($server, "\x30\x05\x00");
        fclose($server);
        $this->expectException(ClosedException::class);
        $this->expectExceptionMessage('in the middle of a packet');
        $client->receive(self::PATIENCE);
    }

    /** @return iterable<string, array{string, array<string, mixed>, string}> */
    public function noPackets(): iterable
    {
        yield 'HTTP' => ["HTTP/1.1 400 Bad Request\r\n\r\n", [], 'flags'];
        yield 'a length of five bytes' => ["\x30\xFF\xFF\xFF\xFF\x7F", [], 'length'];
        yield 'too large' => ["\x30\x80\x01", ['maximumPacketSize' => 100], '100'];
        yield 'a malformed body' => ["\x20\x01\x00", [], ''];
    }

    /** @dataProvider noPackets */
    public function testWhatIsNoPacketEndsTheConnection(string $bytes, array $options, string $text): void
    {
        [$client, $server] = $this->pair($options);
        fwrite($server, $bytes);
        try {
            $client->receive(self::PATIENCE);
            $this->fail('no exception');
        } catch (ProtocolException $e) {
            $this->assertNotNull($e->clause);
        }
        $this->assertFalse($client->isConnected());
        $this->assertSame('', stream_get_contents($server), 'no packet goes out by itself');
        $this->expectException(ClosedException::class);
        $client->receive(0.0);
    }

    public function testWhatCannotBeReachedSaysWhichStepFailed(): void
    {
        $free = stream_socket_server('tcp://127.0.0.1:0');
        $address = stream_socket_get_name($free, false);
        fclose($free);
        $failures = [
            [new PacketClient("mqtt://$address"), 'connect', SOCKET_ECONNREFUSED],
            [new PacketClient('mqtt://no-such-host.invalid'), 'resolve', 0],
            [new PacketClient('unix:///no/such/socket'), 'connect', SOCKET_ENOENT],
            [new PacketClient('mqtts://127.0.0.1:1', ['tls' => ['caFile' => '/no/such/file.pem']]), 'tls', 0],
            [new PacketClient("mqtt://$address", ['bindAddress' => '192.0.2.1']), 'connect', SOCKET_EADDRNOTAVAIL],
        ];
        foreach ($failures as [$client, $step, $code]) {
            try {
                $client->connect(self::PATIENCE);
                $this->fail("$step: no exception");
            } catch (TransportException $e) {
                $this->assertSame([$step, $code], [$e->step, $e->getCode()], $e->getMessage());
            }
            $this->assertFalse($client->isConnected());
        }
    }

    public function testTheTimeForConnectingIsKept(): void
    {
        // It takes the connection and says nothing of TLS.
        $this->listener = stream_socket_server('tcp://127.0.0.1:0');
        $client = new PacketClient('mqtts://' . stream_socket_get_name($this->listener, false), ['connectTimeout' => 0.1]);
        foreach ([null, 0.05] as $timeout) {
            try {
                $client->connect($timeout);
                $this->fail('no exception');
            } catch (TransportException $e) {
                $this->assertSame(['timeout', SOCKET_ETIMEDOUT], [$e->step, $e->getCode()]);
                $this->assertStringContainsString('TLS', $e->getMessage());
            }
        }
    }

    public function testALocalAddress(): void
    {
        [$client] = $this->pair(['bindAddress' => '127.0.0.3']);
        $this->assertMatchesRegularExpression('~^127\.0\.0\.3:\d+$~', $client->localAddress());
        $this->assertSame(stream_socket_get_name($this->listener, false), $client->remoteAddress());
        $probe = stream_socket_server('tcp://127.0.0.3:0');
        $address = stream_socket_get_name($probe, false);
        fclose($probe);
        [$client, $server] = $this->pair(['bindAddress' => $address]);
        $this->assertSame($address, $client->localAddress());
        $this->assertSame($address, stream_socket_get_name($server, true));
        $client->close();
        $this->assertNull($client->localAddress());
        $this->assertNull($client->remoteAddress());
        $client = $this->client(['bindAddress' => '::1']);
        $this->expectException(TransportException::class);
        $this->expectExceptionMessage('families');
        $client->connect(self::PATIENCE);
    }

    public function testThePingsOfTheBackgroundThread(): void
    {
        [$client, $server] = $this->pair(['keepAlive' => 0.05]);
        $connect = new Packet\Connect('quiet', version: Version::V3_1_1);
        $length = $client->send($connect);
        // Nothing of PHP but a read of the other end.
        $this->assertSame($connect->encode(Version::V3_1_1) . str_repeat("\xC0\x00", 3), stream_get_contents($server, $length + 6));
        fwrite($server, "\xD0\x00");
        $this->assertInstanceOf(Packet\PingResp::class, $client->receive(self::PATIENCE));
        $this->assertGreaterThanOrEqual($length + 6, $client->bytesSent());
        // After DISCONNECT there are none.
        $client->send(new Packet\Disconnect());
        $client->close();
        $this->assertMatchesRegularExpression('~^(\xC0\x00)*\xE0\x00$~', stream_get_contents($server));
    }

    public function testNoPingBeforeConnectAndWithoutTheOption(): void
    {
        [$client, $server] = $this->pair(['keepAlive' => 0.02]);
        $this->assertNull($client->receive(0.2));
        stream_set_blocking($server, false);
        $this->assertSame('', (string) fread($server, 100));
        [$client, $server] = $this->pair();
        $length = $client->send(new Packet\Connect('quiet'));
        $this->assertNull($client->receive(0.1));
        stream_set_blocking($server, false);
        $this->assertSame($length, strlen((string) fread($server, 100)));
    }

    public function testAnEventLoopWaitsForTheSocket(): void
    {
        [$client, $server] = $this->pair();
        $this->assertNull($client->receive(0.0));
        $stream = $client->stream();
        $this->assertSame($stream, $client->stream());
        $this->assertGreaterThan(2, $client->fd());
        [$read, $none] = [[$stream], null];
        $this->assertSame(0, stream_select($read, $none, $none, 0, 0));
        fwrite($server, "\xD0\x00\xD0\x00");
        $read = [$stream];
        $this->assertSame(1, stream_select($read, $none, $none, (int) self::PATIENCE));
        for ($count = 0; $client->receive(0.0) !== null; $count++) {
        }
        $this->assertSame(2, $count);
        $read = [$stream];
        $this->assertSame(0, stream_select($read, $none, $none, 0, 0));
        fclose($server);
        $read = [$stream];
        $this->assertSame(1, stream_select($read, $none, $none, (int) self::PATIENCE));
        $client->close();
        $this->expectException(ClosedException::class);
        $client->stream();
    }

    public function testASignalHandlerRunsWhileACallWaitsAndMayEndIt(): void
    {
        [$client, $server] = $this->pair();
        pcntl_async_signals(false);
        pcntl_signal(SIGALRM, function () use ($server): void {
            fwrite($server, "\xD0\x00");
        });
        pcntl_alarm(1);
        $this->assertInstanceOf(Packet\PingResp::class, $client->receive(self::PATIENCE));
        pcntl_signal(SIGALRM, fn () => throw new DomainException('enough'));
        pcntl_alarm(1);
        try {
            $client->receive();
            $this->fail('no exception');
        } catch (DomainException $e) {
            $this->assertSame('enough', $e->getMessage());
        }
        $this->assertTrue($client->isConnected());
        pcntl_signal(SIGALRM, fn () => $client->close());
        pcntl_alarm(1);
        $this->expectException(ClosedException::class);
        try {
            $client->receive();
        } finally {
            pcntl_signal(SIGALRM, SIG_DFL);
        }
    }

    public function testWhatAnInterruptedCallLeftGoesBeforeTheNext(): void
    {
        [$client, $server] = $this->pair();
        pcntl_async_signals(false);
        pcntl_signal(SIGALRM, fn () => throw new DomainException('enough'));
        $large = new Packet\Publish('t', str_repeat('x', 8_000_000));
        pcntl_alarm(1);
        try {
            $client->send($large);
            $this->fail('no exception');
        } catch (DomainException) {
        }
        pcntl_signal(SIGALRM, SIG_DFL);
        $this->assertTrue($client->isConnected());
        $expected = $large->encode(Version::V3_1_1) . "\xC0\x00";
        // The other end reads in a process of its own, so that the next call gets through.
        if (($pid = pcntl_fork()) === 0) {
            $all = stream_get_contents($server, strlen($expected));
            posix_kill(posix_getpid(), $all === $expected ? SIGTERM : SIGKILL);
        }
        $this->assertSame(2, $client->send(new Packet\PingReq()));
        pcntl_waitpid($pid, $status);
        $this->assertSame(SIGTERM, pcntl_wtermsig($status));
    }

    public function testAServerThatTakesNothingEndsAWriteInTime(): void
    {
        [$client, $server] = $this->pair(['writeTimeout' => 0.1]);
        try {
            $client->send(new Packet\Publish('t', str_repeat('x', 8_000_000)));
            $this->fail('no exception');
        } catch (TimeoutException $e) {
            $this->assertStringContainsString('0.1 s', $e->getMessage());
        }
        $this->assertFalse($client->isConnected());
        $this->assertIsResource($server);
    }

    /** @return iterable<string, array{string, array<string, mixed>, string}> */
    public function refusals(): iterable
    {
        yield 'no URI' => ['', [], '#1 ($uri)'];
        yield 'scheme' => ['http://x', [], 'http'];
        yield 'user' => ['mqtt://joe:secret@x', [], 'CONNECT'];
        yield 'unknown' => ['mqtt://x', ['clientId' => 'c'], '"clientId"'];
        yield 'version' => ['mqtt://x', ['version' => 6], '"version"'];
        yield 'size' => ['mqtt://x', ['maximumPacketSize' => 1], '"maximumPacketSize"'];
        yield 'time' => ['mqtt://x', ['connectTimeout' => -1], '"connectTimeout"'];
        yield 'address' => ['mqtt://x', ['bindAddress' => 'localhost'], '"bindAddress"'];
        yield 'tls' => ['mqtt://x', ['tls' => ['ca' => 'x']], 'caFile'];
        yield 'tls version' => ['mqtt://x', ['tls' => ['minVersion' => '1.1']], '1.2 or 1.3'];
    }

    /** @dataProvider refusals */
    public function testWhatCannotBeIsRefusedByTheConstructor(string $uri, array $options, string $text): void
    {
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage($text);
        new PacketClient($uri, $options);
    }

    public function testAPacketThatCannotBeWrittenSendsNone(): void
    {
        [$client, $server] = $this->pair();
        try {
            $client->send(new Packet\PingReq(), new Packet\Publish(str_repeat('t', 70_000), ''));
            $this->fail('no exception');
        } catch (ValueError $e) {
            $this->assertStringContainsString('65535', $e->getMessage());
        }
        $this->assertSame(0, $client->bytesSent());
        $client->send(new Packet\PingReq());
        $this->assertSame("\xC0\x00", stream_get_contents($server, 2));
    }

    public function testItIsClosedWhenItsObjectGoes(): void
    {
        [$client, $server] = $this->pair();
        $client->send(new Packet\Disconnect());
        unset($client);
        $this->assertSame("\xE0\x00", stream_get_contents($server));
    }

    /** @return iterable<string, array{string}> */
    public function schemes(): iterable
    {
        foreach (['mqtt', 'mqtts', 'ws', 'wss', 'unix'] as $scheme) {
            yield $scheme => [$scheme];
        }
    }

    /** @dataProvider schemes */
    public function testEveryTransport(string $scheme): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-packet-client-' . getmypid();
        @mkdir($directory);
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', "$directory/key.pem", '-out', "$directory/cert.pem"];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            $this->markTestSkipped('there is no openssl');
        }
        $listen = ['mqtt' => 'mqtt://127.0.0.1:0', 'mqtts' => 'mqtts://127.0.0.1:0', 'ws' => 'ws://127.0.0.1:0/mqtt', 'wss' => 'wss://127.0.0.1:0/mqtt', 'unix' => "unix:$directory/socket"][$scheme];
        $server = new Mqtt\PacketServer(['listen' => $listen, 'tls' => ['certFile' => "$directory/cert.pem", 'keyFile' => "$directory/key.pem"]]);
        $server->onPacket(fn ($connection, Packet $packet) => match ($packet::class) {
            Packet\Connect::class => new Packet\ConnAck(),
            Packet\Publish::class => [$packet, $packet, $packet],
            default => null,
        });
        $server->start();
        try {
            $client = new PacketClient(str_replace('127.0.0.1', 'localhost', $server->addresses()[0]), ['tls' => ['caFile' => "$directory/cert.pem"], 'headers' => ['X-Test' => 'yes']]);
            $client->connect(self::PATIENCE);
            $client->send(new Packet\Connect('c'));
            $next = function () use ($client, $server): Packet {
                for ($end = microtime(true) + self::PATIENCE; microtime(true) < $end;) {
                    $server->run(0.005);
                    if ($packet = $client->receive(0.0)) {
                        return $packet;
                    }
                }
                $this->fail('no packet');
            };
            $this->assertInstanceOf(Packet\ConnAck::class, $next());
            $payload = random_bytes(100_000);
            $client->send(new Packet\Publish('t', $payload));
            foreach ([1, 2, 3] as $_) {
                $this->assertSame($payload, $next()->payload);
            }
            // A frame of WebSocket or a record of TLS that holds several packets gives them one by one.
            $client->send(new Packet\Publish('t', 'small'));
            foreach ([1, 2, 3] as $_) {
                $this->assertSame('small', $next()->payload);
            }
            $this->assertNull($client->receive(0.0));
            $client->close();
        } finally {
            $server->stop(0.1);
            array_map('unlink', array_filter(["$directory/key.pem", "$directory/cert.pem", "$directory/socket"], 'file_exists'));
            @rmdir($directory);
        }
    }

    public function testARealBroker(): void
    {
        $broker = Broker::run();
        $client = new PacketClient($broker->uri());
        $client->connect(self::PATIENCE);
        $client->send(new Packet\Connect('', version: Version::V3_1_1), new Packet\Subscribe(1, [new Mqtt\Subscription('t', 1)]), new Packet\Publish('t', 'p', 1, packetId: 9));
        $seen = [];
        for ($end = microtime(true) + self::PATIENCE; count($seen) < 4 && microtime(true) < $end;) {
            if ($packet = $client->receive(1.0)) {
                $seen[] = $packet::class;
            }
        }
        sort($seen);
        $this->assertSame([Packet\ConnAck::class, Packet\PubAck::class, Packet\Publish::class, Packet\SubAck::class], $seen);
        $client->send(new Packet\Disconnect());
        $client->close();
    }
}
