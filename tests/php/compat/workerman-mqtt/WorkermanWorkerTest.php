<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

/** Real workers of Workerman, in processes of their own. */
final class WorkermanWorkerTest extends WorkermanCase
{
    private ?Script $script = null;
    private string $folder = '';

    protected function tearDown(): void
    {
        $this->script?->signal(SIGINT);
        $this->script?->end(20);
        $this->script = null;
        // A test that was skipped has no folder: its pattern would name what lies in the root.
        if ($this->folder !== '') {
            array_map('unlink', glob("$this->folder/*") ?: []);
            rmdir($this->folder);
            $this->folder = '';
        }
        parent::tearDown();
    }

    private static function port(): int
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        return (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
    }

    /** Runs PHP with Workerman, the drop-in, and the arguments of a start in the foreground. */
    private function script(string $code): Script
    {
        $this->folder = sys_get_temp_dir() . '/mqtt-workerman-' . getmypid() . '-' . uniqid();
        mkdir($this->folder);
        $loop = var_export(dirname(__DIR__, 2) . '/loop/autoload.php', true);
        $compat = var_export(dirname(__DIR__) . '/autoload.php', true);
        $folder = var_export($this->folder, true);
        return $this->script = new Script("
            \$argv = \$_SERVER['argv'] = ['app.php', 'start'];
            require_once $loop;
            require_once $compat;
            Workerman\\Worker::\$pidFile = $folder . '/pid';
            Workerman\\Worker::\$logFile = $folder . '/log';
            Workerman\\Worker::\$statusFile = $folder . '/status';
            $code
        ");
    }

    /** @return array{resource, resource} the process, and its output */
    private function run_(string ...$command): array
    {
        is_executable("/usr/bin/$command[0]") || $this->markTestSkipped("$command[0] is not installed");
        $process = proc_open($command, [['file', '/dev/null', 'r'], ['pipe', 'w'], ['file', '/dev/null', 'w']], $pipes);
        return [$process, $pipes[1]];
    }

    /** @dataProvider versions */
    public function testAServerOnTheProtocol(string $scheme, string $protocol, string $version): void
    {
        $port = self::port();
        $script = $this->script('
            $worker = new Workerman\Worker("' . $scheme . '://127.0.0.1:' . $port . '");
            ' . $protocol . '
            $worker->onWorkerStart = fn () => print("serving\n");
            $worker->onClose = fn () => print("closed\n");
            $worker->onMessage = function ($connection, array $data) use ($worker): void {
                switch ($data["cmd"]) {
                    case 1:
                        echo "client {$data["client_id"]}, level {$data["protocol_level"]}, will {$data["will"]["content"]}\n";
                        $connection->send(["cmd" => 2, "code" => 0, "session_present" => 0]);
                        break;
                    case 3:
                        foreach ($worker->connections as $other) {
                            if (isset($other->topics[$data["topic"]])) {
                                $other->send(["cmd" => 3, "topic" => $data["topic"], "content" => $data["content"]]);
                            }
                        }
                        $connection->send(["cmd" => 4, "message_id" => $data["message_id"]]);
                        break;
                    case 8:
                        $connection->topics = $data["topics"];
                        $connection->send(["cmd" => 9, "message_id" => $data["message_id"], "codes" => [1]]);
                        echo "subscribed ", json_encode($data["topics"]), "\n";
                        break;
                    case 12:
                        $connection->send(["cmd" => 13]);
                }
            };
            Workerman\Worker::runAll();
        ');
        $script->expect('/serving/', 20);
        // One connection that speaks no MQTT ends; the worker goes on.
        $stranger = stream_socket_client("tcp://127.0.0.1:$port");
        fwrite($stranger, "\x36\x05\0\x01a\0\x01");
        $script->expect('/closed/', 20);
        $this->assertSame('', stream_get_contents($stranger));

        [$subscriber, $output] = $this->run_('mosquitto_sub', '-V', $version, '-p', (string) $port, '-i', 'watcher', '-t', 'room', '-q', '1', '-C', '1', '-W', '30', '--will-topic', 'w', '--will-payload', 'gone');
        $script->expect('/client watcher, level ' . ($version === '5' ? 5 : 4) . ', will gone/', 20);
        $script->expect('/subscribed \{"room"/', 20);
        [$publisher] = $this->run_('mosquitto_pub', '-V', $version, '-p', (string) $port, '-t', 'room', '-q', '1', '-m', 'hello', '--will-topic', 'w', '--will-payload', 'x');
        $this->assertSame("hello\n", stream_get_contents($output));
        $this->assertSame(0, proc_close($publisher));
        $this->assertSame(0, proc_close($subscriber));
    }

    public static function versions(): iterable
    {
        yield '3.1.1, by the scheme' => ['mqtt', '', '311'];
        yield '5, by the class' => ['tcp', '$worker->protocol = Workerman\Mqtt\Protocols\Mqtt5::class;', '5'];
    }

    public function testTheExample(): void
    {
        $broker = Broker::run();
        $example = var_export(dirname(__DIR__, 4) . '/examples/php/compat-workerman-mqtt.php', true);
        $script = $this->script("
            file_put_contents(\$autoload = dirname(Workerman\\Worker::\$pidFile) . '/autoload.php', '<?php');
            putenv('MQTT_AUTOLOAD=' . \$autoload);
            putenv('MQTT_ADDRESS={$broker->uri()}');
            require $example;
        ");
        $this->assertNotSame("", $script->expect("~workerman/time: \d\d:\d\d:\d\d~", 30));
        $broker->stop();
    }

    /**
     * A handler that waits in the Fiber loop lets the others run, and no message is lost or acknowledged twice.
     *
     * @dataProvider loops
     */
    public function testMessagesInEveryLoop(string $loop, string $needs): void
    {
        class_exists($needs) || $this->markTestSkipped("$needs is not here: set MQTT_REVOLT");
        $broker = Broker::run();
        $script = $this->script('
            Workerman\Worker::$eventLoopClass = Workerman\Events\\' . $loop . '::class;
            $worker = new Workerman\Worker();
            $worker->onWorkerStart = function (): void {
                $client = new Workerman\Mqtt\Client("' . $broker->uri() . '");
                $seen = [];
                $client->onMessage = function (string $topic, string $content) use (&$seen, $client): void {
                    if ($content === "1") {
                        Workerman\Timer::sleep(0.2);
                    }
                    $seen[] = $content;
                    if (count($seen) === 3) {
                        // All are acknowledged when the broker has answered to this.
                        Workerman\Timer::add(0.01, fn () => $client->publish("done", "x", ["qos" => 1], fn () => print("seen " . implode(",", $seen) . "\n")), [], false);
                    }
                };
                $client->onConnect = fn () => $client->subscribe("t", ["qos" => 1], function () use ($client): void {
                    foreach ([0, 1, 2] as $number) {
                        $client->publish("t", (string) $number, ["qos" => 1]);
                    }
                });
                $client->connect();
            };
            Workerman\Worker::runAll();
        ');
        $this->assertSame('0,1,2', $script->expect('/seen (.*)/', 30));
        $broker->stop();
    }

    public static function loops(): iterable
    {
        yield ['Select', Workerman\Worker::class];
        yield ['Fiber', Revolt\EventLoop::class];
    }
}
