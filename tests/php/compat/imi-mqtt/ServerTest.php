<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet as BinSoulPacket;
use Imi\Server\DataParser\IParser;
use Imi\Server\MQTT\DataParser\MQTTDataParser;
use Imi\Server\MQTT\Exception\InvalidReceiveData;
use Imi\Server\MQTT\Listener\BeforeReceive;
use Imi\Server\MQTT\Message\ReceiveData;
use Imi\Server\MQTT\Runner;
use Imi\Server\MQTT\Server;
use Mqtt\Packet;
use Mqtt\PacketClient;
use Mqtt\ReasonCode;
use Mqtt\Version;

require_once __DIR__ . '/ImiCase.php';
require_once __DIR__ . '/Controllers.php';

/** The server, its controllers and the classes around them, with clients on the same thread. */
final class ServerTest extends ImiCase
{
    private ?Runner $runner = null;
    /** @var list<string> */
    private array $log = [];

    protected function setUp(): void
    {
        parent::setUp();
        HubController::$calls = [];
        HubController::$last = null;
    }

    protected function tearDown(): void
    {
        $this->runner?->stop();
        $this->runner = null;
    }

    /** @param array<string, mixed> $entry */
    private function start(array $entry = [], array $subServers = []): Server
    {
        $entry += ['namespace' => 'ImiApp\MQTTServer', 'type' => 'MQTT', 'host' => '127.0.0.1', 'port' => 0, 'controller' => HubController::class, 'logger' => function (string $level, string $text): void {
            $this->log[] = $text;
        }];
        $this->runner = new Runner(['mainServer' => $entry, 'subServers' => $subServers]);
        $this->runner->listen();
        return $this->runner->getServers()['main'];
    }

    private function peer(Server $server, string $user = 'joe', Version $version = Version::V3_1_1, string $scheme = 'mqtt', array $options = []): PacketClient
    {
        $client = new PacketClient("$scheme://127.0.0.1:{$server->getPort()}", $options);
        $client->connect(self::PATIENCE);
        $client->send(new Packet\Connect("c-$user", username: $user, version: $version));
        return $client;
    }

    private function next(PacketClient $client): Packet
    {
        for ($end = microtime(true) + self::PATIENCE; microtime(true) < $end;) {
            array_map(static fn (Server $server): int => $server->dispatch(), $this->runner->getServers());
            if ($packet = $client->receive(0.005)) {
                return $packet;
            }
        }
        $this->fail('no packet: ' . implode("\n", $this->log));
    }

    private function until(callable $isTrue): void
    {
        for ($end = microtime(true) + self::PATIENCE; !$isTrue();) {
            $this->assertLessThan($end, microtime(true), implode("\n", $this->log));
            $this->runner->run(0.01);
        }
    }

    public function testEveryPacketComesToItsMethodAndWhatItReturnsIsSent(): void
    {
        $server = $this->start();
        $client = $this->peer($server);
        $this->assertEquals(new Packet\ConnAck(), $this->next($client));
        $exchanges = [
            [new Packet\Subscribe(1, [new \Mqtt\Subscription('a/#', 1), new \Mqtt\Subscription('b', 2)]), Packet\SubAck::class],
            [new Packet\Publish('a', 'zero'), Packet\Publish::class],
            [new Packet\Publish('a', 'one', 1, packetId: 2), Packet\Publish::class, Packet\PubAck::class],
            [new Packet\Publish('a', 'two', 2, packetId: 3), Packet\Publish::class, Packet\PubRec::class],
            [new Packet\PubRel(3), Packet\PubComp::class],
            [new Packet\PubAck(4)],
            [new Packet\PubRec(5), Packet\PubRel::class],
            [new Packet\PubComp(5)],
            [new Packet\PingReq(), Packet\PingResp::class],
            [new Packet\Unsubscribe(6, ['a/#', 'b']), Packet\UnsubAck::class],
        ];
        foreach ($exchanges as $exchange) {
            $client->send(array_shift($exchange));
            foreach ($exchange as $class) {
                $this->assertInstanceOf($class, $this->next($client));
            }
        }
        $client->send(new Packet\Disconnect());
        $this->until(fn (): bool => end(HubController::$calls) === 'disconnect');
        $this->assertSame([
            'connect', 'subscribe a/#,b', 'publish a of joe', 'publish a of joe', 'publish a of joe', 'publishRelease', 'publishAck', 'publishReceived', 'publishComplete', 'ping', 'unsubscribe a/#,b', 'disconnect',
        ], HubController::$calls);
        $this->assertSame(1, count(array_unique(array_map('spl_object_id', [$server->getController(), $server->getController()]))));
        $this->until(fn (): bool => $server->getConnections() === []);
        $this->assertSame([], $this->log);
    }

