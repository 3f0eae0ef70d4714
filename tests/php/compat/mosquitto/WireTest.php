<?php
declare(strict_types=1);

namespace MosquittoTests;

use Mosquitto\Client;

require_once __DIR__ . '/MosquittoCase.php';

/** The packets themselves, and what becomes of packets that a server should not send. */
final class WireTest extends MosquittoCase
{
    private WireServer $server;
    private Recorder $recorder;

    protected function setUp(): void
    {
        $this->server = new WireServer();
    }

    private function connect(string $id = 'w', bool $cleanSession = true, string $answer = '20 02 00 00', int $keepAlive = 60): string
    {
        $this->recorder ??= new Recorder($id, $cleanSession, true);
        self::assertSame(0, $this->recorder->client->connect('127.0.0.1', $this->server->port, $keepAlive));
        $connect = $this->server->accept();
        if ($answer !== '') {
            $this->server->say($answer);
            $this->recorder->await('onConnect');
        }
        return $connect;
    }

    public function testConnectPacket(): void
    {
        $this->recorder = new Recorder('id', false);
        $this->recorder->client->setCredentials('user', "pass\0");
        $this->recorder->client->setWill('w', "\0\1", 2, true);
        self::assertSame(0, $this->recorder->client->connect('127.0.0.1', $this->server->port, 300));
        $expected = '10' . '22' . '0004' . bin2hex('MQTT') . '04' . 'f4' . '012c' . '0002' . bin2hex('id') . '0001' . bin2hex('w') . '00020001'
            . '0004' . bin2hex('user') . '0005' . bin2hex("pass\0");
        self::assertSame($expected, $this->server->accept());
        // Settings take effect with the next connection.
        $this->recorder->client->clearWill();
        $this->server->say('20020000');
        $this->recorder->await('onConnect');
        $this->recorder->client->connect('127.0.0.1', $this->server->port, 0);
        self::assertSame('101b0004' . bin2hex('MQTT') . '04c0' . '0000' . '0002' . bin2hex('id') . '0004' . bin2hex('user') . '0005' . bin2hex("pass\0"), $this->server->accept());
    }

    public function testNoIdIsAnEmptyOne(): void
    {
        $this->recorder = new Recorder(null);
        $this->recorder->client->connect('127.0.0.1', $this->server->port);
        self::assertSame('100c0004' . bin2hex('MQTT') . '0402003c0000', $this->server->accept());
    }

    public function testTheInterfaceIsWhereItComesFrom(): void
    {
        $listener = stream_socket_server('tcp://127.0.0.1:0');
        $client = new Client('interface');
        self::assertSame(0, $client->connect('127.0.0.1', (int) substr((string) strrchr((string) stream_socket_get_name($listener, false), ':'), 1), 60, '127.0.0.2'));
        stream_socket_accept($listener, 20, $peer);
        self::assertStringStartsWith('127.0.0.2:', (string) $peer);
    }

    public function testPacketsLeaveBeforeConnackHasCome(): void
    {
        $this->connect(answer: '');
        $client = $this->recorder->client;
        self::assertSame([1, 2, 3, 4], [$client->publish('a', 'x'), $client->publish('a', 'y', 1), $client->subscribe('a/+', 2), $client->unsubscribe('a/+')]);
        self::assertSame('3004000161' . '78', $this->server->packet());
        self::assertSame('3206000161' . '0002' . '79', $this->server->packet());
        self::assertSame('82080003' . '0003' . bin2hex('a/+') . '02', $this->server->packet());
        self::assertSame('a2070004' . '0003' . bin2hex('a/+'), $this->server->packet());
        $client->disconnect();
        self::assertSame('e000', $this->server->packet());
        self::assertSame('', $this->server->packet());
    }

    public function testPublishPackets(): void
    {
        $this->connect();
        $client = $this->recorder->client;
        $client->publish('t', null, 0, true);
        self::assertSame('3103000174', $this->server->packet());
        $client->publish('t', "\0\xFF", 2, true);
        self::assertSame('35070001740002' . '00ff', $this->server->packet());
        $this->server->say('50 02 00 02');
        $client->loop();
        self::assertSame('62020002', $this->server->packet());
        self::assertSame([[1]], $this->recorder->of('onPublish'));
        $this->server->say('70 02 00 02');
        self::assertSame([[1], [2]], $this->recorder->await('onPublish', 2));
    }

