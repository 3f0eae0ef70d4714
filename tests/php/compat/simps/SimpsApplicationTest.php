<?php
declare(strict_types=1);

require_once __DIR__ . '/SimpsCase.php';

/** The framework's tutorial, and its command line, with mosquitto's programs as clients. */
final class SimpsApplicationTest extends SimpsCase
{
    /** @dataProvider versions */
    public function testTheTutorial(string $version): void
    {
        $application = dirname(__DIR__, 4) . '/examples/php/compat-simps';
        $autoload = dirname(__DIR__) . '/autoload.php';
        $script = $this->script = new Script("
            \$argv = \$_SERVER['argv'] = ['bin/simps.php', 'mqtt:start'];
            putenv('MQTT_PORT=$this->port');
            putenv('MQTT_AUTOLOAD=$autoload');
            require '$application/bin/simps.php';
        ");
        $script->expect("~MQTT Server running：mqtt://0.0.0.0:$this->port~", 20);
        // A subscription is known to be there when the first message has come.
        [$subscriber, $output] = $this->program('mosquitto_sub', '-V', $version, '-i', 'subscriber', '-t', 'room/+', '-q', '1', '-C', '2', '-W', '60');
        for ($isThere = false, $end = microtime(true) + 30; !$isThere && microtime(true) < $end;) {
            $this->publish($version, 'first', '1');
            $read = [$output];
            $write = $except = null;
            $isThere = stream_select($read, $write, $except, 0, 100_000) > 0;
        }
        $this->publish($version, 'second', '0');
        $this->assertMatchesRegularExpression('/^first\n(first|second)\n$/', (string) stream_get_contents($output));
        $this->assertSame(0, proc_close($subscriber));
        $script->signal(SIGTERM);
        $this->assertSame(0, $script->end(20)[0]);
    }

    public static function versions(): iterable
    {
        yield '3.1.1' => ['mqttv311'];
        // The handler knows MQTT 3 only; its packets are translated.
        yield '5' => ['mqttv5'];
    }

    private function publish(string $version, string $message, string $qos): void
    {
        [$publisher] = $this->program('mosquitto_pub', '-V', $version, '-i', 'publisher', '-t', 'room/1', '-q', $qos, '-m', $message);
        $this->assertSame(0, proc_close($publisher));
    }

    public function testTheTutorialsHandlerRefusesAnotherProtocolName(): void
    {
        $application = dirname(__DIR__, 4) . '/examples/php/compat-simps';
        $script = $this->start('["receiveCallbacks" => [1 => [App\Events\MqttServer::class, "onMqConnect"]]]', "require '$application/app/Events/MqttServer.php';");
        $script->expect('/running/', 20);
        $peer = $this->peer(Mqtt\Version::V3_1);
        $peer->send(new Mqtt\Packet\Connect('old', version: Mqtt\Version::V3_1));
        $this->assertClosed($peer);
    }

    /** @dataProvider commands */
    public function testTheCommandLine(string $argument, string $words, int $status): void
    {
        file_put_contents("$this->folder/config/servers.php", "<?php return ['mqtt' => ['ip' => '127.0.0.1', 'port' => $this->port]];");
        $bin = dirname(__DIR__, 4) . '/php/compat/simps/bin/simps.php';
        $autoload = dirname(__DIR__) . '/autoload.php';
        $script = $this->script = new Script("require '$autoload'; chdir('$this->folder'); \$argv = \$_SERVER['argv'] = ['bin/simps.php', '$argument']; require '$bin';");
        $this->assertNotSame('', $script->expect($words, 20));
        $status === 0 && $script->signal(SIGTERM);
        $this->assertSame($status, $script->end(20)[0]);
    }

    public static function commands(): iterable
    {
        yield ['mqtt:start', '/running：mqtt:/', 0];
        yield ['http:start', '/command http is not exist, you can use .* \[mqtt:start\]/', 1];
        yield ['mqtt:stop', '/use .* \[mqtt:start\]/', 1];
    }
}
