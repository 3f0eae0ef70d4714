<?php
declare(strict_types=1);

use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Connect;
use Mqtt\ReasonCode;

/** What options and a configuration file come to together, and what options may not say. */
final class ServerConfigTest extends ServerCase
{
    /** @var list<string> */
    private array $files = [];

    protected function tearDown(): void
    {
        parent::tearDown();
        array_map(unlink(...), $this->files);
        $this->files = [];
    }

    private function conf(string $text): string
    {
        $file = $this->files[] = (string) tempnam(sys_get_temp_dir(), 'mosquitto');
        file_put_contents($file, $text);
        return $file;
    }

    private function code(): ReasonCode
    {
        $ack = $this->exchange($this->stranger(), new Connect('a'));
        $this->assertInstanceOf(ConnAck::class, $ack);
        return $ack->reasonCode;
    }

    /** @return iterable<string, array{string, array<string, mixed>, ReasonCode}> */
    public function anonymous(): iterable
    {
        $listener = "listener 0 127.0.0.1\n";
        yield 'the option refuses' => [$listener . 'allow_anonymous true', ['allowAnonymous' => false], ReasonCode::NotAuthorized];
        yield 'the option allows' => [$listener . 'allow_anonymous false', ['allowAnonymous' => true], ReasonCode::Success];
        yield 'the file alone' => [$listener . 'allow_anonymous true', [], ReasonCode::Success];
        yield 'the default of a file' => [$listener, [], ReasonCode::NotAuthorized];
        yield 'the file for another listener' => [$listener . 'allow_anonymous true', ['listen' => 'mqtt://127.0.0.1:0'], ReasonCode::Success];
        yield 'the default of a file for another listener' => [$listener, ['listen' => 'mqtt://127.0.0.1:0'], ReasonCode::NotAuthorized];
    }

    /**
     * Options stand above the file. With allow_anonymous true in the file, allowAnonymous => false let everybody in:
     * the file says it per listener, and the broker asked the listener first.
     *
     * @dataProvider anonymous
     * @param array<string, mixed> $options
     */
    public function testAllowAnonymousStandsAboveTheFile(string $conf, array $options, ReasonCode $expected): void
    {
        $this->server(['config' => $this->conf("$conf\n")] + $options + ['listen' => null]);
        $this->assertSame($expected, $this->code());
    }

    /**
     * limits.maximumConnections was ignored where the file had max_connections, which is per listener too; and a small
     * max_packet_size of the file went on to bound CONNECT when an option had raised it.
     */
    public function testLimitsStandAboveTheFile(): void
    {
        $conf = "listener 0 127.0.0.1\nallow_anonymous true\nmax_connections 1\nmax_packet_size 100\n";
        $this->server(['config' => $this->conf($conf), 'listen' => null, 'limits' => ['maximumConnections' => 2, 'maximumPacketSize' => 5000]]);
        $peers = [$this->peer(new Connect('a'))];
        $peers[] = $this->peer(new Connect(str_repeat('b', 300)));
        $this->assertNull($this->exchange($this->stranger(), new Connect('c')), 'one more than ' . count($peers));
    }

    /** Types were named wrongly, or not at all: null was a file without a name, and the method was missing. */
    public function testTypesAreNamed(): void
    {
        $server = $this->server();
        $cases = [
            'Mqtt\Server::__construct(): Argument #1 ($options) must be of type array|string, null given' => fn () => new Mqtt\Server(null),
            'Mqtt\Server::__construct(): Argument #1 ($options) must be of type array|string, int given' => fn () => new Mqtt\Server(5),
            'Mqtt\Server::onPublish(): Argument #2 ($topics) must be of type array|string, int given' => fn () => $server->onPublish(fn () => null, 5),
            'Mqtt\Server::onDeliver(): Argument #2 ($topics) must contain only strings, array given' => fn () => $server->onDeliver(fn () => null, [[]]),
        ];
        foreach ($cases as $message => $call) {
            try {
                $call();
                $this->fail('no exception');
            } catch (TypeError $error) {
                $this->assertSame($message, $error->getMessage());
            }
        }
        foreach (["a\0b", str_repeat('x', 65_512)] as $prefix) {
            try {
                $this->server(['assignedClientIdPrefix' => $prefix]);
                $this->fail('no exception');
            } catch (ValueError $error) {
                $this->assertStringContainsString('Option "assignedClientIdPrefix" must not contain U+0000', $error->getMessage());
            }
        }
    }

