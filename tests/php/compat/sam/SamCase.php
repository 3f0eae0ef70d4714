<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Sam;

use Broker;
use Mqtt\Client;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;
use SAMConnection;
use SAMMessage;

require_once dirname(__DIR__) . '/autoload.php';

/** What a script does with SAM, with a broker that the subclass names. */
abstract class SamCase extends TestCase
{
    private const DEADLINE = 30.0;

    private static ?Broker $broker = null;

    /** "mqtt" or "mosquitto". */
    abstract protected function program(): string;

    protected function setUp(): void
    {
        $file = ['mosquitto' => '/usr/sbin/mosquitto', 'mqtt' => dirname(Broker::extension()) . '/mqtt'][$this->program()];
        is_executable($file) || $this->markTestSkipped("$file is not there");
        self::$broker ??= Broker::run($this->program());
    }

    public static function tearDownAfterClass(): void
    {
        self::$broker = null;
    }

    private function connection(): SAMConnection
    {
        $connection = new SAMConnection();
        $this->assertTrue($connection->connect(SAM_MQTT, [SAM_HOST => '127.0.0.1', SAM_PORT => (string) self::$broker->port, SAM_MQTT_CLEANSTART]));
        return $connection;
    }

    private function listener(string $filter): Client
    {
        $client = new Client(self::$broker->uri(), ['version' => Version::V3_1_1]);
        $client->subscribe($filter, 2);
        return $client;
    }

    /** connect() opens the socket; CONNECT goes out with the first call that needs it. */
    public function testConnectIsLazy(): void
    {
        $connection = $this->connection();
        $this->assertFalse($connection->isConnected());
        $this->assertTrue($connection->send('topic://sam/lazy', new SAMMessage('x')));
        $this->assertTrue($connection->isConnected());
        $this->assertTrue($connection->disconnect());
        $this->assertFalse($connection->isConnected());
        $this->assertSame(106, $connection->errno);
    }

    /** On PHP 8 the original's message had no body: an empty payload went out. */
    public function testSendAtEveryQos(): void
    {
        $listener = $this->listener('sam/sent/+');
        $connection = $this->connection();
        foreach ([0, 1, 2] as $qos) {
            $this->assertTrue($connection->send("topic://sam/sent/$qos", new SAMMessage("payload $qos"), [SAM_MQTT_QOS => $qos]), $connection->error);
        }
        $this->assertTrue($connection->SEND('topic://sam/sent/number', new SAMMessage(42)));
        $got = [];
        while (count($got) < 4 && ($message = $listener->receive(self::DEADLINE))) {
            $got[] = [$message->topic, $message->payload, $message->qos];
        }
        sort($got);
        $this->assertSame([['sam/sent/0', 'payload 0', 0], ['sam/sent/1', 'payload 1', 1], ['sam/sent/2', 'payload 2', 2], ['sam/sent/number', '42', 0]], $got);
        $connection->disconnect();
        $listener->disconnect();
    }

    public function testSubscribeReceiveUnsubscribe(): void
    {
        $connection = $this->connection();
        $subscription = $connection->subscribe('topic://sam/received/#', [SAM_MQTT_QOS => 2]);
        $this->assertMatchesRegularExpression('~^[^#]{1,23}#-#sam/received/\#$~', $subscription);
        $sender = new Client(self::$broker->uri());
        // More than the window of any broker: the original acknowledged nothing, and got no more.
        for ($i = 0; $i < 90; ++$i) {
            $sender->publish("sam/received/$i", "AB$i", $i % 3);
        }
        $sender->flush(self::DEADLINE);
        $got = [];
        while (count($got) < 90 && ($message = $connection->receive($subscription, [SAM_WAIT => 30_000]))) {
            $this->assertInstanceOf(SAMMessage::class, $message);
            $this->assertSame('SAM_BYTES', $message->header->SAM_TYPE);
            $number = (int) substr($message->body, 2);
            $this->assertSame(["topic://sam/received/$number", $number % 3], [$message->header->SAM_MQTT_TOPIC, $message->header->SAM_MQTT_QOS]);
            $got[] = $number;
        }
        sort($got);
        $this->assertSame(range(0, 89), $got, (string) $connection->error);
        $this->assertIsString($connection->unsubscribe($subscription));
        $connection->disconnect();
    }