    public function testAQos1MessageIsAcknowledgedBeforeItIsTold(): void
    {
        $this->connect();
        $acknowledged = null;
        $this->recorder->client->onMessage(function () use (&$acknowledged): void {
            $acknowledged = $this->server->packet();
        });
        $this->recorder->takeLines();
        $this->server->say('33 07 00 01 61 00 05 aa bb');
        $this->recorder->client->loop();
        self::assertSame('40020005', $acknowledged);
        self::assertSame([
            "16 Client w received PUBLISH (d0, q1, r1, m5, 'a', ... (2 bytes))", '16 Client w sending PUBACK (m5, rc0)',
        ], $this->recorder->takeLines());
    }

    public function testAQos2MessageIsToldOnceAndWhenItIsReleased(): void
    {
        $this->connect();
        $this->recorder->takeLines();
        $this->server->say('34 06 00 01 61 00 05 aa');
        $this->recorder->client->loop();
        self::assertSame('50020005', $this->server->packet());
        // Again, as after a loss of PUBREC.
        $this->server->say('3c 06 00 01 61 00 05 aa');
        $this->recorder->client->loop();
        self::assertSame('50020005', $this->server->packet());
        self::assertSame([], $this->recorder->calls);
        $this->server->say('62 02 00 05');
        $this->recorder->client->loop();
        self::assertSame('70020005', $this->server->packet());
        self::assertSame([
            "16 Client w received PUBLISH (d0, q2, r0, m5, 'a', ... (1 bytes))", '16 Client w sending PUBREC (m5, rc0)',
            "16 Client w received PUBLISH (d1, q2, r0, m5, 'a', ... (1 bytes))", '16 Client w sending PUBREC (m5, rc0)',
            '16 Client w received PUBREL (Mid: 5)', '16 Client w sending PUBCOMP (m5)', 'onMessage [[5,"a","\ufffd",2,false]]',
        ], $this->recorder->takeLines());
        // A release of what is not there any more is still answered.
        $this->server->say('62 02 00 05');
        $this->recorder->client->loop();
        self::assertSame('70020005', $this->server->packet());
        self::assertSame([], $this->recorder->of('onMessage'));
    }

    public function testAnUnknownPubrecIsAnsweredAndLogged(): void
    {
        $this->connect();
        $this->recorder->takeLines();
        $this->server->say('50 02 00 09');
        $this->recorder->client->loop();
        self::assertSame('62020009', $this->server->packet());
        self::assertSame([
            '16 Client w received PUBREC (Mid: 9)', '4 Warning: Received PUBREC from w for an unknown packet identifier 9.', '16 Client w sending PUBREL (m9)',
        ], $this->recorder->takeLines());
        $this->server->say('40 02 00 09 70 02 00 09');
        $this->recorder->client->loop();
        self::assertSame(['16 Client w received PUBACK (Mid: 9, RC:0)', '16 Client w received PUBCOMP (Mid: 9, RC:0)'], $this->recorder->takeLines());
    }

    public function testAnswersToSubscriptions(): void
    {
        $this->connect();
        $this->recorder->client->subscribe('a', 1);
        $this->server->say('90 03 00 01 80');
        self::assertSame([[1, 1, 128]], $this->recorder->await('onSubscribe'));
        $this->server->say('b0 02 00 01');
        self::assertSame([[1]], $this->recorder->await('onUnsubscribe'));
    }

    public function testAServersPingIsAnswered(): void
    {
        $this->connect();
        $this->server->say('c0 00');
        $this->recorder->client->loop();
        self::assertSame('d000', $this->server->packet());
    }

    public function testWhatIsUnacknowledgedGoesAgainOnTheNextConnection(): void
    {
        $this->connect(cleanSession: false);
        $client = $this->recorder->client;
        $client->publish('a', 'one', 1);
        $client->publish('a', 'two', 2);
        $client->publish('a', 'released', 2);
        for ($i = 0; $i < 3; $i++) {
            $this->server->packet();
        }
        $this->server->say('50 02 00 03');
        $client->loop();
        self::assertSame('62020003', $this->server->packet());
        $this->server->close();
        self::assertThrows('The connection was lost.', fn () => $client->loopForever());
        $this->connect(answer: '');
        self::assertSame(4, $client->publish('a', 'new', 1));
        self::assertSame('32080001610004' . bin2hex('new'), $this->server->packet());
        $this->server->say('20 02 01 00');
        $client->loop();
        self::assertSame('3a080001610001' . bin2hex('one'), $this->server->packet());
        self::assertSame('3c080001610002' . bin2hex('two'), $this->server->packet());
        self::assertSame('62020003', $this->server->packet());
        $this->recorder->takeLines();
        $this->server->say('40 02 00 04 40 02 00 01 50 02 00 02 70 02 00 03');
        $this->recorder->await('onPublish', 3);
        self::assertSame('62020002', $this->server->packet());
        $this->server->say('70 02 00 02');
        self::assertSame([[4], [1], [3], [2]], $this->recorder->await('onPublish', 4));
    }

