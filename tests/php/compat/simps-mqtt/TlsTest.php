<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use Broker;
use PHPUnit\Framework\TestCase;
use Simps\MQTT\Client;
use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Exception\ConnectException;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\WebSocketClient;

require_once dirname(__DIR__) . '/autoload.php';

final class TlsTest extends TestCase
{
    /** SWOOLE_SOCK_TCP | SWOOLE_SSL */
    private const SSL = 1 | 512;

    private static ?Broker $broker = null;
    private static int $webSocketPort = 0;
    private static string $directory = '';

    public static function setUpBeforeClass(): void
    {
        self::$directory = sys_get_temp_dir() . '/simps-tls-' . getmypid();
        mkdir(self::$directory);
        [$certificate, $key] = [self::$directory . '/cert.pem', self::$directory . '/key.pem'];
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-subj', '/CN=localhost',
            '-addext', 'subjectAltName=DNS:localhost', '-keyout', $key, '-out', $certificate];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            self::markTestSkipped('there is no openssl');
        }
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        self::$webSocketPort = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        $tls = ["certfile $certificate", "keyfile $key"];
        self::$broker = Broker::run('', [...$tls, 'listener ' . self::$webSocketPort . ' 127.0.0.1', 'protocol websockets', ...$tls]);
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker?->stop();
        self::$broker = null;
        if (self::$directory !== '') {
            array_map('unlink', array_filter([self::$directory . '/cert.pem', self::$directory . '/key.pem'], 'is_file'));
            rmdir(self::$directory);
        }
    }

    private function clients(array $settings): iterable
    {
        $config = new ClientConfig(['clientId' => 'c', 'sockType' => self::SSL, 'swooleConfig' => $settings + ['read_timeout' => 20, 'connect_timeout' => 20]]);
        yield fn () => new Client('127.0.0.1', self::$broker->port, $config, Client::SYNC_CLIENT_TYPE);
        yield fn () => new WebSocketClient('127.0.0.1', self::$webSocketPort, (clone $config)->setSockType(1), '/mqtt', true);
    }

    /** The settings of Swoole. The certificate is for localhost, and the host is an address. */
    public function testSettings(): void
    {
        $authority = ['ssl_cafile' => self::$directory . '/cert.pem'];
        foreach ([['ssl_verify_peer' => false], $authority + ['ssl_host_name' => 'localhost']] as $settings) {
            foreach ($this->clients($settings) as $connect) {
                $client = $connect();
                $this->assertSame(Types::CONNACK, $client->connect()['type']);
                $this->assertSame(['type' => Types::PINGRESP], $client->ping());
                $client->close();
            }
        }
    }

    /** Swoole verifies nothing unless it is told to, so that anybody between could read along. */
    public function testACertificateIsVerified(): void
    {
        foreach ([[], ['ssl_verify_peer' => true], ['ssl_cafile' => self::$directory . '/cert.pem']] as $settings) {
            foreach ($this->clients($settings) as $connect) {
                try {
                    $connect();
                    $this->fail('no exception');
                } catch (ConnectException $e) {
                    $this->assertStringContainsString('certificate', $e->getMessage());
                }
            }
        }
    }
}
