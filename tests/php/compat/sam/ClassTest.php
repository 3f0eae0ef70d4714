<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Sam;

use PHPUnit\Framework\TestCase;
use SAMConnection;
use SAMMessage;
use Script;
use ScriptedBroker;
use stdClass;

require_once dirname(__DIR__) . '/autoload.php';

/** Constants, messages, and every errno. */
final class ClassTest extends TestCase
{
    private const ACCEPTED = '20020000';

    public function testConstants(): void
    {
        $this->assertSame(['mqtt', '#-#'], [SAM_MQTT, SAM_MQTT_SUB_SEPARATOR]);
        foreach (['SAM_HOST', 'SAM_PORT', 'SAM_WAIT', 'SAM_CORRELID', 'SAM_MESSAGEID', 'SAM_MQTT_CLEANSTART', 'SAM_MQTT_QOS'] as $name) {
            $this->assertSame($name, constant($name));
        }
    }

    /** A script may have helped itself with constants of its own. */
    public function testConstantsThatAreThereStay(): void
    {
        $folder = dirname(__DIR__, 4) . '/php/compat/sam';
        $script = new Script("define('SAM_HOST', 'mine'); require '$folder/php_sam.php'; echo SAM_HOST, ' ', SAM_PORT, ' ', get_class(new SAMConnection()), ' ', json_encode(array_map('function_exists', ['e', 't', 'x']));");
        $this->assertSame([0, 'mine SAM_PORT SAMConnection [false,false,false]'], $script->end(30));
    }

    public function testMessages(): void
    {
        $message = new SAMMessage('text');
        $this->assertSame('text', $message->body);
        $this->assertInstanceOf(stdClass::class, $message->header);
        $message->header->SAM_CORRELID = 'x';
        $this->assertSame('', (new SAMMessage())->body);
        $this->assertSame('0', (new SAMMessage('0'))->body);
    }

    public function testDefaults(): void
    {
        $connection = new SAMConnection();
        $this->assertSame([false, 0, '', null], [$connection->debug, $connection->errno, $connection->error, $connection->connection]);
        $this->assertIsObject($connection->create(SAM_MQTT));
        $this->assertFalse($connection->create('wmq'));
    }

    public function testErrorsOfConnect(): void
    {
        $connection = new SAMConnection();
        $this->assertFalse($connection->connect());
        $this->assertSame(101, $connection->errno);
        $this->assertFalse($connection->connect('wmq'));
        $this->assertSame([102, 'Unsupported protocol!'], [$connection->errno, $connection->error]);
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        $this->assertFalse($connection->connect(SAM_MQTT, [SAM_HOST => '127.0.0.1', SAM_PORT => $port]));
        $this->assertSame([208, 'Unable to open socket to broker!'], [$connection->errno, $connection->error]);
    }

    /** The original noted 106 in a variable that nobody saw. */
    public function testEverythingNeedsAConnection(): void
    {
        $calls = [
            fn (SAMConnection $c) => $c->send('topic://a', new SAMMessage('x')), fn (SAMConnection $c) => $c->receive('a'), fn (SAMConnection $c) => $c->subscribe('topic://a'),
            fn (SAMConnection $c) => $c->unsubscribe('a'), fn (SAMConnection $c) => $c->disconnect(), fn (SAMConnection $c) => $c->isConnected(), fn (SAMConnection $c) => $c->commit(),
            fn (SAMConnection $c) => $c->rollback(), fn (SAMConnection $c) => $c->peek('a'), fn (SAMConnection $c) => $c->peekAll('a'), fn (SAMConnection $c) => $c->remove('a'),
        ];
        foreach ($calls as $call) {
            $connection = new SAMConnection();
            $this->assertFalse($call($connection));
            $this->assertSame([106, 'No active connection!'], [$connection->errno, $connection->error]);
        }
    }

    public function testWhatMqttHasNot(): void
    {
        $connection = $this->connection([1 => self::ACCEPTED]);
        foreach (['commit' => [], 'rollback' => [], 'peek' => ['a'], 'peekAll' => ['a', []], 'remove' => ['a']] as $method => $arguments) {
            $connection->errno = 0;
            $this->assertFalse($connection->$method(...$arguments));
            $this->assertSame([100, 'Unsupported operation for MQTT protocol!'], [$connection->errno, $connection->error]);
        }
    }

