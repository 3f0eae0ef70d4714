<?php
declare(strict_types=1);

use Mqtt\Client;
use Mqtt\Message;
use Mqtt\Packet\Connect;
use Mqtt\Packet\Disconnect;
use Mqtt\Packet\PubAck;
use Mqtt\Packet\PubComp;
use Mqtt\Packet\Publish;
use Mqtt\Packet\PubRec;
use Mqtt\Packet\PubRel;
use PHPUnit\Framework\TestCase;

/** Scripts with the option store that are killed without a chance to say anything, and those that come after them. */
final class ClientStoreTest extends TestCase
{
    private string $directory;

    protected function setUp(): void
    {
        $this->directory = sys_get_temp_dir() . '/mqtt-store-' . getmypid() . '-' . bin2hex(random_bytes(4));
        mkdir($this->directory);
    }

    protected function tearDown(): void
    {
        array_map('unlink', glob("$this->directory/*") ?: []);
        rmdir($this->directory);
    }

    /** A script whose client keeps its session in the directory; it is killed by its own hand where $code says so. */
    private function script(string $uri, string $code): Script
    {
        $options = var_export(['clientId' => 'stored', 'store' => $this->directory, 'linger' => 20.0, 'reconnect' => ['minDelay' => 0.01, 'maxDelay' => 0.1]], true);
        return new Script("function killed() { posix_kill(getmypid(), SIGKILL); } \$client = new Mqtt\\Client('$uri', $options); $code");
    }