    /** Messages that come while an answer is awaited wait for receive(). */
    public function testMessagesWaitForReceive(): void
    {
        $connection = $this->connection();
        $one = $connection->subscribe('topic://sam/wait/one');
        $two = $connection->subscribe('topic://sam/wait/two');
        foreach (['one', 'two', 'one'] as $index => $name) {
            $connection->send("topic://sam/wait/$name", new SAMMessage("$name $index"), [SAM_MQTT_QOS => 1]);
        }
        $wait = [SAM_WAIT => 30_000];
        $this->assertSame('two 1', $connection->receive($two, $wait)->body);
        $this->assertSame('one 0', $connection->receive($one, $wait)->body);
        $this->assertSame('one 2', $connection->receive($one, $wait)->body);
        $connection->disconnect();
    }

    /** Another process receives with the identifier of the subscription: it connects as the client in it. */
    public function testAnotherConnectionReceivesWithTheSubscription(): void
    {
        $first = new SAMConnection();
        $first->connect(SAM_MQTT, [SAM_HOST => '127.0.0.1', SAM_PORT => self::$broker->port]);
        $subscription = $first->subscribe('topic://sam/other', [SAM_MQTT_QOS => 1]);
        $first->disconnect();
        $sender = $this->connection();
        $sender->send('topic://sam/other', new SAMMessage('while nobody was there'), [SAM_MQTT_QOS => 1]);
        $second = new SAMConnection();
        $second->connect(SAM_MQTT, [SAM_HOST => '127.0.0.1', SAM_PORT => self::$broker->port]);
        $this->assertSame('while nobody was there', $second->receive($subscription, [SAM_WAIT => 30_000])->body, $second->error);
        $this->assertIsString($second->unsubscribe($subscription));
        $second->disconnect();
        $sender->disconnect();
    }

    public function testNothingInTime(): void
    {
        $connection = $this->connection();
        $subscription = $connection->subscribe('topic://sam/nothing');
        $this->assertFalse($connection->receive($subscription, [SAM_WAIT => 50]));
        $this->assertSame([500, 'Receive request failed, timed out with no data!'], [$connection->errno, $connection->error]);
        $connection->disconnect();
    }

    /** The tutorials' endpoint, in the server of PHP and in PHP's command line. */
    public function testTheEndpoint(): void
    {
        $listener = $this->listener('tokudu/a1b2');
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        $command = [PHP_BINARY, '-d', 'extension=' . Broker::extension(), '-d', 'display_errors=1', '-S', $address, dirname(__DIR__, 4) . '/examples/php/compat-sam.php'];
        $null = ['file', '/dev/null', 'w'];
        $server = proc_open($command, [['file', '/dev/null', 'r'], $null, $null], $pipes, null, ['MQTT_PORT' => (string) self::$broker->port]);
        try {
            $context = stream_context_create(['http' => [
                'method' => 'POST', 'header' => 'Content-Type: application/x-www-form-urlencoded', 'timeout' => self::DEADLINE, 'ignore_errors' => true,
                'content' => http_build_query(['target' => 'tokudu/a1b2', 'message' => 'hello & more']),
            ]]);
            for ($end = microtime(true) + self::DEADLINE; ($answer = @file_get_contents("http://$address/", false, $context)) === false && microtime(true) < $end;) {
                // There is no event to wait for: the port opens in another process.
                usleep(10_000);
            }
            $this->assertSame("sent to tokudu/a1b2: hello &amp; more\n", $answer);
            $message = $listener->receive(self::DEADLINE);
            $this->assertSame(['tokudu/a1b2', 'hello & more'], [$message?->topic, $message?->payload]);
        } finally {
            proc_terminate($server, SIGKILL);
            proc_close($server);
        }
        $listener->disconnect();
    }
}
