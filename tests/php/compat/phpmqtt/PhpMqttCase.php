<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqtt;

use Bluerhinos\phpMQTT;
use Broker;
use Mqtt\Client;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;
use Script;

require_once dirname(__DIR__) . '/autoload.php';

/** What a script does with phpMQTT, with a broker that the subclass names. */
abstract class PhpMqttCase extends TestCase
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

    private function client(?Broker $broker = null, string $id = ''): Recording
    {
        return new Recording('127.0.0.1', ($broker ?? self::$broker)->port, $id ?: 'phpmqtt-' . bin2hex(random_bytes(4)));
    }

    private function connected(): Recording
    {
        $client = $this->client();
        $this->assertTrue($client->connect());
        return $client;
    }

    /** Turns proc() until something has come true. */
    private function until(phpMQTT $client, callable $isTrue): void
    {
        for ($begin = microtime(true); !$isTrue();) {
            $client->proc();
            $this->assertLessThan(self::DEADLINE, microtime(true) - $begin, 'it did not come true in time');
        }
    }

    /** What a client of our own hears. */
    private function listener(string $filter): Client
    {
        $client = new Client(self::$broker->uri(), ['version' => Version::V3_1_1]);
        $client->subscribe($filter, 2);
        return $client;
    }

    /** The original gave deliveries at QoS 1 and 2 their identifier as the first bytes of the payload, and acknowledged none. */
    public function testEveryQosIsReceivedAndAcknowledged(): void
    {
        $client = $this->connected();
        $got = [];
        $client->subscribe(['received/+' => ['qos' => 2, 'function' => function (string $topic, string $message) use (&$got): void {
            $got[] = "$topic $message";
        }]]);
        $this->assertSame(['received/+'], array_keys($client->topics));
        $sender = new Client(self::$broker->uri());
        // More than the window of any broker: without acknowledgements they would stop.
        $expected = [];
        for ($i = 0; $i < 120; ++$i) {
            $sender->publish("received/$i", "AB$i", $i % 3);
            $expected[] = "received/$i AB$i";
        }
        $sender->flush(self::DEADLINE);
        $this->until($client, function () use (&$got): bool {
            return count($got) >= 120;
        });
        sort($expected);
        sort($got);
        $this->assertSame($expected, $got);
        $client->close();
    }

    /** The original never finished QoS 2, for which mosquitto closed the connection after twenty messages. */
    public function testEveryQosIsPublished(): void
    {
        $listener = $this->listener('published/+');
        $client = $this->connected();
        for ($i = 0; $i < 150; ++$i) {
            $client->publish("published/$i", (string) $i, $i % 3);
        }
        $client->close();
        $got = [];
        while (count($got) < 150 && ($message = $listener->receive(self::DEADLINE))) {
            $got[] = $message->payload;
        }
        sort($got, SORT_NUMERIC);
        $this->assertSame(array_map('strval', range(0, 149)), $got);
        $this->assertSame([], $client->errors);
        $listener->disconnect();
    }

    public function testRetain(): void
    {
        $client = $this->connected();
        $client->publish('phpmqtt/kept', 'x', 1, true);
        $client->disconnect();
        $message = $this->listener('phpmqtt/kept')->receive(self::DEADLINE);
        $this->assertSame(['x', true], [$message->payload, $message->retain]);
        $client->connect();
        $client->publish('phpmqtt/kept', '', 1, 1);
        $client->close();
    }

    public function testSubscribeAndWaitForMessage(): void
    {
        $sender = $this->connected();
        $sender->publish('phpmqtt/answer', 'the answer', 1, true);
        $sender->close();
        $client = $this->connected();
        $this->assertSame('the answer', $client->subscribeAndWaitForMessage('phpmqtt/answer', 2));
        $this->assertSame('__direct_return_message__', $client->topics['phpmqtt/answer']['function']);
        $client->publish('phpmqtt/answer', '', 1, true);
        $client->close();
    }

    /** subscribe() of the original took whatever came first for its answer. */
    public function testMessagesThatComeBeforeTheAnswerAreNotLost(): void
    {
        $client = $this->connected();
        $got = [];
        $function = function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        };
        $client->subscribe(['before/#' => ['qos' => 1, 'function' => $function]]);
        for ($i = 0; $i < 30; ++$i) {
            $client->publish('before/x', (string) $i, 1);
        }
        $client->subscribe(['other' => ['qos' => 1, 'function' => $function]]);
        $this->until($client, function () use (&$got): bool {
            return count($got) === 30;
        });
        $this->assertSame(array_map('strval', range(0, 29)), $got);
        $client->close();
    }

    /** The original wrote two bytes of the head of CONNECT, whatever its length, and never connected with long credentials. */
    public function testALongConnect(): void
    {
        $listener = $this->listener('phpmqtt/will');
        $client = $this->client();
        $will = ['topic' => 'phpmqtt/will', 'content' => str_repeat('w', 300), 'qos' => 1, 'retain' => false];
        $this->assertTrue($client->connect(true, $will, str_repeat('u', 200), str_repeat('p', 200)));
        $this->assertSame($will, $client->will);
        // Gone without a word.
        unset($client);
        $this->assertSame(str_repeat('w', 300), $listener->receive(self::DEADLINE)?->payload);
    }

    public function testProcWithoutAMessageReturnsAtOnceOrSoon(): void
    {
        $client = $this->connected();
        $this->assertTrue($client->proc(false));
        $this->assertTrue($client->proc());
        $client->close();
    }

    /** A lost connection is made again by proc(), and the topics are subscribed to again. */
    public function testALostConnectionIsMadeAgain(): void
    {
        $broker = Broker::run($this->program());
        $client = $this->client($broker, 'phpmqtt-again');
        $this->assertTrue($client->connect());
        $got = [];
        $client->subscribe(['again' => ['qos' => 1, 'function' => function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        }]]);
        $broker->stop();
        $broker->start();
        $client->proc();
        $client->publish('again', 'x', 1);
        $this->until($client, function () use (&$got): bool {
            return $got !== [];
        });
        $this->assertSame(['x'], $got);
        $client->close();
    }

    /** What was published and not acknowledged when the connection broke goes again. */
    public function testWhatWasNotAcknowledgedGoesAgain(): void
    {
        $broker = Broker::run($this->program());
        $client = $this->client($broker, 'phpmqtt-resend');
        $this->assertTrue($client->connect());
        $broker->stop();
        $client->publish('again', 'x', 2);
        $broker->start();
        $listener = new Client($broker->uri(), ['version' => Version::V3_1_1]);
        $listener->subscribe('again', 2);
        $client->proc();
        $client->disconnect();
        $this->assertSame('x', $listener->receive(self::DEADLINE)?->payload);
    }

    public function testAnAddressWhereNobodyListens(): void
    {
        $broker = Broker::run($this->program());
        $port = $broker->port;
        $broker->stop();
        $client = new Recording('127.0.0.1', $port, 'nobody');
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings): bool {
            $warnings[] = $text;
            return true;
        });
        try {
            $this->assertFalse($client->connect());
        } finally {
            restore_error_handler();
        }
        $this->assertCount(1, $client->errors);
        $this->assertStringContainsString('111', $client->errors[0]);
        $this->assertCount(1, $warnings);
        $this->assertStringContainsString("127.0.0.1:$port", $warnings[0]);
        // Nothing is thrown without a connection.
        $client->publish('a', 'b');
        $client->subscribe(['a' => ['qos' => 0, 'function' => 'nothing']]);
        $client->ping();
        $client->disconnect();
        $client->close();
        $this->assertFalse($client->read(1));
        $this->assertGreaterThanOrEqual(4, count($client->errors));
    }

    public function testTls(): void
    {
        $directory = sys_get_temp_dir() . '/phpmqtt-' . getmypid() . '-' . $this->program();
        @mkdir($directory);
        $command = ['openssl', 'req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2',
            '-subj', '/CN=localhost', '-addext', 'subjectAltName=DNS:localhost', '-keyout', "$directory/key.pem", '-out', "$directory/cert.pem"];
        $process = proc_open($command, [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        if ($process === false || proc_close($process) !== 0) {
            $this->markTestSkipped('there is no openssl');
        }
        // mosquitto gives its rights away before it reads them.
        chmod("$directory/key.pem", 0644);
        $broker = Broker::run($this->program(), ["certfile $directory/cert.pem", "keyfile $directory/key.pem"]);
        $client = new Recording('localhost', $broker->port, 'tls', "$directory/cert.pem");
        $this->assertTrue($client->connect());
        $client->publish('tls', 'x', 1);
        $client->close();
        $this->assertSame([], $client->errors);
        $client = new Recording('127.0.0.1', $broker->port, 'tls', "$directory/cert.pem");
        set_error_handler(fn (): bool => true);
        $this->assertFalse($client->connect());
        restore_error_handler();
        array_map('unlink', (array) glob("$directory/*"));
        rmdir($directory);
    }

    public function testTopicsThatAreNoneAreAnErrorMessage(): void
    {
        $client = $this->connected();
        $client->publish('a/#', 'x');
        $client->publish(str_repeat('t', 70_000), 'x', 1);
        $client->subscribe(['a/#/b' => ['qos' => 0, 'function' => 'strlen']]);
        $this->assertCount(3, $client->errors);
        // The connection has not suffered.
        $client->publish('a', 'x', 1);
        $client->close();
        $this->assertCount(3, $client->errors);
    }

    /** The end of the script is soon enough: messages at QoS 2 arrive without close(). */
    public function testTheEndOfTheScriptIsWaitedFor(): void
    {
        $listener = $this->listener('phpmqtt/end');
        $folder = dirname(__DIR__, 4) . '/php/compat/phpmqtt';
        $port = self::$broker->port;
        $script = new Script("require '$folder/phpMQTT.php'; \$m = new phpMQTT('127.0.0.1', $port, 'phpmqtt-end'); \$m->connect() || exit(1); \$m->publish('phpmqtt/end', 'x', 2);");
        [$status, $output] = $script->end(self::DEADLINE);
        $this->assertSame([0, ''], [$status, $output]);
        $this->assertSame('x', $listener->receive(self::DEADLINE)?->payload);
        $listener->disconnect();
    }

    public function testTheExample(): void
    {
        $example = dirname(__DIR__, 4) . '/examples/php/compat-phpmqtt.php';
        $script = new Script("\$argv = ['', '127.0.0.1', '" . self::$broker->port . "']; \$argc = 3; require '$example';");
        [$status, $output] = $script->end(self::DEADLINE);
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString("sensors/1/temperature: 21.5\n", $output);
        $this->assertStringContainsString("the last word: bye\n", $output);
    }
}

/** phpMQTT whose messages are kept. */
class Recording extends phpMQTT
{
    /** @var list<string> */
    public array $errors = [];

    protected function _errorMessage(string $message): void
    {
        $this->errors[] = $message;
    }
}