    /** The original sends an empty filter, and the server has to close the connection. */
    public function testFiltersThatAreRefused(): void
    {
        $this->connect();
        $client = $this->recorder->client;
        foreach (['', 'a#', 'a/#/b', '+a', '$share/g', '$share//a', str_repeat('a', 65536)] as $filter) {
            self::assertThrows('Invalid function arguments provided.', fn () => $client->subscribe($filter, 0));
            self::assertThrows('Invalid function arguments provided.', fn () => $client->unsubscribe($filter));
        }
        foreach (["a\0b", "\xFF", "\x01"] as $filter) {
            self::assertThrows('Malformed UTF-8', fn () => $client->subscribe($filter, 0));
            self::assertThrows('Malformed UTF-8', fn () => $client->unsubscribe($filter));
        }
        self::assertSame(1, $client->subscribe('$share/g/a', 0));
    }

    public function testAServerThatDoesNotReadHoldsThePublisherUp(): void
    {
        if (!function_exists('pcntl_fork')) {
            self::markTestSkipped('pcntl is needed');
        }
        $this->connect();
        // A second process reads, when it is told to.
        [$here, $there] = stream_socket_pair(STREAM_PF_UNIX, STREAM_SOCK_STREAM, 0);
        $pid = pcntl_fork();
        if ($pid === 0) {
            fread($there, 1);
            while ($this->server->packet() !== '') {
            }
            pcntl_exec('/bin/true');
        }
        fclose($there);
        $payload = str_repeat('x', 1024 * 1024);
        $held = false;
        // Signals run while it is held up: this one lets the server read.
        pcntl_async_signals(true);
        pcntl_signal(SIGALRM, function () use ($here, &$held): void {
            $held = true;
            fwrite($here, 'r');
        });
        pcntl_alarm(3);
        for ($i = 0; $i < 60; $i++) {
            $this->recorder->client->publish('t', $payload);
        }
        pcntl_signal(SIGALRM, SIG_DFL);
        self::assertTrue($held, 'sixty megabytes were taken while nobody read');
        self::assertCount(60, $this->recorder->of('onPublish'));
        $this->recorder->client->disconnect();
        $this->server->close();
        pcntl_waitpid($pid, $status);
    }

    /** In the original a publish that throws is sent all the same when the client connects again. */
    public function testWhatWasRefusedIsNotSentLater(): void
    {
        $this->recorder = new Recorder('w', true, true);
        self::assertThrows('The client is not currently connected.', fn () => $this->recorder->client->publish('a', 'b', 1));
        $this->connect();
        self::assertSame(1, $this->recorder->client->publish('a', 'c', 1));
        self::assertSame('32060001610001' . bin2hex('c'), $this->server->packet());
    }

    public function testAnIdentifierInUseIsNotGivenAgain(): void
    {
        $this->connect();
        $client = $this->recorder->client;
        self::assertSame(1, $client->publish('a', 'stuck', 1));
        $this->server->packet();
        $reader = function (): void {
            // The server has to read, or the client would be held up.
            $this->server->packet();
        };
        for ($mid = 2; $mid <= 65535; $mid++) {
            $client->publish('a', '');
            $reader();
        }
        self::assertSame(2, $client->publish('a', ''));
    }