    public function testMessagesToOthers(): void
    {
        $server = $this->start();
        [$joe, $ann] = [$this->peer($server), $this->peer($server, 'ann')];
        $this->next($joe);
        $this->next($ann);
        $joe->send(new Packet\Publish('news', 'hello'));
        $this->assertSame('hello', $this->next($ann)->payload);
        $this->assertSame('hello', $this->next($joe)->payload);
        $ids = \Imi\Server\Server::getConnections();
        $this->assertSame(2, \Imi\Server\Server::getConnectionCount());
        $packet = new BinSoulPacket\PublishRequestPacket();
        $packet->setTopic('direct');
        $this->assertSame(1, \Imi\Server\Server::send($packet, $ids[1]));
        $this->assertSame('direct', $this->next($ann)->topic);
        $this->assertSame(2, \Imi\Server\Server::send($packet, $ids, 'main'));
        $this->assertSame(['direct', 'direct'], [$this->next($ann)->topic, $this->next($joe)->topic]);
        $this->assertSame(1, \Imi\Server\Server::sendRaw("\xD0\x00\xD0\x00", $ids[0]));
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($joe));
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($joe));
        $this->assertSame([0, 0], [\Imi\Server\Server::send($packet, 999), \Imi\Server\Server::send($packet, $ids[0], 'other')]);
        $this->assertTrue(\Imi\Server\Server::exists($ids[0]));
        $this->assertSame(1, \Imi\Server\Server::close($ids[0]));
        $this->assertFalse(\Imi\Server\Server::exists($ids[0]));
        $this->until(fn (): bool => \Imi\Server\Server::getConnectionCount() === 1);
        $this->assertSame('ann', \Imi\ConnectionContext::get('user', null, $ids[1]));
    }

    public function testWhatReceiveDataTells(): void
    {
        $server = $this->start();
        $client = $this->peer($server);
        $this->next($client);
        $client->sendBytes("\x30\x05\x00\x01tpa");
        $this->next($client);
        $data = HubController::$last;
        $this->assertSame("\x30\x05\x00\x01tpa", $data->getData());
        $this->assertInstanceOf(BinSoulPacket\PublishRequestPacket::class, $data->getFormatData());
        $this->assertSame([array_key_first($server->getConnections()), 0], [$data->getClientId(), $data->getReactorId()]);
        $this->assertSame($data->getClientId(), $data->getFd());
        $address = $server->getClientAddress($data->getClientId());
        $this->assertSame($client->localAddress(), (string) $address);
        $this->assertSame('127.0.0.1', $address->getAddress());
    }

    public function testARefusalEndsTheConnection(): void
    {
        $server = $this->start();
        $client = $this->peer($server, 'mallory');
        $this->assertSame(ReasonCode::NotAuthorized, $this->next($client)->reasonCode);
        $this->until(fn (): bool => $server->getConnections() === []);
    }

    public function testClientsOfMqtt5AreToldThatTheVersionIsNotSpoken(): void
    {
        $server = $this->start();
        $client = $this->peer($server, version: Version::V5);
        $this->assertSame(ReasonCode::UnsupportedProtocolVersion, $this->next($client)->reasonCode);
        $this->assertSame([], HubController::$calls);
        $old = $this->peer($server, version: Version::V3_1);
        $this->assertInstanceOf(Packet\ConnAck::class, $this->next($old));
    }

    public function testAnExceptionEndsItsConnectionAndNoOther(): void
    {
        $server = $this->start();
        [$joe, $ann] = [$this->peer($server), $this->peer($server, 'ann')];
        $this->next($joe);
        $this->next($ann);
        $joe->send(new Packet\Publish('fail', ''));
        $this->until(fn (): bool => count($server->getConnections()) === 1);
        $this->assertStringContainsString('no such topic', implode($this->log));
        $ann->send(new Packet\PingReq());
        $this->assertInstanceOf(Packet\PingResp::class, $this->next($ann));
    }

    public function testSeveralServersInOneProcess(): void
    {
        $entry = ['type' => 'MQTTServer', 'host' => '::1', 'port' => 0, 'controller' => TypedController::class];
        $main = $this->start(subServers: ['second' => $entry, 'third' => ['host' => '127.0.0.1'] + $entry]);
        $this->assertSame(['main', 'second', 'third'], array_keys($this->runner->getServers()));
        $second = $this->runner->getServers()['second'];
        $this->assertTrue($second->isSubServer());
        $client = new PacketClient("mqtt://[::1]:{$second->getPort()}");
        $client->connect(self::PATIENCE);
        $client->send(new Packet\Connect('x', version: Version::V3_1_1), new Packet\PingReq());
        // run() serves all of them until it is told to stop.
        pcntl_async_signals(true);
        $answers = [];
        pcntl_signal(SIGALRM, function () use ($client, &$answers): void {
            while ($packet = $client->receive(0.0)) {
                $answers[] = $packet::class;
            }
            count($answers) < 2 ? pcntl_alarm(1) : $this->runner->stop();
        });
        pcntl_alarm(1);
        $this->runner->run(self::PATIENCE);
        pcntl_signal(SIGALRM, SIG_DFL);
        $this->assertSame([Packet\ConnAck::class, Packet\PingResp::class], $answers);
        $this->assertNull($main->getPort());
    }

    public function testTls(): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-imi-' . getmypid();
        @mkdir($directory);
        try {
            $this->certificate($directory);
            $configs = ['ssl_cert_file' => "$directory/cert.pem", 'ssl_key_file' => "$directory/key.pem"];
            $server = $this->start(['configs' => $configs]);
            $this->assertTrue($server->isSSL());
            $client = $this->peer($server, scheme: 'mqtts', options: ['tls' => ['caFile' => "$directory/cert.pem"]]);
            $this->assertInstanceOf(Packet\ConnAck::class, $this->next($client));
            $this->runner->stop();
            // sockType says it where it is there: SWOOLE_SOCK_TCP, and the same with SWOOLE_SSL.
            foreach ([1 => 'mqtt', 513 => 'mqtts'] as $sockType => $scheme) {
                $server = $this->start(['configs' => $configs, 'sockType' => $sockType]);
                $client = $this->peer($server, scheme: $scheme, options: ['tls' => ['caFile' => "$directory/cert.pem"]]);
                $this->assertInstanceOf(Packet\ConnAck::class, $this->next($client));
            }
        } finally {
            array_map('unlink', (array) glob("$directory/*"));
            rmdir($directory);
        }
    }

    /** The client of this package with its server, over TLS: the certificate is for localhost, and the host is an address. */
    public function testTheClientOverTls(): void
    {
        $directory = sys_get_temp_dir() . '/mqtt-imi-' . getmypid();
        @mkdir($directory);
        $this->certificate($directory);
        [$autoload, $controllers] = array_map(static fn (string $file): string => var_export($file, true), [dirname(__DIR__) . '/autoload.php', __DIR__ . '/Controllers.php']);
        $script = new \Script("require $autoload; require $controllers;
            \$runner = new Imi\\Server\\MQTT\\Runner(['mainServer' => ['type' => 'MQTT', 'host' => '::1', 'port' => 0, 'controller' => Mqtt\\Tests\\Compat\\Imi\\HubController::class,
                'configs' => ['ssl_cert_file' => '$directory/cert.pem', 'ssl_key_file' => '$directory/key.pem']]]);
            \$runner->listen(); echo 'port ', \$runner->getServers()['main']->getPort(), \"\\n\"; \$runner->run();");
        try {
            $uri = 'mqtts://[::1]:' . $script->expect('~^port (\d+)$~m', self::PATIENCE);
            foreach ([['sslCafile' => "$directory/cert.pem"], ['sslAllowSelfSigned' => true], ['sslVerifyPeer' => false], ['sslCafile' => "$directory/cert.pem", 'sslHostName' => 'localhost']] as $config) {
                $client = $this->client($uri, ['ssl' => true] + $config);
                $client->connect();
                $client->publish('t', str_repeat('x', 100_000));
                $this->assertSame(100_000, strlen($client->recv()->getPayload()));
                $client->disconnect();
            }
            foreach ([[], ['sslCafile' => "$directory/cert.pem", 'sslHostName' => 'other.example']] as $config) {
                $e = $this->assertThrows(\Imi\MQTT\Client\Exception\ConnectException::class, '~^TCP Connect failed$~', fn () => $this->client($uri, ['ssl' => true] + $config)->connect());
                $this->assertSame('tls', $e->getPrevious()->step);
            }
        } finally {
            $script->signal(SIGKILL);
            array_map('unlink', (array) glob("$directory/*"));
            rmdir($directory);
        }
    }

    private function certificate(string $directory): void
    {
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost,IP:127.0.0.1', '-keyout', "$directory/key.pem", '-out', "$directory/cert.pem"];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            $this->markTestSkipped('there is no openssl');
        }
    }

    public function testWhatAConfigurationMayNotSay(): void
    {
        $entry = ['type' => 'MQTTServer', 'host' => '127.0.0.1', 'port' => 0];
        $this->assertThrows(\RuntimeException::class, '~^MQTT server config "controller" not found$~', fn () => (new Server('main', $entry))->start());
        $this->assertThrows(\InvalidArgumentException::class, '~"WebSocketServer"~', fn () => new Server('main', ['type' => 'WebSocketServer'] + $entry));
        $this->assertThrows(\InvalidArgumentException::class, '~no port~', fn () => new Server('main', ['type' => 'MQTT']));
        $this->assertThrows(\InvalidArgumentException::class, '~neither mainServer nor subServers~', fn () => new Runner([]));
        $this->assertThrows(\ValueError::class, '~tls~', fn () => new Server('main', ['sockType' => 513] + $entry));
    }

    public function testTheParser(): void
    {
        $parser = new MQTTDataParser();
        $this->assertInstanceOf(IParser::class, $parser);
        $this->assertSame("\xD0\x00", $parser->encode(new PingResponsePacket()));
        $packet = $parser->decode("\x40\x02\x00\x07");
        $this->assertInstanceOf(PublishAckPacket::class, $packet);
        $this->assertSame(7, $packet->getIdentifier());
        $subscribe = $parser->decode("\x82\x0A\x00\x01\x00\x01a\x01\x00\x01b\x02");
        $this->assertInstanceOf(SubscribeRequestPacket::class, $subscribe);
        $this->assertSame(['a', 'b'], $subscribe->getFilters());
        $this->assertThrows(InvalidReceiveData::class, '~^Invalid MQTT receive data$~', fn () => $parser->decode(''));
        $this->assertInstanceOf(\InvalidArgumentException::class, new InvalidReceiveData());
    }

    public function testTheTableOfMethods(): void
    {
        $this->assertSame([1 => 'connect', 14 => 'disconnect', 12 => 'ping', 3 => 'publish', 4 => 'publishAck', 5 => 'publishReceived', 6 => 'publishRelease', 7 => 'publishComplete', 8 => 'subscribe', 10 => 'unsubscribe'], BeforeReceive::PACKET_TYPE_MAP);
        $controller = new TypedController();
        $this->assertThrows(\RuntimeException::class, '~^Unsupport MQTT packet type 13$~', fn () => BeforeReceive::dispatch($controller, new ReceiveData(1, 2, "\xD0\x00")));
        $this->assertInstanceOf(PingResponsePacket::class, BeforeReceive::dispatch($controller, new ReceiveData(1, 2, "\xC0\x00")));
        $this->assertNull(BeforeReceive::dispatch($controller, new ReceiveData(1, 2, "\xE0\x00")));
        $this->assertThrows(InvalidReceiveData::class, '~~', fn () => new ReceiveData(1, 2, ''));
    }

    public function testThePackageStandsInForTheOriginal(): void
    {
        $folder = dirname(__DIR__, 4) . '/php/compat/imi-mqtt';
        $manifest = json_decode((string) file_get_contents("$folder/composer.json"), true, flags: JSON_THROW_ON_ERROR);
        $this->assertSame(['imiphp/imi-mqtt' => '^1.0 || ^2.0 || ^3.0'], $manifest['replace']);
        $this->assertArrayHasKey('mqtt/compat-binsoul-net-mqtt', $manifest['require']);
        $script = new \Script('namespace Imi\MQTT\Client { class MQTTClient {} } namespace { require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . '; }');
        [$status, $output] = $script->end(self::PATIENCE);
        $this->assertSame(255, $status);
        $this->assertStringContainsString('The drop-in for imiphp/imi-mqtt was loaded beside the original', $output);
    }
}