    /** "Another process listens there", where the other one was the next line of the same file. */
    public function testAnAddressThatIsNamedTwiceIsSaid(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        foreach ([
            ['config' => $this->conf("listener $port 127.0.0.1\nlistener $port 127.0.0.1\n"), 'listen' => null],
            ['listen' => ["mqtt://127.0.0.1:$port", "ws://127.0.0.1:$port"]],
            ['listen' => ["mqtt://0.0.0.0:$port", "mqtt://127.0.0.1:$port"]],
            ['listen' => ['mqtt://127.0.0.1:0', 'mqtt://127.0.0.1:0']],
        ] as $at => $options) {
            try {
                $this->server($options)->start();
                $this->assertSame(3, $at, 'two free ports are two addresses');
            } catch (ValueError $error) {
                $this->assertStringContainsString(":$port: give one of them another address or port", $error->getMessage());
            }
        }
    }

    /** @return iterable<string, array{string, string}> */
    public function advice(): iterable
    {
        yield 'use_username_as_clientid' => ['use_username_as_clientid true', 'its own identifier'];
        yield 'http_dir' => ['http_dir /tmp', 'nothing else'];
        yield 'websockets_log_level' => ['websockets_log_level 5', 'nothing else'];
        yield 'mount_point' => ['mount_point x/', 'Topics are as clients name them'];
        yield 'accept_protocol_versions' => ['accept_protocol_versions 3,5', 'always accepted'];
    }

    /**
     * These were told to be about ciphers, or to give the listener an address.
     *
     * @dataProvider advice
     */
    public function testOptionsThatAreMissingSayWhatToDo(string $line, string $words): void
    {
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage($words);
        new Mqtt\Server($this->conf("listener 0 127.0.0.1\n$line\n"));
    }

    /**
     * With a deadline of 0 every question was overdue when it was asked, so every client was refused and nothing said
     * why.
     */
    public function testADeadlineOfNothingIsRefused(): void
    {
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('Option "hookDeadline" must be greater than 0');
        $this->server(['hookDeadline' => 0]);
    }

    /**
     * The subject of a certificate was never read: a hook always saw null, and use_subject_as_username refused every
     * client as having no certificate.
     */
    public function testTheSubjectOfACertificateIsTheUserName(): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-subject-' . getmypid();
        @mkdir($directory);
        $run = function (string ...$arguments) use ($directory): string {
            $process = proc_open(['openssl', ...$arguments], [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes, $directory);
            $output = stream_get_contents($pipes[1]);
            $this->assertSame(0, proc_close($process), implode(' ', $arguments));
            return trim((string) $output);
        };
        $key = ['-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-utf8'];
        $run('req', '-x509', ...$key, ...['-days', '2', '-subj', '/CN=ca', '-keyout', 'ca.key', '-out', 'ca.pem']);
        $subjects = ['localhost' => '/CN=localhost', 'me' => '/C=DE/O=M\u{fc}ller, S\u{f6}hne + Co/OU= #1/UID=7+CN=me/emailAddress=me@example.org'];
        foreach ($subjects as $name => $subject) {
            $run('req', ...$key, ...['-subj', $subject, '-multivalue-rdn', '-keyout', "$name.key", '-out', "$name.csr"]);
            file_put_contents("$directory/extensions", 'subjectAltName=DNS:localhost,IP:127.0.0.1');
            $run('x509', '-req', '-in', "$name.csr", '-CA', 'ca.pem', '-CAkey', 'ca.key', '-CAcreateserial', '-days', '2', '-extfile', 'extensions', '-out', "$name.pem");
        }
        $expected = substr($run('x509', '-in', 'me.pem', '-noout', '-subject', '-nameopt', 'RFC2253'), strlen('subject='));
        $conf = "listener 0 127.0.0.1\ncertfile $directory/localhost.pem\nkeyfile $directory/localhost.key\ncafile $directory/ca.pem\n"
            . "require_certificate true\nuse_subject_as_username true\n";
        $seen = null;
        $this->server(['config' => $this->conf($conf), 'listen' => null])->onConnect(function (Mqtt\Server\ConnectRequest $request) use (&$seen): void {
            $seen = $request;
        });
        $this->connected(['clientId' => 'a', 'tls' => ['caFile' => "$directory/ca.pem", 'certFile' => "$directory/me.pem", 'keyFile' => "$directory/me.key"]]);
        array_map(unlink(...), glob("$directory/*") ?: []);
        rmdir($directory);
        $this->assertSame([$expected, 'me', $expected], [$seen?->certificateSubject, $seen?->certificateCommonName, $seen?->username]);
        $this->assertSame($expected, $this->server->client('a')?->username);
    }
}
