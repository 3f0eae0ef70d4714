<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

require_once __DIR__ . '/autoload.php';

use DateTime;
use ScriptedBroker;
use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\Exceptions\InvalidMessageException;
use PhpMqtt\Client\Exceptions\ProtocolViolationException;
use PhpMqtt\Client\MqttClient;
use PhpMqtt\Client\PendingMessage;
use PhpMqtt\Client\Repositories\MemoryRepository;
use PHPUnit\Framework\TestCase;

/** What a real broker would not do: refusals, silence, answers to what was not asked. */
final class ScriptedTest extends TestCase
{
    private const ACCEPTED = '20020000';
    private const PINGRESP = 'd000';

    private Lines $log;
    private MemoryRepository $repository;
    private ScriptedBroker $broker;
    /** @var list<MqttClient> the one in use first */
    private array $clients = [];

    protected function setUp(): void
    {
        interface_exists(\Psr\Log\LoggerInterface::class) || $this->markTestSkipped('psr/log is not here: install php-psr-log');
        $this->log = new Lines();
        $this->repository = new MemoryRepository();
    }

    /** @param array<int, string> $answers by packet type */
    private function client(array $answers, string $protocol = MqttClient::MQTT_3_1_1): MqttClient
    {
        $this->broker = new ScriptedBroker($answers);
        $port = (int) substr((string) strrchr($this->broker->uri, ':'), 1);
        array_unshift($this->clients, new MqttClient('127.0.0.1', $port, 'me', $protocol, $this->repository, $this->log));
        return $this->clients[0];
    }

    private function until(MqttClient $client, callable $isTrue): void
    {
        for ($begin = microtime(true); !$isTrue();) {
            $client->loopOnce($begin, true, 5_000);
            $this->assertLessThan(30.0, microtime(true) - $begin, 'it did not come true in time');
        }
    }

    /** How often these bytes were written in one piece. */
    private function written(string $hex): int
    {
        $line = "debug MQTT [{$this->clients[0]->getHost()}:{$this->clients[0]->getPort()}] [me] Wrote to the broker: " . hex2bin($hex);
        return count(array_keys($this->log->lines, $line, true));
    }

    /** @return iterable<string, array{string, int, string}> */
    public function refusals(): iterable
    {
        yield 'version' => ['20020001', 2, 'The configured broker does not support MQTT v3.1.'];
        yield 'identifier' => ['20020002', 3, 'The configured broker rejected the sent identifier.'];
        yield 'unavailable' => ['20020003', 4, 'The configured broker is currently unavailable.'];
        yield 'credentials' => ['20020004', 5, 'The configured broker reported the credentials as invalid.'];
        yield 'not authorized' => ['20020005', 6, 'The configured broker responded with unauthorized.'];
        yield 'unknown code' => ['20020009', 1, 'The configured broker responded with an invalid error code. A connection could not be established.'];
        yield 'another packet' => ['d000', 1, 'A connection could not be established. Expected connect acknowledgement; received a different response else.'];
        yield 'no MQTT' => ['30ffffffffff', 1, 'A connection could not be established due to data transfer issues.'];
        yield 'closed' => ['close', 1, 'A connection could not be established due to data transfer issues.'];
    }

    /** @dataProvider refusals */
    public function testRefusalsOfConnect(string $answer, int $code, string $text): void
    {
        $client = $this->client([1 => $answer]);
        try {
            $client->connect();
            $this->fail('not refused');
        } catch (ConnectingToBrokerFailedException $e) {
            $this->assertSame([$code, "[$code] Establishing a connection to the MQTT broker failed: $text", null, null], [$e->getCode(), $e->getMessage(), $e->getConnectionErrorCode(), $e->getConnectionErrorMessage()]);
        }
        $this->assertFalse($client->isConnected());
    }

    /** The original looked for the answer in a busy loop: a core for as long as the time-out. */
    public function testNoAnswerToConnect(): void
    {
        $client = $this->client([]);
        $before = getrusage();
        try {
            $client->connect((new ConnectionSettings())->setConnectTimeout(1));
            $this->fail('answered');
        } catch (ConnectingToBrokerFailedException $e) {
            $this->assertSame(4, $e->getCode());
            $this->assertStringEndsWith('The broker did not acknowledge the connection attempt within the configured connection timeout period.', $e->getMessage());
        }
        $after = getrusage();
        $this->assertLessThan(0.7, $after['ru_utime.tv_sec'] - $before['ru_utime.tv_sec'] + ($after['ru_utime.tv_usec'] - $before['ru_utime.tv_usec']) / 1e6);
    }