    /** In flight at QoS 1 and 2 and in the queue: all of it is sent by the next script, once where it was promised. */
    public function testWhatWasOnItsWay(): void
    {
        $server = new Listener();
        $first = $this->script($server->uri(), '
            $client->connect(20.0);
            foreach ([1, 2, 2, 2, 1] as $i => $qos) $client->publish("t", "$i", $qos);
            echo "published\n";
            while (true) $client->loop(1.0);');
        $server->accept();
        self::assertTrue($server->expect(Connect::class)->cleanStart);
        // One message after the other may be in flight: the rest waits in the queue.
        $server->send(new Mqtt\Packet\ConnAck(properties: ['receiveMaximum' => 3]));
        $first->expect('~published~');
        $publishes = [$server->expect(Publish::class), $server->expect(Publish::class), $server->expect(Publish::class)];
        // 0 is acknowledged, 1 is received and released, 2 is received and nothing is said.
        $server->send(new PubAck($publishes[0]->packetId), new PubRec($publishes[1]->packetId));
        self::assertSame($publishes[1]->packetId, $server->expect(PubRel::class)->packetId);
        $first->signal(SIGKILL);
        self::assertSame(-SIGKILL, $first->end()[0]);

        $second = $this->script($server->uri(), 'echo "resumed ", $client->flush(20.0), "\n";');
        $server->accept();
        self::assertFalse($server->expect(Connect::class)->cleanStart, 'there is a session to resume');
        $server->send(new Mqtt\Packet\ConnAck(sessionPresent: true));
        $seen = [];
        while (!($packet = $server->next()) instanceof Disconnect) {
            if ($packet instanceof PubRel) {
                $seen[] = "release $packet->packetId";
                $server->send(new PubComp($packet->packetId));
            } elseif ($packet instanceof Publish) {
                $seen[] = "$packet->payload QoS $packet->qos" . ($packet->dup ? ' again' : '');
                $server->send($packet->qos === 1 ? new PubAck($packet->packetId) : new PubRec($packet->packetId));
            }
        }
        self::assertSame([0, "resumed 0\n"], $second->end());
        $publishesSeen = array_values(array_filter($seen, fn (string $line) => !str_starts_with($line, 'release')));
        self::assertSame(['2 QoS 2 again', '3 QoS 2', '4 QoS 1'], array_map(
            // The fourth had been sent to take the place of the first, or not yet: both is right.
            fn (string $line) => str_starts_with($line, '2') ? $line : str_replace(' again', '', $line),
            $publishesSeen,
        ));
        self::assertContains("release {$publishes[1]->packetId}", $seen);
    }

    public function testTheOfflineQueueOutlivesTheScript(): void
    {
        $dead = new Listener();
        $uri = $dead->uri();
        $dead->close();
        [$status] = $this->script($uri, 'for ($i = 0; $i < 500; $i++) $client->publish("t", "$i", 1 + $i % 2); killed();')->end(30);
        self::assertSame(-SIGKILL, $status);
        $broker = Broker::run();
        $watcher = new Client($broker->uri());
        $watcher->subscribe('t', 2);
        self::assertSame([0, '0'], $this->script($broker->uri(), 'echo $client->flush(20.0);')->end(30));
        $got = [];
        while (count($got) < 500 && $message = $watcher->receive(20.0)) {
            $got[] = (int) $message->payload;
        }
        // Messages of one QoS stay in order; one of QoS 1 may overtake one of QoS 2.
        $odd = array_values(array_filter($got, fn (int $i) => $i % 2 === 1));
        $even = array_values(array_filter($got, fn (int $i) => $i % 2 === 0));
        self::assertSame([range(0, 498, 2), range(1, 499, 2)], [$even, $odd]);
        self::assertNull($watcher->receive(0.1), 'none came twice');
    }

    /** @return array<string, array{string}> */
    public function brokers(): array
    {
        return ['ours' => [''], 'mosquitto' => ['1']];
    }

    /**
     * A script that handles QoS 2 messages and is killed again and again: before it has handled one it comes again, once it
     * has it does not.
     *
     * @dataProvider brokers
     */
    public function testExactlyOnceIsKept(string $mosquitto): void
    {
        $before = getenv('MQTT_TEST_MOSQUITTO');
        putenv("MQTT_TEST_MOSQUITTO=$mosquitto");
        $broker = Broker::run();
        putenv('MQTT_TEST_MOSQUITTO' . ($before === false ? '' : "=$before"));
        $log = "$this->directory/handled";
        touch($log);
        // It dies with every seventh message: before that is handled, and after the six before are.
        $code = '
            $seen = 0;
            $client->subscribe("t", 2, function (Mqtt\Message $m) use (&$seen) {
                if (++$seen === 7) killed();
                file_put_contents("' . $log . '", "$m->payload\n", FILE_APPEND);
                if ($m->payload === "last") exit(0);
            });
            echo "ready\n";
            while (true) $client->loop(1.0);';
        $script = $this->script($broker->uri(), $code);
        $script->expect('~ready~', 30);
        $publisher = new Client($broker->uri());
        $publisher->publishMany(array_map(fn (int $i) => ['t', (string) $i], range(1, 50)), 2);
        $publisher->publish('t', 'last', 2);
        self::assertSame(0, $publisher->flush(20.0));
        for ($lives = 1; ($status = $script->end(30)[0]) !== 0 && $lives < 40; $lives++) {
            self::assertSame(-SIGKILL, $status);
            $script = $this->script($broker->uri(), $code);
        }
        self::assertGreaterThanOrEqual(8, $lives);
        self::assertSame([...range(1, 50), 'last'], array_map(fn (string $line) => is_numeric($line = trim($line)) ? (int) $line : $line, file($log) ?: []));
    }

    public function testAScriptThatLeavesInOrderLeavesNothing(): void
    {
        $server = new Listener();
        $script = $this->script($server->uri(), '$client->connect(20.0); echo "connected\n"; $client->disconnect();');
        $server->welcome();
        $server->expect(Disconnect::class);
        $server->cut();
        self::assertSame([0, "connected\n"], $script->end(30));
        $script = $this->script($server->uri(), '$client->connect(20.0); killed();');
        self::assertTrue($server->welcome()->cleanStart);
        self::assertSame(-SIGKILL, $script->end(30)[0]);
        $script = $this->script($server->uri(), '$client->connect(20.0);');
        self::assertFalse($server->welcome()->cleanStart, 'the one before did not');
        $server->expect(Disconnect::class);
        $server->cut();
        self::assertSame(0, $script->end(30)[0]);
    }
}
