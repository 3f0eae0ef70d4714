<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqtt;

use Bluerhinos\phpMQTT;
use PHPUnit\Framework\TestCase;
use ReflectionClass;
use ScriptedBroker;

require_once dirname(__DIR__) . '/autoload.php';

/** The class itself, and what a real broker would not do. */
final class ClassTest extends TestCase
{
    private const ACCEPTED = '20020000';

    public function testNamesAndDefaults(): void
    {
        $this->assertTrue(is_a('phpMQTT', phpMQTT::class, true));
        $client = new \phpMQTT('broker.example', 1883, 'me', '/ca.pem');
        $this->assertInstanceOf(phpMQTT::class, $client);
        $this->assertSame(['broker.example', 1883, 'me', '/ca.pem'], [$client->address, $client->port, $client->clientid, $client->cafile]);
        $this->assertSame([10, null, [], false, null], [$client->keepalive, $client->timesinceping, $client->topics, $client->debug, $client->will]);
        $client->broker('other', 1884, 'you');
        $this->assertSame(['other', 1884, 'you', null], [$client->address, $client->port, $client->clientid, $client->cafile]);
        $class = new ReflectionClass(phpMQTT::class);
        $this->assertFalse($class->isFinal());
        foreach (['socket', 'msgid', 'username', 'password', 'known_commands'] as $name) {
            $this->assertTrue($class->getProperty($name)->isProtected(), $name);
        }
        $this->assertSame(1, $class->getProperty('msgid')->getDefaultValue());
        $this->assertSame('PUBLISH', $class->getStaticPropertyValue('known_commands')[3]);
    }

    /** What subclasses build packets with. */
    public function testHelpers(): void
    {
        $client = new class('a', 1, 'b') extends phpMQTT {
            /** @return list<mixed> */
            public function helpers(): array
            {
                $at = 5;
                $text = $this->strwritestring('abc', $at);
                $lengths = $read = [];
                foreach ([0, 127, 128, 16383, 16384, 268435455] as $length) {
                    $bytes = 'x' . $this->setmsglength($length);
                    $from = 1;
                    $lengths[] = bin2hex(substr($bytes, 1));
                    $read[] = [$this->getmsglength($bytes, $from), $from - 1];
                }
                return [$text, $at, $lengths, $read];
            }
        };
        $this->assertSame(
            ["\0\3abc", 10, ['00', '7f', '8001', 'ff7f', '808001', 'ffffff7f'], [[0, 1], [127, 1], [128, 2], [16383, 2], [16384, 3], [268435455, 4]]],
            $client->helpers(),
        );
        ob_start();
        $client->printstr("A\n");
        $this->assertSame("   0: 01000001 : 0x41 : A \n   1: 00001010 : 0x0a :   \n", ob_get_clean());
    }

    /** message() is called with topic and payload in one string, and may be overridden. */
    public function testMessage(): void
    {
        $client = new phpMQTT('a', 1, 'b');
        $got = [];
        $client->topics = [
            'a/+' => ['qos' => 0, 'function' => function (string $topic, string $message) use (&$got): void {
                $got[] = "plus $topic $message";
            }],
            'a/#' => ['qos' => 0, 'function' => function (string $topic, string $message) use (&$got): void {
                $got[] = "hash $topic $message";
            }],
            'b' => ['qos' => 0, 'function' => '__direct_return_message__'],
            123 => ['qos' => 0, 'function' => fn () => $got[] = 'number'],
        ];
        $this->assertTrue($client->message("\0\3a/bxyz"));
        $this->assertSame(['plus a/b xyz', 'hash a/b xyz'], $got);
        // The parent of "a/#" belongs to it.
        $this->assertTrue($client->message("\0\1ax"));
        $this->assertSame('hash a x', $got[2]);
        $this->assertSame('the payload', $client->message("\0\1bthe payload"));
        $this->assertTrue($client->message("\0\x03123x"));
        $this->assertFalse($client->message("\0\1cx"));
    }

    public function testDebugPrints(): void
    {
        $broker = new ScriptedBroker([1 => self::ACCEPTED . 'd000']);
        $client = $this->client($broker);
        $client->debug = true;
        ob_start();
        $client->connect();
        $client->proc();
        $client->ping();
        $output = (string) ob_get_clean();
        $client->debug = false;
        $this->assertMatchesRegularExpression('/^\w{3}, \d\d \w{3} \d{4} [\d:]{8} \+0000: Connected to Broker\n/', $output);
        $this->assertStringContainsString('Received CMD: 13 (PINGRESP)', $output);
        $this->assertStringContainsString('ping sent', $output);
    }

