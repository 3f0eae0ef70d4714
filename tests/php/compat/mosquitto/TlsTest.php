<?php
declare(strict_types=1);

namespace MosquittoTests;

use Broker;
use Mosquitto\Client;

require_once __DIR__ . '/MosquittoCase.php';

/** Against a broker with a certificate that an authority of the test has issued for localhost, and that asks for one. */
final class TlsTest extends MosquittoCase
{
    private static ?Broker $broker = null;
    private static string $directory = '';

    public static function setUpBeforeClass(): void
    {
        parent::setUpBeforeClass();
        self::$directory = sys_get_temp_dir() . '/mosquitto-tls-' . getmypid();
        mkdir(self::$directory . '/authorities', recursive: true);
        $make = static function (string $name, string $subject, string ...$more): void {
            $path = self::$directory . "/$name";
            $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
                '-subj', "/CN=$subject", '-keyout', "$path.key", '-out', "$path.pem", ...$more];
            $null = ['file', '/dev/null', 'w'];
            $process = proc_open($command, [1 => $null, 2 => $null], $pipes);
            if ($process === false || proc_close($process) !== 0) {
                self::markTestSkipped('openssl with -CA is needed to make certificates');
            }
        };
        $make('ca', 'authority');
        $issued = ['-CA', self::$directory . '/ca.pem', '-CAkey', self::$directory . '/ca.key', '-addext', 'basicConstraints=critical,CA:FALSE'];
        $make('server', 'localhost', '-addext', 'subjectAltName=DNS:localhost', ...$issued);
        $make('client', 'somebody', '-addext', 'extendedKeyUsage=clientAuth', ...$issued);
        $make('other', 'another authority');
        copy(self::$directory . '/ca.pem', self::$directory . '/authorities/ca.pem');
        self::$broker = Broker::run('', array_map(
            static fn (string $line): string => str_replace('@', self::$directory, $line),
            ['cafile @/ca.pem', 'certfile @/server.pem', 'keyfile @/server.key', 'require_certificate true'],
        ));
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker = null;
        // Without a folder of its own the patterns would name what lies in the root.
        if (self::$directory === '') {
            return;
        }
        foreach ([...(glob(self::$directory . '/*/*') ?: []), ...(glob(self::$directory . '/*.*') ?: [])] as $file) {
            unlink($file);
        }
        @rmdir(self::$directory . '/authorities');
        @rmdir(self::$directory);
    }

    private function recorder(string $authorities): Recorder
    {
        $recorder = new Recorder('tls', logs: true);
        [$pem, $key] = [self::$directory . '/client.pem', self::$directory . '/client.key'];
        self::assertSame(0, $recorder->client->setTlsCertificates(self::$directory . "/$authorities", $pem, $key));
        return $recorder;
    }

    private function assertWorks(Recorder $recorder, string $host): void
    {
        self::assertSame(0, $recorder->client->connect($host, self::$broker->port));
        $recorder->await('onConnect');
        $recorder->client->subscribe('tls', 1);
        $recorder->await('onSubscribe');
        $payload = random_bytes(300_000);
        $recorder->client->publish('tls', $payload, 1);
        self::assertTrue($recorder->await('onMessage')[0][0][2] === $payload);
        $recorder->client->disconnect();
    }

    public function testAnAuthorityAsFileAndAsDirectory(): void
    {
        $this->assertWorks($this->recorder('ca.pem'), 'localhost');
        $this->assertWorks($this->recorder('authorities'), 'localhost');
    }

    public function testTheVersionMayBeSaid(): void
    {
        foreach (['tlsv1.1', 'tlsv1.2', 'tlsv1.3'] as $version) {
            $recorder = $this->recorder('ca.pem');
            $recorder->client->setTlsOptions(Client::SSL_VERIFY_PEER, $version);
            $this->assertWorks($recorder, 'localhost');
        }
    }

    public function testTheNameIsChecked(): void
    {
        $recorder = $this->recorder('ca.pem');
        self::assertThrows('A TLS error occurred.', fn () => $recorder->client->connect('127.0.0.1', self::$broker->port));
        self::assertMatchesRegularExpression('/^8 Client tls: .*127\.0\.0\.1/', implode("\n", $recorder->lines));
        self::assertSame(-1, $recorder->client->getSocket());
        $recorder->client->setTlsInsecure(true);
        $this->assertWorks($recorder, '127.0.0.1');
    }

    public function testTheAuthorityIsChecked(): void
    {
        $recorder = $this->recorder('other.pem');
        self::assertThrows('A TLS error occurred.', fn () => $recorder->client->connect('localhost', self::$broker->port));
        // That only lets the name go.
        $recorder->client->setTlsInsecure(true);
        self::assertThrows('A TLS error occurred.', fn () => $recorder->client->connect('localhost', self::$broker->port));
        $recorder->client->setTlsOptions(Client::SSL_VERIFY_NONE);
        $this->assertWorks($recorder, 'localhost');
    }

    public function testAServerWithoutTls(): void
    {
        $server = new WireServer();
        $recorder = $this->recorder('ca.pem');
        $server->stopListening();
        self::assertSame(14, $recorder->client->connect('localhost', $server->port));
    }
}
