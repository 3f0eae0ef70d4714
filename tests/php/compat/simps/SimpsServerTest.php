<?php
declare(strict_types=1);

require_once __DIR__ . '/SimpsCase.php';

use Mqtt\Packet;
use Mqtt\Version;

/** What handlers of a server get, and what they may ask it. */
final class SimpsServerTest extends SimpsCase
{
    private const HANDLER = '
        class Handler implements Simps\Server\Protocol\MqttInterface
        {
            public static int $pings = 0;
            public function onMqConnect($server, int $fd, $fromId, $data) { echo "connect ", json_encode($data), "\n"; $server->send($fd, Simps\Server\Protocol\MQTT::getAck(["cmd" => 2, "code" => 0])); }
            public function onMqPublish($server, int $fd, $fromId, $data) { BODY }
            public function onMqSubscribe($server, int $fd, $fromId, $data) { throw new DomainException("not here"); }
            public function onMqUnsubscribe($server, int $fd, $fromId, $data) {}
            public function onMqPingreq($server, int $fd, $fromId, $data): bool { echo "ping\n"; return ++self::$pings > 1; }
            public function onMqDisconnect($server, int $fd, $fromId, $data): bool { echo "disconnect\n"; return true; }
            public static function onClose($server, $fd, $reactor) { echo "close $fd $reactor\n"; }
            public function onOpen($server, $fd) { echo "open $fd\n"; }
        }';

