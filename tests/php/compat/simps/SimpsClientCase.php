<?php
declare(strict_types=1);

require_once dirname(__DIR__) . '/autoload.php';

use PHPUnit\Framework\TestCase;
use Simps\Client\MQTTClient;
use Simps\Exception\Protocol\MQTTException;

/** Simps\Client\MQTTClient with a broker that somebody else may have written. */
abstract class SimpsClientCase extends TestCase
{
    private static ?Broker $broker = null;

    abstract protected static function start(): Broker;

    public static function tearDownAfterClass(): void
    {
        self::$broker?->stop();
        self::$broker = null;
    }

    /** @param array<string, mixed> $settings */
    private function client(string $id, array $settings = ['read_timeout' => 20]): MQTTClient
    {
        self::$broker ??= static::start();
        return new MQTTClient(['port' => self::$broker->port, 'client_id' => $id, 'time_out' => 20], $settings);
    }

    public function testEachCallGivesTheNextPacket(): void
    {
        $client = $this->client('calls');
        $this->assertSame(['cmd' => 2, 'session_present' => 0, 'code' => 0], $client->connect(false));
        $this->assertSame(['cmd' => 9, 'message_id' => 1, 'codes' => [1, 0]], $client->subscribe(['a' => 1, 'b' => 0]));
        $this->assertSame(['cmd' => 13], $client->ping());
        $this->assertTrue($client->publish('c', 'x'));
        $this->assertSame(['cmd' => 4, 'message_id' => 3], $client->publish('c', 'x', 1));
        $this->assertSame(['cmd' => 5, 'message_id' => 4], $client->publish('c', 'x', 2));
        $this->assertSame(['cmd' => 7, 'message_id' => 4], $client->sendBuffer(['cmd' => 6, 'message_id' => 4]));
        $this->assertTrue($client->publish('b', 'own'));
        $this->assertSame(['cmd' => 3, 'topic' => 'b', 'content' => 'own', 'dup' => 0, 'qos' => 0, 'retain' => 0], $client->recv());
        $this->assertSame(['cmd' => 11, 'message_id' => 6], $client->unSubscribe(['a', 'b']));
        $this->assertTrue($client->close());
    }

    /** A message that comes before the acknowledgement is given in its place: nothing is sorted. */
    public function testNothingIsAcknowledgedByItself(): void
    {
        $client = $this->client('acks');
        $client->connect(false);
        $client->subscribe(['own' => 1]);
        $packets = [$client->publish('own', 'x', 1), $client->recv()];
        usort($packets, static fn (array $one, array $other): int => $one['cmd'] <=> $other['cmd']);
        $this->assertSame([3, 4], array_column($packets, 'cmd'));
        $this->assertTrue($client->sendBuffer(['cmd' => 4, 'message_id' => $packets[0]['message_id']], false));
        $client->close();
    }

    /** The flag on the wire has always been the opposite of the argument. */
    public function testCleanAsksForASession(): void
    {
        $client = $this->client('kept');
        $client->connect(true);
        $client->close();
        $client = $this->client('kept');
        $this->assertSame(1, $client->connect(true)['session_present']);
        $client->close();
        $client = $this->client('kept');
        $this->assertSame(0, $client->connect(false)['session_present']);
        $client->close();
    }

    public function testAWill(): void
    {
        $watcher = $this->client('watcher');
        $watcher->connect(false);
        $watcher->subscribe(['will' => 0]);
        $dying = $this->client('dying');
        $dying->connect(false, ['topic' => 'will', 'content' => 'gone']);
        unset($dying);
        $this->assertSame('gone', $watcher->recv()['content']);
        $watcher->close();
    }

    public function testNothingInTimeIsTrueOrAnException(): void
    {
        $client = $this->client('patient', ['read_timeout' => 0.05]);
        $client->connect(false);
        $this->assertTrue($client->recv());
        $this->expectException(MQTTException::class);
        $this->expectExceptionMessage('Nothing came within 0.05 s');
        $client->sendBuffer(['cmd' => 4, 'message_id' => 9]);
    }

    public function testMessageIdsBeginAgain(): void
    {
        $client = $this->client('ids');
        for ($id = 1; $id <= 65535; $id++) {
            $client->getMsgId();
        }
        $this->assertSame(1, $client->getMsgId());
        $client->close();
    }

    public function testDebugPrintsAnswers(): void
    {
        self::$broker ??= static::start();
        $client = new MQTTClient(['port' => self::$broker->port, 'client_id' => 'debug', 'debug' => true, 'time_out' => 20], ['read_timeout' => 20]);
        $this->expectOutputRegex('/^   0: 00100000 : 0x20 : 32 :   \n   1: 00000010/');
        $client->connect(false);
        $client->close();
    }

    public function testALostConnectionIsMadeAgain(): void
    {
        $broker = static::start();
        try {
            $client = new MQTTClient(['port' => $broker->port, 'client_id' => 'lost', 'time_out' => 20], ['read_timeout' => 20]);
            $client->connect(false);
            $broker->stop();
            $broker->start();
            // After three seconds it stands, and CONNECT has been sent.
            $this->assertTrue($client->recv());
            $this->assertSame(['cmd' => 13], $client->ping());
            $client->close();
        } finally {
            $broker->stop();
        }
    }

    public function testTheConstructorWaitsForABroker(): void
    {
        $broker = static::start();
        $broker->stop();
        $clock = hrtime(true);
        try {
            // The broker comes back from a signal's handler, while the constructor sleeps.
            pcntl_async_signals(true);
            pcntl_signal(SIGALRM, static fn () => $broker->start());
            pcntl_alarm(1);
            $client = new MQTTClient(['port' => $broker->port, 'client_id' => 'early', 'time_out' => 20], ['read_timeout' => 20]);
            $this->assertSame(0, $client->connect(false)['code']);
            $this->assertGreaterThanOrEqual(1.0, (hrtime(true) - $clock) / 1e9);
            $client->close();
        } finally {
            pcntl_alarm(0);
            pcntl_signal(SIGALRM, SIG_DFL);
            pcntl_async_signals(false);
            $broker->stop();
        }
    }
}