    /** @return iterable<string, array{string, int, string, list<string>}> */
    public static function refusals(): iterable
    {
        $refused = 'The connection was refused.';
        $protocol = 'A network protocol error occurred when communicating with the broker.';
        $texts = [
            1 => 'unacceptable protocol version', 2 => 'identifier rejected', 3 => 'broker unavailable', 4 => 'bad user name or password', 5 => 'not authorised',
        ];
        foreach ($texts as $code => $text) {
            yield "code $code" => ["20 02 00 0$code", 5, $refused, ["onConnect [$code,\"Connection Refused: $text.\"]"]];
        }
        yield 'code 6' => ['20 02 00 06', 2, $protocol, ['onConnect [6,"Connection Refused: unknown reason."]']];
        yield 'code 255' => ['20 02 00 ff', 2, $protocol, ['onConnect [255,"Connection Refused: unknown reason."]']];
        yield 'long CONNACK' => ['20 03 00 00 00', 2, $protocol, []];
        yield 'another packet first' => ['d0 00', 2, $protocol, []];
        yield 'AUTH' => ['f0 00', 2, $protocol, []];
        yield 'a close' => ['', 7, 'The connection was lost.', []];
    }

    /**
     * @dataProvider refusals
     * @param list<string> $calls
     */
    public function testRefusals(string $answer, int $reason, string $message, array $calls): void
    {
        $this->recorder = new Recorder('w');
        $this->connect(answer: '');
        if ($answer === '') {
            $this->server->close();
        } else {
            $this->server->say($answer);
        }
        self::assertThrows($message, fn () => $this->recorder->client->loopForever());
        self::assertSame([...$calls, "onDisconnect [$reason]"], $this->recorder->lines);
        self::assertSame(-1, $this->recorder->client->getSocket());
        self::assertThrows('The client is not currently connected.', fn () => $this->recorder->client->loop());
    }

    /** @return iterable<string, array{string}> */
    public static function violations(): iterable
    {
        yield 'an empty topic' => ['30 02 00 00'];
        yield 'QoS 3' => ['36 03 00 01 61'];
        yield 'identifier 0' => ['32 06 00 01 61 00 00 78'];
        yield 'DISCONNECT of a server' => ['e0 00'];
        yield 'a second CONNACK' => ['20 02 00 00'];
        yield 'PUBACK without identifier' => ['40 00'];
        yield 'UNSUBACK of identifier 0' => ['b0 02 00 00'];
        yield 'SUBACK without a code' => ['90 02 00 01'];
        yield 'SUBACK with an odd code' => ['90 03 00 01 03'];
        yield 'a length of five bytes' => ['30 ff ff ff ff 01'];
        yield 'SUBSCRIBE' => ['82 06 00 01 00 01 61 00'];
    }

    /** @dataProvider violations */
    public function testViolations(string $packet): void
    {
        $this->connect();
        $this->server->say($packet);
        self::assertThrows('A network protocol error occurred when communicating with the broker.', fn () => $this->recorder->client->loop());
        self::assertSame([[2]], $this->recorder->of('onDisconnect'));
    }

    public function testAPacketThatComesInPieces(): void
    {
        $this->connect();
        foreach (str_split('32 07 00 01 61 00 05 aa bb', 3) as $byte) {
            $this->server->say($byte);
            $this->recorder->client->loop(0);
        }
        $this->recorder->await('onMessage');
        self::assertSame('40020005', $this->server->packet());
    }

    public function testAServerThatNeverReleasesIsCutOff(): void
    {
        $this->connect();
        $client = $this->recorder->client;
        $payload = str_repeat('x', 4 * 1024 * 1024);
        $publish = fn (int $mid): string => (new \Mqtt\Packet\Publish('a', $payload, 2, packetId: $mid))->encode(\Mqtt\Version::V3_1_1);
        $answered = 0;
        try {
            for ($mid = 1; $mid <= 20; $mid++) {
                // The server writes while the client reads: in pieces, as both are one process.
                foreach (str_split($publish($mid), 64 * 1024) as $piece) {
                    $this->server->say(bin2hex($piece));
                    $client->loop(0);
                }
                for ($end = microtime(true) + 20; $this->sent('PUBREC') < $mid && microtime(true) < $end;) {
                    $client->loop(100);
                }
                $answered = $mid;
            }
            self::fail('the server was not cut off');
        } catch (\Mosquitto\Exception $thrown) {
            self::assertSame('Out of memory.', $thrown->getMessage());
        }
        self::assertSame(15, $answered);
        self::assertSame([[1]], $this->recorder->of('onDisconnect'));
    }

    /** How often a packet of this name was sent, as the log says. */
    private function sent(string $packet): int
    {
        return count(preg_grep("/ sending $packet /", $this->recorder->lines));
    }
}