    public function testNobodyListens(): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $port = (int) substr((string) strrchr((string) stream_socket_get_name($socket, false), ':'), 1);
        fclose($socket);
        try {
            (new MqttClient('127.0.0.1', $port))->connect();
            $this->fail('connected');
        } catch (ConnectingToBrokerFailedException $e) {
            $this->assertSame([1000, '111'], [$e->getCode(), $e->getConnectionErrorCode()]);
            $this->assertStringStartsWith('Connection refused', (string) $e->getConnectionErrorMessage());
            $this->assertStringStartsWith('[1000] Establishing a connection to the MQTT broker failed: Socket error [111]: Connection refused', $e->getMessage());
        }
    }

    /** @return iterable<array{string}> */
    public function hostsThatAreNone(): iterable
    {
        yield ['host.invalid'];
        yield ['no host'];
        yield [''];
    }

    /** @dataProvider hostsThatAreNone */
    public function testAHostThatIsNone(string $host): void
    {
        $this->expectException(ConnectingToBrokerFailedException::class);
        $this->expectExceptionCode(1000);
        (new MqttClient($host, 1883))->connect();
    }

    public function testTheGrantedQosReplacesTheOneAskedFor(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id00']);
        $client->connect();
        $client->subscribe('a', fn () => null, 2);
        $this->assertSame(0, $this->repository->countSubscriptions());
        $this->until($client, fn (): bool => $this->repository->countSubscriptions() === 1);
        $this->assertSame(0, $this->repository->getSubscriptionsMatchingTopic('a')[0]->getQualityOfServiceLevel());
        $this->assertSame(0, $this->repository->countPendingOutgoingMessages());
    }

    public function testARefusedSubscription(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id80']);
        $client->connect();
        $client->subscribe('a');
        $this->until($client, fn (): bool => $this->repository->countPendingOutgoingMessages() === 0);
        $this->assertSame(0, $this->repository->countSubscriptions());
        $this->assertTrue($this->log->has('notice', '[a]'));

        // MQTT 3.1 has no such answer.
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id80'], MqttClient::MQTT_3_1);
        $client->connect();
        $client->subscribe('a');
        $this->expectException(InvalidMessageException::class);
        $this->expectExceptionMessage('Received subscribe acknowledgement with invalid QoS values from the broker.');
        $this->until($client, fn (): bool => false);
    }

    public function testAnAnswerToAnotherNumberOfFilters(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 8 => '9004id0001']);
        $client->connect();
        $client->subscribe('a');
        $this->expectException(ProtocolViolationException::class);
        $this->expectExceptionMessage('Protocol violation: The MQTT broker responded with a different amount of QoS acknowledgements (2) than we expected (1)..');
        $this->until($client, fn (): bool => false);
    }

    /** @return iterable<string, array{string, string}> */
    public function answersToNothing(): iterable
    {
        yield 'PUBACK' => ['40020009', 'PUBACK'];
        yield 'PUBREC' => ['50020009', 'PUBREC'];
        yield 'PUBREL' => ['62020009', 'PUBREL'];
        yield 'PUBCOMP' => ['70020009', 'PUBCOMP'];
        yield 'SUBACK' => ['9003000900', 'SUBACK'];
        yield 'UNSUBACK' => ['b0020009', 'UNSUBACK'];
    }

    /** @dataProvider answersToNothing */
    public function testAnswersToNothingAreNoticed(string $answer, string $type): void
    {
        $client = $this->client([1 => self::ACCEPTED . $answer]);
        $client->connect();
        $this->until($client, fn (): bool => $this->log->has('notice', "[$type]"));
        // So that the broker does not go on asking.
        $this->assertSame($type === 'PUBREC' ? 1 : 0, $this->written('62020009'));
        $this->assertSame($type === 'PUBREL' ? 1 : 0, $this->written('70020009'));
    }

    public function testAPingOfTheBrokerIsAnswered(): void
    {
        $client = $this->client([1 => self::ACCEPTED . 'c000']);
        $client->connect();
        $this->until($client, fn (): bool => $this->written('d000') === 1);
        $this->assertSame(1, $this->written('d000'));
    }

    public function testASecondConnack(): void
    {
        $client = $this->client([1 => self::ACCEPTED . self::ACCEPTED]);
        $client->connect();
        $this->expectException(ProtocolViolationException::class);
        $this->expectExceptionMessage('Protocol violation: Unexpected connection acknowledgement.');
        $this->until($client, fn (): bool => false);
    }

    public function testWhatIsNoMqtt(): void
    {
        $client = $this->client([1 => self::ACCEPTED . '30ffffffffff']);
        $client->connect();
        $this->expectException(ProtocolViolationException::class);
        $this->until($client, fn (): bool => false);
    }

    public function testPings(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 12 => self::PINGRESP]);
        $client->connect((new ConnectionSettings())->setKeepAliveInterval(1));
        $this->until($client, fn (): bool => $this->written('c000') >= 2);
        $this->assertTrue($client->isConnected());
    }

    public function testAPingWithoutAnAnswer(): void
    {
        $client = $this->client([1 => self::ACCEPTED]);
        $client->connect((new ConnectionSettings())->setKeepAliveInterval(1));
        try {
            $this->until($client, fn (): bool => false);
        } catch (DataTransferException $e) {
            $this->assertSame([66, '[66] Transferring data over socket failed: No ping response received in time. The connection is dead.'], [$e->getCode(), $e->getMessage()]);
        }
        $this->assertFalse($client->isConnected());
    }

    public function testAPingWithoutAnAnswerReconnects(): void
    {
        $client = $this->client([1 => self::ACCEPTED]);
        $reconnects = 0;
        $client->registerConnectedEventHandler(function (MqttClient $client, bool $isAutoReconnect) use (&$reconnects): void {
            $reconnects += (int) $isAutoReconnect;
        });
        $client->connect((new ConnectionSettings())->setKeepAliveInterval(1)->setReconnectAutomatically(true));
        $this->until($client, function () use (&$reconnects): bool {
            return $reconnects === 1;
        });
        $this->assertTrue($client->isConnected());
    }

    public function testWhatIsNotAnsweredIsSentAgain(): void
    {
        $client = $this->client([1 => self::ACCEPTED]);
        $client->connect((new ConnectionSettings())->setResendTimeout(1));
        $published = [];
        $client->registerPublishEventHandler(function (MqttClient $client, string $topic, string $message, ?int $id) use (&$published): void {
            $published[] = $id;
        });
        $client->publish('a', 'x', 1);
        $client->subscribe('b');
        $client->unsubscribe('c');
        $this->until($client, function () use (&$published): bool {
            return count($published) === 2 && $this->written('a2050003000163') === 2;
        });
        $this->assertSame([1, 1], $published);
        $this->assertSame([1, 1], [$this->written('32060001610001' . '78'), $this->written('3a060001610001' . '78')]);
        $this->assertSame(2, $this->written('8206000200016200'));
        $attempts = array_map(fn (PendingMessage $pending): int => $pending->getSendingAttempts(), $this->repository->getPendingOutgoingMessagesLastSentBefore(new DateTime('+1 day')));
        $this->assertSame([2, 2, 2], $attempts);
    }

    /**
     * MQTT 3.1 marks a repeated UNSUBSCRIBE, MQTT 3.1.1 forbids it: the original marked it in both, for which a broker closes
     * the connection.
     */
    public function testARepeatedUnsubscribeIsMarkedInMqtt31(): void
    {
        $client = $this->client([1 => self::ACCEPTED], MqttClient::MQTT_3_1);
        $client->connect((new ConnectionSettings())->setResendTimeout(1));
        $client->unsubscribe('c');
        $this->until($client, fn (): bool => $this->written('aa050001000163') === 1);
        $this->assertSame(1, $this->written('a2050001000163'));
    }

    /** After PUBREC the broker has the message. The original sent the PUBLISH again, in place of PUBREL. */
    public function testAfterPubrecTheReleaseIsSentAgain(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 3 => '5002id']);
        $client->connect((new ConnectionSettings())->setResendTimeout(1));
        $published = 0;
        $client->registerPublishEventHandler(function () use (&$published): void {
            ++$published;
        });
        $client->publish('a', 'x', 2);
        $this->until($client, fn (): bool => $this->written('62020001') === 2);
        $this->assertSame(1, $published);
    }

    /** A message at QoS 2 that comes twice before its release is delivered once, when it is released. */
    public function testAMessageAtQos2IsDeliveredOnceAndWhenReleased(): void
    {
        // The client's PUBREC is answered with PUBREL, so that both copies come before it.
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id02' . '34060001610007' . '78' . '3c060001610007' . '78', 5 => '6202id']);
        $client->connect();
        $got = [];
        $client->subscribe('a', function (string $topic, string $message) use (&$got): void {
            $got[] = [$message, $this->written('50020007'), $this->written('70020007')];
        }, 2);
        $this->until($client, fn (): bool => $this->written('70020007') >= 2);
        $this->assertCount(1, $got);
        $this->assertSame(['x', 2, 0], $got[0]);
        $this->assertSame(0, $this->repository->countPendingIncomingMessages());
    }

    /**
     * A broker that has lost the session releases nothing, and uses the identifier for another message. The original took that one
     * for a repetition and delivered neither.
     */
    public function testAMessageAtQos2OutlivesTheSessionOfTheBroker(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id02' . '34060001610007' . '78', 5 => 'close']);
        $client->connect((new ConnectionSettings())->setReconnectAutomatically(true));
        $got = [];
        $client->subscribe('a', function (string $topic, string $message) use (&$got): void {
            $got[] = $message;
        }, 2);
        $this->until($client, function () use (&$got): bool {
            return count($got) >= 2;
        });
        $this->assertSame(['x', 'x'], array_slice($got, 0, 2));
    }

    /** At QoS 1 the acknowledgement goes out before the callback is called, as ever. */
    public function testAtQos1TheAcknowledgementComesFirst(): void
    {
        $client = $this->client([1 => self::ACCEPTED, 8 => '9003id01' . '32060001610007' . '78']);
        $client->connect();
        $acknowledged = null;
        $client->subscribe('a', function () use (&$acknowledged): void {
            $acknowledged = $this->written('40020007');
        }, 1);
        $this->until($client, function () use (&$acknowledged): bool {
            return $acknowledged !== null;
        });
        $this->assertSame(1, $acknowledged);
    }
}