    private const CONFIGURATION = '[
        "callbacks" => ["close" => [Handler::class, "onClose"], "Connect" => [Handler::class, "onOpen"]], "settings" => ["worker_num" => 4],
        "receiveCallbacks" => [1 => [Handler::class, "onMqConnect"], 3 => [Handler::class, "onMqPublish"], 8 => [Handler::class, "onMqSubscribe"],
            12 => [Handler::class, "onMqPingreq"], 14 => [Handler::class, "onMqDisconnect"]]]';

    private function serve(string $onPublish): Script
    {
        $script = $this->start(self::CONFIGURATION, str_replace('BODY', $onPublish, self::HANDLER));
        $script->expect('/running/', 20);
        return $script;
    }

    private function accepted(): Mqtt\PacketClient
    {
        $peer = $this->peer();
        $peer->send(new Packet\Connect('me', username: 'joe', password: 'x', keepAlive: 9, version: Version::V3_1_1));
        $this->assertInstanceOf(Packet\ConnAck::class, $peer->receive(20));
        return $peer;
    }

    public function testHandlersGetPacketsAndEvents(): void
    {
        $script = $this->serve('echo "publish ", json_encode($data), "\n";');
        $peer = $this->accepted();
        $script->expect('/open 1\nconnect \{"cmd":1,"protocol_name":"MQTT","protocol_level":4,"clean_session":1,"username":"joe","password":"x","keepalive":9,"client_id":"me"\}/', 20);
        // A PINGREQ is answered where its handler returns true: the second time here.
        $peer->send(new Packet\PingReq());
        $script->expect('/ping\n/', 20);
        $peer->send(new Packet\PingReq());
        $this->assertInstanceOf(Packet\PingResp::class, $peer->receive(20));
        $this->assertNull($peer->receive(0.0));
        // Acknowledgements are for nobody.
        $peer->send(new Packet\PubAck(5), new Packet\Publish('t', 'x', qos: 1, packetId: 3));
        $script->expect('/publish \{"cmd":3,"topic":"t","content":"x","dup":0,"qos":1,"retain":0,"message_id":3\}/', 20);
        $peer->send(new Packet\Disconnect());
        $script->expect('/disconnect\nclose 1 0/', 20);
        $script->signal(SIGINT);
        $this->assertStringContainsString('stopped', $script->end(20)[1]);
    }

    public function testAnExceptionAndAPacketWithoutAHandlerCloseTheirConnection(): void
    {
        $script = $this->serve('');
        $thrower = $this->accepted();
        $thrower->send(new Packet\Subscribe(1, [new Mqtt\Subscription('a')]));
        $script->expect('/connection 1 is closed: DomainException: not here/', 20);
        $this->assertClosed($thrower);
        $lost = $this->accepted();
        $lost->send(new Packet\Unsubscribe(1, ['a']));
        $script->expect('/connection 2 is closed: LogicException: .* has nothing for packet type 10/', 20);
        $this->assertClosed($lost);
    }

    public function testWhatHandlersAskTheServer(): void
    {
        $script = $this->serve('
            $info = $server->getClientInfo($fd);
            echo json_encode([
                $server->exist($fd), $server->exists(99), $server->send(99, "x"), $server->close(99), $server->getClientInfo(99), $info["remote_ip"], $info["server_port"],
                count($server->connections), [...$server->connections], $server->getClientList(), $server->getClientList(5), $server->bind($fd, 7), $server->bind($fd, 8),
                $server->getClientInfo($fd)["uid"], $server->stats()["connection_num"], $server->setting["worker_num"], $server->worker_id, $server->reload(), $server->host,
            ]), "\n";
            try { $server->task("x"); } catch (BadMethodCallException $why) { echo $why->getMessage(), "\n"; }
            echo json_encode($server->send($fd, "nonsense")), "\n";
            $start = hrtime(true);
            $server->after(30, function (string $what) use ($server, $start): void {
                $isLate = hrtime(true) - $start >= 30_000_000;
                $count = 0;
                $server->tick(10, function (int $id) use ($server, &$count, $what, $isLate): void {
                    if (++$count === 3) {
                        $server->clearTimer($id);
                        echo "timers $what ", json_encode([$isLate, $server->clearTimer($id)]), "\n";
                        $server->shutdown();
                    }
                });
            }, "of Swoole");
        ');
        $this->accepted()->send(new Packet\Publish('t', 'x'));
        $script->expect('~' . preg_quote("[true,false,false,false,false,\"127.0.0.1\",$this->port,1,[1],[1],false,true,false,7,1,4,0,false,\"127.0.0.1\"]") . '~', 20);
        $script->expect('/\$server->task\(\) is a method of Swoole/', 20);
        $script->expect('/what is sent to connection 1 is no MQTT packet/', 20);
        $script->expect('/timers of Swoole \[true,false\]/', 20);
        $this->assertStringContainsString('stopped', $script->end(20)[1]);
    }

    /** dev-master of the framework names the keys of packets as simps/mqtt does. */
    public function testTheKeysOfTheSecondEra(): void
    {
        class_exists(Simps\MQTT\Protocol\V3::class) || $this->markTestSkipped('mqtt/compat-simps-mqtt is not here');
        $script = $this->start('["receiveCallbacks" => [Simps\MQTT\Types::CONNECT => [Handler::class, "onMqConnect"], Simps\MQTT\Types::PUBLISH => [Handler::class, "onMqPublish"]]]', '
            class Handler
            {
                public function onMqConnect($server, int $fd, $fromId, $data) { echo json_encode($data), "\n"; $server->send($fd, Simps\MQTT\Protocol::pack(["type" => Simps\MQTT\Types::CONNACK, "code" => 0, "session_present" => 0])); }
                public function onMqPublish($server, int $fd, $fromId, $data) { echo json_encode($data), "\n"; }
            }');
        $script->expect('/running/', 20);
        foreach ([Version::V3_1_1, Version::V5] as $version) {
            $peer = $this->peer($version);
            $peer->send(new Packet\Connect('me', username: 'joe', version: $version));
            $this->assertInstanceOf(Packet\ConnAck::class, $peer->receive(20));
            $script->expect('/\{"type":1,"protocol_name":"MQTT","protocol_level":' . ($version === Version::V5 ? 5 : 4) . ',"clean_session":1,"user_name":"joe","password":"","keep_alive":\d+,"client_id":"me"\}/', 20);
            $peer->send(new Packet\Publish("level$version->name", 'x'));
            $script->expect('/\{"type":3,"dup":0,"qos":0,"retain":0,"topic":"level' . $version->name . '","message":"x"\}/', 20);
        }
    }

    public function testAPortThatIsTakenIsSaid(): void
    {
        $socket = stream_socket_server("tcp://127.0.0.1:$this->port");
        [$status, $output] = $this->start('[]', '')->end(20);
        $this->assertNotSame(0, $status);
        $this->assertStringContainsString('TransportException', $output);
        fclose($socket);
    }
}