    public function testTargetsAndSubscriptionsThatAreNone(): void
    {
        $connection = $this->connection([1 => self::ACCEPTED]);
        $this->assertFalse($connection->send('queue://a', new SAMMessage('x')));
        $this->assertSame([279, 'Specified target (queue://a) is not a valid topic!'], [$connection->errno, $connection->error]);
        $this->assertFalse($connection->subscribe('a'));
        $this->assertSame(279, $connection->errno);
        foreach (['receive', 'unsubscribe'] as $method) {
            $this->assertFalse($connection->$method('no subscription'));
            $this->assertSame([279, 'Specified subscription id (no subscription) is not valid!'], [$connection->errno, $connection->error]);
        }
        // Wildcards cannot be published to; the connection stays.
        $this->assertFalse($connection->send('topic://a/#', new SAMMessage('x')));
        $this->assertSame(302, $connection->errno);
        $this->assertTrue($connection->send('topic://a', new SAMMessage('x')));
    }

    /** @return iterable<string, array{array<int, string>, callable(SAMConnection): mixed, int}> */
    public function failures(): iterable
    {
        $send = fn (int $qos) => fn (SAMConnection $c) => $c->send('topic://a', new SAMMessage('x'), [SAM_MQTT_QOS => $qos]);
        yield 'refused' => [[1 => '20020005'], $send(0), 218];
        yield 'identifier refused' => [[1 => '20020002'], $send(0), 279];
        yield 'closed at CONNECT' => [[1 => 'close'], $send(0), 218];
        yield 'another answer' => [[1 => 'd000'], $send(0), 218];
        yield 'closed at QoS 1' => [[1 => self::ACCEPTED, 3 => 'close'], $send(1), 302];
        yield 'closed at QoS 2' => [[1 => self::ACCEPTED, 3 => '5002id', 6 => 'close'], $send(2), 302];
        yield 'closed at SUBSCRIBE' => [[1 => self::ACCEPTED, 8 => 'close'], fn (SAMConnection $c) => $c->subscribe('topic://a'), 301];
        yield 'subscription refused' => [[1 => self::ACCEPTED, 8 => '9003id03'], fn (SAMConnection $c) => $c->subscribe('topic://a'), 301];
        yield 'closed at UNSUBSCRIBE' => [[1 => self::ACCEPTED, 10 => 'close'], fn (SAMConnection $c) => $c->unsubscribe('me#-#a'), 302];
        yield 'no message' => [[1 => self::ACCEPTED . '30ffffffffff'], fn (SAMConnection $c) => $c->receive('me#-#a', [SAM_WAIT => 30_000]), 303];
        yield 'closed while receiving' => [[1 => self::ACCEPTED, 8 => '9003id00'], fn (SAMConnection $c) => $c->receive('me#-#a', [SAM_WAIT => 20]), 500];
    }

    /**
     * @dataProvider failures
     *
     * @param array<int, string> $answers
     */
    public function testFailures(array $answers, callable $call, int $errno): void
    {
        $connection = $this->connection($answers);
        $this->assertFalse($call($connection));
        $this->assertSame($errno, $connection->errno, (string) $connection->error);
        $this->assertNotSame('', $connection->error);
    }

    /** After a lost connection the next call makes a new one. */
    public function testTheNextCallConnectsAgain(): void
    {
        $connection = $this->connection([1 => self::ACCEPTED, 8 => 'close']);
        $this->assertFalse($connection->subscribe('topic://a'));
        $this->assertFalse($connection->isConnected());
        $this->assertTrue($connection->send('topic://a', new SAMMessage('x')));
        $this->assertTrue($connection->isConnected());
    }

    /** A message at QoS 2 that is sent again is received once. */
    public function testARepeatedMessageAtQos2(): void
    {
        $connection = $this->connection([1 => self::ACCEPTED . '340600016100077A' . '3c0600016100077A' . '62020007' . '340600016100077B']);
        $bodies = [];
        for ($i = 0; $i < 2; ++$i) {
            $bodies[] = $connection->receive('me#-#a', [SAM_WAIT => 30_000])->body;
        }
        $this->assertSame(['z', '{'], $bodies);
    }

    public function testDebugPrints(): void
    {
        $connection = $this->connection([1 => self::ACCEPTED]);
        $connection->setDebug(true);
        $this->assertTrue($connection->debug);
        ob_start();
        $connection->send('nonsense', new SAMMessage('x'));
        $this->assertStringContainsString('279 Specified target (nonsense)', (string) ob_get_clean());
        $connection->setDebug();
        $this->assertFalse($connection->debug);
    }

    private ScriptedBroker $broker;

    /** @param array<int, string> $answers by packet type */
    private function connection(array $answers): SAMConnection
    {
        $this->broker = new ScriptedBroker($answers);
        $connection = new SAMConnection();
        $this->assertTrue($connection->connect(SAM_MQTT, [SAM_HOST => '127.0.0.1', SAM_PORT => (int) substr((string) strrchr($this->broker->uri, ':'), 1)]));
        return $connection;
    }
}
