<?php
declare(strict_types=1);

use Mqtt\Client;
use Mqtt\Packet\Connect;
use PHPUnit\Framework\TestCase;

/** Each key of the option tls, against PHP's own TLS server. */
final class ClientTlsTest extends TestCase
{
    private static string $folder = '';

    public static function setUpBeforeClass(): void
    {
        if (!extension_loaded('openssl')) {
            self::markTestSkipped('the extension openssl makes the certificates');
        }
        self::$folder = sys_get_temp_dir() . '/mqtt-tls-' . getmypid();
        mkdir(self::$folder);
        mkdir(self::$folder . '/ca');
        $config = self::$folder . '/openssl.cnf';
        file_put_contents($config, "[req]\ndistinguished_name=dn\n[dn]\n[ca]\nbasicConstraints=critical,CA:true\nkeyUsage=keyCertSign\n[leaf]\nbasicConstraints=CA:false\nsubjectAltName=DNS:broker.test,IP:127.0.0.1\n[other]\nbasicConstraints=CA:false\nsubjectAltName=DNS:broker.test\n");
        $make = function (string $name, string $section, ?array $issuer) use ($config): array {
            $options = ['config' => $config, 'x509_extensions' => $section, 'digest_alg' => 'sha256', 'private_key_bits' => 2048, 'private_key_type' => OPENSSL_KEYTYPE_EC, 'curve_name' => 'prime256v1'];
            $key = openssl_pkey_new($options);
            $request = openssl_csr_new(['commonName' => $name], $key, $options);
            $certificate = openssl_csr_sign($request, $issuer[0] ?? null, $issuer[1] ?? $key, 30, $options, random_int(1, PHP_INT_MAX));
            openssl_x509_export($certificate, $pem);
            openssl_pkey_export($key, $keyPem, null, $options);
            file_put_contents(self::$folder . "/$name.pem", $pem);
            file_put_contents(self::$folder . "/$name.key", $keyPem);
            return [$certificate, $key];
        };
        $ca = $make('ca', 'ca', null);
        copy(self::$folder . '/ca.pem', self::$folder . '/ca/mine.pem');
        $make('server', 'leaf', $ca);
        $make('other', 'other', $ca);
        $make('me', 'leaf', $ca);
        $make('self', 'leaf', null);
    }

    public static function tearDownAfterClass(): void
    {
        if (self::$folder === '') {
            return;
        }
        array_map('unlink', [...(glob(self::$folder . '/*.*') ?: []), ...(glob(self::$folder . '/ca/*') ?: [])]);
        rmdir(self::$folder . '/ca');
        rmdir(self::$folder);
    }

    private static function file(string $name): string
    {
        return self::$folder . "/$name";
    }

    /**
     * Connects with these options, and gives the error, or null where CONNECT has arrived.
     *
     * @param array<string, mixed> $tls
     * @param array<string, mixed> $ssl of the server
     */
    private function attempt(array $tls, string $certificate = 'server', array $ssl = [], ?Listener &$server = null): ?string
    {
        $server = new Listener($ssl + ['local_cert' => self::file("$certificate.pem"), 'local_pk' => self::file("$certificate.key")]);
        $client = new Client($server->uri('mqtts'), ['tls' => $tls, 'reconnect' => false, 'linger' => 0.0, 'connectTimeout' => 20.0]);
        $why = null;
        $client->onDisconnect(function (Throwable $e) use (&$why) { $why = $e; });
        $client->connect(wait: false);
        if ($server->accept()) {
            try {
                $server->expect(Connect::class);
                return null;
            } catch (RuntimeException) {
                // With TLS 1.3 a client refuses after the server is done.
            }
        }
        for ($end = hrtime(true) + 20_000_000_000; $why === null && hrtime(true) < $end;) {
            $client->loop(0.1);
        }
        self::assertInstanceOf(Mqtt\Exception\TransportException::class, $why);
        return $why->getMessage();
    }

