<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultSubscription;
use BinSoul\Net\Mqtt\Message;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';
require_once __DIR__ . '/FlowClient.php';

/** A client of flows and packets, with a real broker. */
abstract class ClientCase extends TestCase
{
    private static ?\Broker $broker = null;

    abstract protected static function program(): string;

    public static function setUpBeforeClass(): void
    {
        if (static::program() === 'mqtt' && !is_executable(dirname(\Broker::extension()) . '/mqtt')) {
            self::markTestSkipped('the program mqtt does not lie beside the extension');
        }
        self::$broker = \Broker::run(static::program());
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker?->stop();
        self::$broker = null;
    }

    /** @dataProvider levels */
    public function testConnectPingAndDisconnect(int $level): void
    {
        $client = $this->client();
        $flow = $client->connect((new DefaultConnection())->withProtocol($level));
        $this->assertTrue($flow->isSuccess());
        $this->assertMatchesRegularExpression('/^binsoul[0-9a-f]{16}$/', $flow->getResult()->getClientID());
        $this->assertTrue($client->run($client->flows->buildOutgoingPingFlow())->isSuccess());
        $client->start($client->flows->buildOutgoingDisconnectFlow($flow->getResult()));
        $this->expectExceptionMessage('the server has closed the connection');
        $client->until(fn (): bool => false);
    }

    public static function levels(): array
    {
        return ['3.1' => [3], '3.1.1' => [4]];
    }

    /** With the bits of the original this is a protocol error to every broker. */
    public function testAUserNameWithoutAPassword(): void
    {
        $this->assertTrue($this->client()->connect(new DefaultConnection('user'))->isSuccess());
        $this->assertTrue($this->client()->connect(new DefaultConnection('user', "pass\xFF"))->isSuccess());
        $this->assertTrue($this->client()->connect(new DefaultConnection('', 'no user, so it is left out'))->isSuccess());
    }

    public function testEveryQosBothWays(): void
    {
        // The one is read by the extension, the other by PHP.
        foreach ([$this->client(), $this->client(new PlainStream())] as $client) {
            $client->connect(new DefaultConnection());
            $topic = 'qos/' . bin2hex(random_bytes(4));
            $flow = $client->run($client->flows->buildOutgoingSubscribeFlow([new DefaultSubscription("$topic/+", 2), new DefaultSubscription("$topic/\u{0633}/#", 1)]));
            $this->assertCount(2, $flow->getResult());
            $sent = [];
            foreach ([0, 1, 2] as $level) {
                $sent[] = ["$topic/$level", str_repeat("\0\xFF$level", 10 ** ($level + 2)), $level];
            }
            $sent[] = ["$topic/\u{0633}/x", '', 1];
            foreach ($sent as [$name, $payload, $level]) {
                $this->assertTrue($client->run($client->flows->buildOutgoingPublishFlow(new DefaultMessage($name, $payload, $level)))->isSuccess());
            }
            $client->until(fn (): bool => count($client->messages) === count($sent));
            $got = array_map(fn (Message $m): array => [$m->getTopic(), $m->getPayload(), $m->getQosLevel()], $client->messages);
            sort($got);
            sort($sent);
            $this->assertSame($sent, $got);
            $this->assertSame([], $client->errors);
        }
    }

    /** Many exchanges at once, answered in any order. */
    public function testManyInFlight(): void
    {
        $client = $this->client();
        $client->connect(new DefaultConnection());
        $topic = 'many/' . bin2hex(random_bytes(4));
        $client->run($client->flows->buildOutgoingSubscribeFlow([new DefaultSubscription($topic, 2)]));
        $flows = [];
        for ($i = 0; $i < 20; $i++) {
            $client->start($flows[] = $client->flows->buildOutgoingPublishFlow(new DefaultMessage($topic, (string) $i, 1 + $i % 2)));
        }
        $client->until(fn (): bool => count($client->messages) === 20);
        $client->until(fn (): bool => array_filter($flows, fn ($flow): bool => !$flow->isSuccess()) === []);
        $payloads = array_map(fn (Message $m): string => $m->getPayload(), $client->messages);
        sort($payloads, SORT_NUMERIC);
        $this->assertSame(array_map('strval', range(0, 19)), $payloads);
    }

    public function testRetainedAndUnsubscribe(): void
    {
        $client = $this->client();
        $client->connect(new DefaultConnection());
        $topic = 'kept/' . bin2hex(random_bytes(4));
        $client->run($client->flows->buildOutgoingPublishFlow((new DefaultMessage($topic, 'kept', 1))->retain()));
        $subscriptions = [new DefaultSubscription($topic, 1)];
        $client->run($client->flows->buildOutgoingSubscribeFlow($subscriptions));
        $client->until(fn (): bool => $client->messages !== []);
        $this->assertTrue($client->messages[0]->isRetained());
        $this->assertTrue($client->run($client->flows->buildOutgoingUnsubscribeFlow($subscriptions))->isSuccess());
        $client->run($client->flows->buildOutgoingPublishFlow((new DefaultMessage($topic, '', 1))->retain()));
        $client->run($client->flows->buildOutgoingPingFlow());
        $this->assertCount(1, $client->messages);
    }

    public function testTheWill(): void
    {
        $watcher = $this->client();
        $watcher->connect(new DefaultConnection());
        $topic = 'will/' . bin2hex(random_bytes(4));
        $watcher->run($watcher->flows->buildOutgoingSubscribeFlow([new DefaultSubscription($topic, 1)]));
        $client = $this->client();
        $client->connect(new DefaultConnection('', '', new DefaultMessage($topic, 'gone', 1)));
        $client->drop();
        $watcher->until(fn (): bool => $watcher->messages !== []);
        $this->assertSame(['gone', 1], [$watcher->messages[0]->getPayload(), $watcher->messages[0]->getQosLevel()]);
    }

    public function testTheSessionIsKept(): void
    {
        $connection = new DefaultConnection('', '', null, 'binsoul-session-' . bin2hex(random_bytes(4)), clean: false);
        $present = [];
        foreach ([1, 2] as $time) {
            $client = $this->client();
            $client->connect($connection);
            $present[] = $client->greeting->isSessionPresent();
            $client->start($client->flows->buildOutgoingDisconnectFlow($connection));
            try {
                $client->until(fn (): bool => false);
            } catch (\RuntimeException) {
                // The server has closed: it is done with the first connection.
            }
        }
        $this->assertSame([false, true], $present);
        $this->assertTrue($this->client()->connect($connection->withCleanSession(true))->isSuccess());
    }

    public function testTheExample(): void
    {
        $root = dirname(__DIR__, 4);
        $command = [PHP_BINARY, '-d', 'extension=' . \Broker::extension(), "$root/examples/php/compat-binsoul-net-mqtt.php", '127.0.0.1', (string) self::$broker->port];
        $process = proc_open($command, [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes, null, ['MQTT_AUTOLOAD' => dirname(__DIR__) . '/autoload.php'] + getenv());
        $output = (string) stream_get_contents($pipes[1]);
        $this->assertSame(0, proc_close($process), $output);
        $this->assertMatchesRegularExpression('/^connected as binsoul/', $output);
        foreach ([0, 1, 2] as $level) {
            $this->assertStringContainsString("binsoul/example/$level: hello at QoS $level\n", $output);
        }
    }

    private function client(?PlainStream $stream = null): FlowClient
    {
        return new FlowClient(self::$broker->port, $stream);
    }
}