    /** @return iterable<string, array{string}> */
    public function refusals(): iterable
    {
        yield 'not authorized' => ['20020005'];
        yield 'closed' => ['close'];
        yield 'no answer to CONNECT' => ['d000'];
        yield 'no MQTT' => ['30ffffffffff'];
    }

    /** @dataProvider refusals */
    public function testARefusalIsFalse(string $answer): void
    {
        $client = $this->client(new ScriptedBroker([1 => $answer]));
        set_error_handler(fn (): bool => true);
        try {
            $this->assertFalse($client->connect());
        } finally {
            restore_error_handler();
        }
        $this->assertCount(1, $client->errors);
        if ($answer === '20020005') {
            $this->assertSame('Connection failed! (Error: 0x20 0x05)', $client->errors[0]);
        }
    }

    /** The original noted the time when it sent a ping, so a broker that was gone was never noticed. */
    public function testABrokerThatDoesNotAnswerIsLeft(): void
    {
        $client = $this->client(new ScriptedBroker([1 => self::ACCEPTED]));
        $client->keepalive = 1;
        $this->assertTrue($client->connect());
        for ($begin = microtime(true); $client->connects < 2;) {
            $client->proc();
            $this->assertLessThan(30.0, microtime(true) - $begin);
        }
        $this->assertSame(2, $client->connects);
    }

    public function testIdentifiersWrapAround(): void
    {
        $client = $this->client(new ScriptedBroker([1 => self::ACCEPTED, 3 => '4002id']));
        $client->connect();
        $client->setId(65535);
        $client->publish('a', 'x', 1);
        $client->publish('a', 'x', 1);
        $client->disconnect();
        $this->assertSame(2, $client->getId());
        $this->assertSame([], $client->errors);
    }

    public function testASubscriptionThatIsRefusedIsAnErrorMessage(): void
    {
        $client = $this->client(new ScriptedBroker([1 => self::ACCEPTED, 8 => '9003id80']));
        $client->connect();
        $client->subscribe(['a/b' => ['qos' => 0, 'function' => 'strlen']]);
        $this->assertSame(['the broker refuses the subscription to a/b'], $client->errors);
    }

    /** A message at QoS 2 that is sent again is delivered once. */
    public function testARepeatedMessageAtQos2IsDeliveredOnce(): void
    {
        $client = $this->client(new ScriptedBroker([1 => self::ACCEPTED, 8 => '9003id02' . '340600016100077A' . '3c0600016100077A' . '62020007' . '340600016100077B']));
        $client->connect();
        $got = '';
        $client->subscribe(['a' => ['qos' => 2, 'function' => function (string $topic, string $message) use (&$got): void {
            $got .= $message;
        }]]);
        for ($begin = microtime(true); strlen($got) < 2;) {
            $client->proc();
            $this->assertLessThan(30.0, microtime(true) - $begin);
        }
        $this->assertSame('z{', $got);
    }

    /** read() gives bytes, as many as there are or as asked for. */
    public function testRead(): void
    {
        $client = $this->client(new ScriptedBroker([1 => self::ACCEPTED . '300400016178' . 'd000']));
        $client->connect();
        $this->assertSame('3004', bin2hex($client->read(2)));
        $this->assertSame('00016178d0', bin2hex($client->read(5)));
        $this->assertSame('00', bin2hex($client->read(100, true)));
        $this->assertSame('', $client->read(100, true));
    }

    private function client(ScriptedBroker $broker): Recorded
    {
        $client = new Recorded('127.0.0.1', (int) substr((string) strrchr($broker->uri, ':'), 1), 'me');
        $client->broker = $broker;
        return $client;
    }
}

/** phpMQTT whose messages are kept. */
class Recorded extends phpMQTT
{
    /** @var list<string> */
    public array $errors = [];
    public int $connects = 0;
    public ?ScriptedBroker $broker = null;

    public function connect($clean = true, $will = null, $username = null, $password = null): bool
    {
        ++$this->connects;
        return parent::connect($clean, $will, $username, $password);
    }

    public function setId(int $id): void
    {
        $this->msgid = $id;
    }

    public function getId(): int
    {
        return $this->msgid;
    }

    protected function _errorMessage(string $message): void
    {
        $this->errors[] = $message;
    }
}