    public function testWhomToTrust(): void
    {
        $ca = ['caFile' => self::file('ca.pem')];
        self::assertNull($this->attempt($ca));
        self::assertNull($this->attempt(['caPath' => self::file('ca')]));
        self::assertStringContainsString('127.0.0.1', (string) $this->attempt([]), 'the certificates of the system do not know it');
        self::assertNull($this->attempt(['verifyPeer' => false]));
        // A name that is not in the certificate.
        self::assertNotNull($this->attempt($ca, 'other'));
        self::assertNull($this->attempt($ca + ['peerName' => 'broker.test'], 'other'));
        self::assertNull($this->attempt($ca + ['verifyPeerName' => false], 'other'));
        self::assertNotNull($this->attempt($ca + ['peerName' => 'elsewhere.test']));
        // One that signs itself.
        self::assertNotNull($this->attempt([], 'self'));
        self::assertNull($this->attempt(['allowSelfSigned' => true], 'self'));
        // One certificate and nothing else.
        $fingerprint = openssl_x509_fingerprint((string) file_get_contents(self::file('server.pem')), 'sha256');
        self::assertNull($this->attempt($ca + ['pinnedSha256' => $fingerprint]));
        self::assertNotNull($this->attempt($ca + ['pinnedSha256' => str_repeat('ab', 32)]));
    }

    public function testWhoIAm(): void
    {
        $tls = ['caFile' => self::file('ca.pem'), 'certFile' => self::file('me.pem'), 'keyFile' => self::file('me.key')];
        self::assertNull($this->attempt($tls, ssl: ['verify_peer' => true, 'verify_peer_name' => false, 'cafile' => self::file('ca.pem'), 'capture_peer_cert' => true], server: $server));
        $certificate = stream_context_get_options($server->connection)['ssl']['peer_certificate'];
        self::assertSame('me', openssl_x509_parse($certificate)['subject']['CN']);
    }

    /** Keys are often kept encrypted; each of these is what some version of openssl writes. */
    public function testAnEncryptedKeyNeedsItsPassphrase(): void
    {
        $ssl = ['verify_peer' => true, 'verify_peer_name' => false, 'cafile' => self::file('ca.pem'), 'capture_peer_cert' => true];
        foreach (['aes-256-cbc' => [], 'aes-128-cbc' => ['-v2prf', 'hmacWithSHA1'], 'des3' => ['-v2prf', 'hmacWithSHA1']] as $cipher => $more) {
            $file = self::file("me-$cipher.key");
            $command = ['openssl', 'pkcs8', '-topk8', '-v2', $cipher, ...$more, '-in', self::file('me.key'), '-out', $file, '-passout', 'pass:secret'];
            $null = ['file', '/dev/null', 'w'];
            $process = proc_open($command, [1 => $null, 2 => $null], $pipes);
            self::assertSame(0, $process === false ? -1 : proc_close($process), "openssl pkcs8 -v2 $cipher");
            $tls = ['caFile' => self::file('ca.pem'), 'certFile' => self::file('me.pem'), 'keyFile' => $file];
            self::assertNull($this->attempt($tls + ['keyPassphrase' => 'secret'], ssl: $ssl, server: $server), $cipher);
            $certificate = stream_context_get_options($server->connection)['ssl']['peer_certificate'];
            self::assertSame('me', openssl_x509_parse($certificate)['subject']['CN']);
            foreach ([[[], 'is encrypted: give its passphrase'], [['keyPassphrase' => 'wrong'], 'the passphrase is wrong']] as [$with, $words]) {
                try {
                    (new Client('mqtts://127.0.0.1:1', ['tls' => $tls + $with, 'reconnect' => false]))->connect();
                    self::fail('an encrypted key was read');
                } catch (ValueError | Mqtt\Exception\TransportException $e) {
                    self::assertStringContainsString($words, $e->getMessage());
                    self::assertStringContainsString("me-$cipher.key", $e->getMessage());
                }
            }
        }
    }

    public function testProtocols(): void
    {
        $ca = ['caFile' => self::file('ca.pem')];
        self::assertNull($this->attempt($ca + ['alpn' => ['mqtt']], ssl: ['alpn_protocols' => 'x,mqtt'], server: $server));
        self::assertSame('mqtt', stream_get_meta_data($server->connection)['crypto']['alpn_protocol'] ?? null);
        $old = ['crypto_method' => STREAM_CRYPTO_METHOD_TLSv1_2_SERVER];
        self::assertNull($this->attempt($ca + ['minVersion' => '1.2'], ssl: $old));
        self::assertNotNull($this->attempt($ca + ['minVersion' => '1.3'], ssl: $old));
        self::assertNull($this->attempt($ca + ['minVersion' => '1.3']));
    }
}
