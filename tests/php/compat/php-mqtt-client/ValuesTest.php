<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

require_once __DIR__ . '/autoload.php';

use BadMethodCallException;
use Closure;
use DateTime;
use Exception;
use UnexpectedValueException;
use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions;
use PhpMqtt\Client\Logger;
use PhpMqtt\Client\Message;
use PhpMqtt\Client\MessageType;
use PhpMqtt\Client\MqttClient;
use PhpMqtt\Client\PendingMessage;
use PhpMqtt\Client\PublishedMessage;
use PhpMqtt\Client\Repositories\MemoryRepository;
use PhpMqtt\Client\SubscribeRequest;
use PhpMqtt\Client\Subscription;
use PhpMqtt\Client\UnsubscribeRequest;
use PHPUnit\Framework\TestCase;

/** The classes that need no broker. */
final class ValuesTest extends TestCase
{
    /** @return iterable<string, array{string, string, mixed, mixed}> setter, getter, default, another value */
    public function settings(): iterable
    {
        yield 'username' => ['setUsername', 'getUsername', null, 'joe'];
        yield 'password' => ['setPassword', 'getPassword', null, 'secret'];
        yield 'blocking' => ['useBlockingSocket', 'shouldUseBlockingSocket', false, true];
        yield 'connect timeout' => ['setConnectTimeout', 'getConnectTimeout', 60, 3];
        yield 'socket timeout' => ['setSocketTimeout', 'getSocketTimeout', 5, 3];
        yield 'resend timeout' => ['setResendTimeout', 'getResendTimeout', 10, 3];
        yield 'keep-alive' => ['setKeepAliveInterval', 'getKeepAliveInterval', 10, 3];
        yield 'reconnect' => ['setReconnectAutomatically', 'shouldReconnectAutomatically', false, true];
        yield 'attempts' => ['setMaxReconnectAttempts', 'getMaxReconnectAttempts', 3, 7];
        yield 'delay' => ['setDelayBetweenReconnectAttempts', 'getDelayBetweenReconnectAttempts', 0, 7];
        yield 'will topic' => ['setLastWillTopic', 'getLastWillTopic', null, 'a'];
        yield 'will message' => ['setLastWillMessage', 'getLastWillMessage', null, 'a'];
        yield 'will QoS' => ['setLastWillQualityOfService', 'getLastWillQualityOfService', 0, 2];
        yield 'will retain' => ['setRetainLastWill', 'shouldRetainLastWill', false, true];
        yield 'TLS' => ['setUseTls', 'shouldUseTls', false, true];
        yield 'verify peer' => ['setTlsVerifyPeer', 'shouldTlsVerifyPeer', true, false];
        yield 'verify name' => ['setTlsVerifyPeerName', 'shouldTlsVerifyPeerName', true, false];
        yield 'self-signed' => ['setTlsSelfSignedAllowed', 'isTlsSelfSignedAllowed', false, true];
        yield 'CA file' => ['setTlsCertificateAuthorityFile', 'getTlsCertificateAuthorityFile', null, '/a'];
        yield 'CA path' => ['setTlsCertificateAuthorityPath', 'getTlsCertificateAuthorityPath', null, '/a'];
        yield 'certificate' => ['setTlsClientCertificateFile', 'getTlsClientCertificateFile', null, '/a'];
        yield 'key' => ['setTlsClientCertificateKeyFile', 'getTlsClientCertificateKeyFile', null, '/a'];
        yield 'passphrase' => ['setTlsClientCertificateKeyPassphrase', 'getTlsClientCertificateKeyPassphrase', null, 'a'];
        yield 'ALPN' => ['setTlsAlpn', 'getTlsAlpn', null, 'mqtt'];
    }

    /** @dataProvider settings */
    public function testSettingsAreImmutable(string $setter, string $getter, mixed $default, mixed $value): void
    {
        $settings = new ConnectionSettings();
        $this->assertSame($default, $settings->$getter());
        $changed = $settings->$setter($value);
        $this->assertNotSame($settings, $changed);
        $this->assertInstanceOf(ConnectionSettings::class, $changed);
        $this->assertSame([$default, $value], [$settings->$getter(), $changed->$getter()]);
    }

    public function testThereIsAWillWhereTopicAndMessageAreSet(): void
    {
        $settings = new ConnectionSettings();
        $this->assertFalse($settings->hasLastWill());
        $this->assertFalse($settings->setLastWillTopic('a')->hasLastWill());
        $this->assertFalse($settings->setLastWillMessage('a')->hasLastWill());
        $this->assertTrue($settings->setLastWillTopic('a')->setLastWillMessage('')->hasLastWill());
    }

    /** @return iterable<string, array{Closure(ConnectionSettings): ConnectionSettings, string}> */
    public function badSettings(): iterable
    {
        $file = __FILE__;
        yield 'connect timeout' => [fn ($s) => $s->setConnectTimeout(0), 'The connect timeout cannot be less than 1 second.'];
        yield 'socket timeout' => [fn ($s) => $s->setSocketTimeout(0), 'The socket timeout cannot be less than 1 second.'];
        yield 'resend timeout' => [fn ($s) => $s->setResendTimeout(0), 'The resend timeout cannot be less than 1 second.'];
        yield 'keep-alive 0' => [fn ($s) => $s->setKeepAliveInterval(0), 'The keep alive interval must be a value in the range of 1 to 65535 seconds.'];
        yield 'keep-alive' => [fn ($s) => $s->setKeepAliveInterval(65536), 'The keep alive interval must be a value in the range of 1 to 65535 seconds.'];
        yield 'attempts' => [fn ($s) => $s->setMaxReconnectAttempts(0), 'The maximum reconnect attempts cannot be fewer than 1.'];
        yield 'delay' => [fn ($s) => $s->setDelayBetweenReconnectAttempts(-1), 'The delay between reconnect attempts cannot be lower than 0.'];
        yield 'username' => [fn ($s) => $s->setUsername(" \t"), 'The username may not consist of white space only.'];
        yield 'empty username' => [fn ($s) => $s->setUsername(''), 'The username may not consist of white space only.'];
        yield 'will topic' => [fn ($s) => $s->setLastWillTopic(' '), 'The last will topic may not consist of white space only.'];
        yield 'will QoS -1' => [fn ($s) => $s->setLastWillQualityOfService(-1), 'The QoS for the last will must be a value in the range of 0 to 2.'];
        yield 'will QoS' => [fn ($s) => $s->setLastWillQualityOfService(3), 'The QoS for the last will must be a value in the range of 0 to 2.'];
        yield 'CA file' => [fn ($s) => $s->setTlsCertificateAuthorityFile(__DIR__), 'The Certificate Authority file setting must contain the path to a regular file.'];
        yield 'CA path' => [fn ($s) => $s->setTlsCertificateAuthorityPath($file), 'The Certificate Authority path setting must contain the path to a directory.'];
        yield 'certificate' => [fn ($s) => $s->setTlsClientCertificateFile('/nowhere'), 'The client certificate file setting must contain the path to a regular file.'];
        yield 'key' => [fn ($s) => $s->setTlsClientCertificateKeyFile('/nowhere'), 'The client certificate key file setting must contain the path to a regular file.'];
        yield 'key alone' => [fn ($s) => $s->setTlsClientCertificateKeyFile($file), 'Using a client certificate key file without certificate does not work.'];
        yield 'passphrase alone' => [fn ($s) => $s->setTlsClientCertificateKeyPassphrase('a'), 'Using a client certificate key passphrase without key file does not work.'];
    }

    /**
     * @dataProvider badSettings
     *
     * @param Closure(ConnectionSettings): ConnectionSettings $change
     */
    public function testBadSettingsAreRefusedByConnect(Closure $change, string $text): void
    {
        try {
            // Nothing listens there, and nothing is tried.
            (new MqttClient('127.0.0.1', 1))->connect($change(new ConnectionSettings()));
            $this->fail('not refused');
        } catch (Exceptions\ConfigurationInvalidException $e) {
            $this->assertSame([$text, 0], [$e->getMessage(), $e->getCode()]);
        }
    }

    public function testReconnectsAndACleanSessionExcludeEachOther(): void
    {
        $this->expectException(Exceptions\ConfigurationInvalidException::class);
        $this->expectExceptionMessage('Automatic reconnects cannot be used together with the clean session flag.');
        (new MqttClient('127.0.0.1', 1))->connect((new ConnectionSettings())->setReconnectAutomatically(true), true);
    }

    public function testExceptions(): void
    {
        $previous = new Exception('cause');
        $general = new Exceptions\MqttClientException('', 7, $previous);
        $this->assertSame(['[7] The MQTT client encountered an error.', 7, $previous], [$general->getMessage(), $general->getCode(), $general->getPrevious()]);
        $refused = new Exceptions\ConnectingToBrokerFailedException(1000, 'why', '111', 'refused');
        $this->assertSame('[1000] Establishing a connection to the MQTT broker failed: why', $refused->getMessage());
        $this->assertSame([1000, '111', 'refused'], [$refused->getCode(), $refused->getConnectionErrorCode(), $refused->getConnectionErrorMessage()]);
        $this->assertSame([1, 2, 3, 4, 5, 6, 1000, 2000], [
            $refused::EXCEPTION_CONNECTION_FAILED, $refused::EXCEPTION_CONNECTION_PROTOCOL_VERSION, $refused::EXCEPTION_CONNECTION_IDENTIFIER_REJECTED,
            $refused::EXCEPTION_CONNECTION_BROKER_UNAVAILABLE, $refused::EXCEPTION_CONNECTION_INVALID_CREDENTIALS,
            $refused::EXCEPTION_CONNECTION_UNAUTHORIZED, $refused::EXCEPTION_CONNECTION_SOCKET_ERROR, $refused::EXCEPTION_CONNECTION_TLS_ERROR,
        ]);
        $transfer = new Exceptions\DataTransferException(Exceptions\DataTransferException::EXCEPTION_RX_DATA, 'why');
        $this->assertSame(['[66] Transferring data over socket failed: why', 66], [$transfer->getMessage(), $transfer->getCode()]);
        $this->assertSame(65, Exceptions\DataTransferException::EXCEPTION_TX_DATA);
        $lost = new Exceptions\ClientNotConnectedToBrokerException('why');
        $this->assertSame(['[192] Transferring data over socket failed: why', 192], [$lost->getMessage(), $lost->getCode()]);
        $this->assertInstanceOf(Exceptions\DataTransferException::class, $lost);
        $this->assertSame('The given protocol version [4] is not supported.', (new Exceptions\ProtocolNotSupportedException('4'))->getMessage());
        $this->assertSame('Protocol violation: why.', (new Exceptions\ProtocolViolationException('why'))->getMessage());
        $this->assertSame('A pending message with the message identifier [4] exists already.', (new Exceptions\PendingMessageAlreadyExistsException(4))->getMessage());
        $missing = new Exceptions\PendingMessageNotFoundException(4);
        $this->assertSame('No pending message with the message identifier [4].', $missing->getMessage());
        $this->assertInstanceOf(Exceptions\RepositoryException::class, $missing);
        foreach ([$refused, $transfer, $missing, new Exceptions\InvalidMessageException(), new Exceptions\ConfigurationInvalidException()] as $exception) {
            $this->assertInstanceOf(Exceptions\MqttClientException::class, $exception);
        }
    }

    public function testProtocolsAndAccessors(): void
    {
        $this->assertSame(['3.1', '3.1.1', 0, 1, 2, 8192], [
            MqttClient::MQTT_3_1, MqttClient::MQTT_3_1_1, MqttClient::QOS_AT_MOST_ONCE, MqttClient::QOS_AT_LEAST_ONCE, MqttClient::QOS_EXACTLY_ONCE,
            MqttClient::SOCKET_READ_BUFFER_SIZE,
        ]);
        $client = new MqttClient('broker.example', 1884, 'me', MqttClient::MQTT_3_1_1);
        $this->assertSame(['broker.example', 1884, 'me', false, 0, 0], [$client->getHost(), $client->getPort(), $client->getClientId(), $client->isConnected(), $client->getSentBytes(), $client->getReceivedBytes()]);
        $this->assertSame(1883, (new MqttClient('a'))->getPort());
        $this->assertMatchesRegularExpression('/^[0-9a-f]{20}$/', (new MqttClient('a'))->getClientId());
        $this->assertNotSame((new MqttClient('a'))->getClientId(), (new MqttClient('a'))->getClientId());
        foreach (['3', '4', '5', '3.0', '5.0', ''] as $protocol) {
            try {
                new MqttClient('a', 1883, null, $protocol);
                $this->fail($protocol);
            } catch (Exceptions\ProtocolNotSupportedException $e) {
                $this->assertSame("The given protocol version [$protocol] is not supported.", $e->getMessage());
            }
        }
    }

    public function testNothingWithoutAConnection(): void
    {
        $client = new MqttClient('127.0.0.1', 1);
        $calls = [
            fn () => $client->publish('a', 'b'), fn () => $client->subscribe('a'), fn () => $client->unsubscribe('a'), fn () => $client->disconnect(),
            fn () => $client->loop(), fn () => $client->loopOnce(microtime(true)),
        ];
        foreach ($calls as $call) {
            try {
                $call();
                $this->fail('not refused');
            } catch (Exceptions\ClientNotConnectedToBrokerException $e) {
                $this->assertSame(192, $e->getCode());
                $this->assertSame('[192] Transferring data over socket failed: The client is not connected to a broker. The requested operation is impossible at this point.', $e->getMessage());
            }
        }
    }

    public function testMessageTypes(): void
    {
        $type = MessageType::PUBLISH_RELEASE();
        $this->assertSame(['PUBREL', 'PUBLISH_RELEASE', 'PUBREL', '"PUBREL"'], [$type->getValue(), $type->getKey(), (string) $type, json_encode($type)]);
        $this->assertTrue($type->equals(MessageType::from('PUBREL')));
        $this->assertTrue($type->equals(new MessageType('PUBREL')));
        $this->assertEquals($type, MessageType::PUBLISH_RELEASE());
        $this->assertFalse($type->equals(MessageType::PUBLISH()));
        $this->assertFalse($type->equals('PUBREL'));
        $expected = [
            'PUBLISH' => 'PUBLISH', 'PUBLISH_ACKNOWLEDGEMENT' => 'PUBACK', 'PUBLISH_RECEIPT' => 'PUBREC', 'PUBLISH_RELEASE' => 'PUBREL', 'PUBLISH_COMPLETE' => 'PUBCOMP',
            'SUBSCRIBE_ACKNOWLEDGEMENT' => 'SUBACK', 'UNSUBSCRIBE_ACKNOWLEDGEMENT' => 'UNSUBACK', 'PING_REQUEST' => 'PINGREQ', 'PING_RESPONSE' => 'PINGRESP',
        ];
        $this->assertSame($expected, MessageType::toArray());
        $this->assertSame(array_keys($expected), MessageType::keys());
        $this->assertSame($expected, array_map(fn (MessageType $type): string => $type->getValue(), MessageType::values()));
        $this->assertSame([true, false, true, false], [MessageType::isValid('PUBACK'), MessageType::isValid('X'), MessageType::isValidKey('PUBLISH'), MessageType::isValidKey('PUBACK')]);
        $this->assertSame(['PUBLISH_ACKNOWLEDGEMENT', false], [MessageType::search('PUBACK'), MessageType::search('X')]);
        try {
            MessageType::from('X');
            $this->fail('not refused');
        } catch (UnexpectedValueException $e) {
            $this->assertSame("Value 'X' is not part of the enum PhpMqtt\\Client\\MessageType", $e->getMessage());
        }
        $this->expectException(BadMethodCallException::class);
        MessageType::NOTHING();
    }

    public function testMessages(): void
    {
        $message = new Message(MessageType::PUBLISH(), 2, true);
        $this->assertSame([null, null, null, []], [$message->getMessageId(), $message->getTopic(), $message->getContent(), $message->getAcknowledgedQualityOfServices()]);
        $this->assertSame([2, true], [$message->getQualityOfService(), $message->getRetained()]);
        $this->assertSame($message, $message->setMessageId(3)->setTopic('a')->setContent('b')->setAcknowledgedQualityOfServices([1, 128]));
        $this->assertSame([3, 'a', 'b', [1, 128]], [$message->getMessageId(), $message->getTopic(), $message->getContent(), $message->getAcknowledgedQualityOfServices()]);
    }

    public function testPendingMessages(): void
    {
        $before = new DateTime();
        $published = new PublishedMessage(7, 'a', 'b', 2, true);
        $this->assertInstanceOf(PendingMessage::class, $published);
        $this->assertSame([7, 'a', 'b', 2, true, 1], [$published->getMessageId(), $published->getTopicName(), $published->getMessage(), $published->getQualityOfServiceLevel(), $published->wantsToBeRetained(), $published->getSendingAttempts()]);
        $this->assertGreaterThanOrEqual($before, $published->getLastSentAt());
        $this->assertSame([false, true, false, true], [$published->hasBeenReceived(), $published->markAsReceived(), $published->markAsReceived(), $published->hasBeenReceived()]);
        $moment = new DateTime('2020-01-01');
        $this->assertSame($moment, $published->setLastSentAt($moment)->incrementSendingAttempts()->getLastSentAt());
        $this->assertSame(2, $published->getSendingAttempts());
        $this->assertGreaterThanOrEqual($before, $published->setLastSentAt()->getLastSentAt());
        $subscription = new Subscription('a');
        $this->assertSame([$subscription], (new SubscribeRequest(1, ['x' => $subscription]))->getSubscriptions());
        $this->assertSame(['a', 'b'], (new UnsubscribeRequest(1, [3 => 'a', 4 => 'b']))->getTopicFilters());
    }

    /** @return iterable<array{string, string, list<string>|null}> filter, topic, wildcards; null: no match */
    public function filters(): iterable
    {
        yield ['a/b', 'a/b', []];
        yield ['a/b', 'a/c', null];
        yield ['a', 'a/b', null];
        yield ['+', 'a', ['a']];
        yield ['+', 'a/b', null];
        yield ['+', '/a', null];
        yield ['/+', '/a', ['a']];
        yield ['+/+', '/a', ['', 'a']];
        yield ['a/+/c', 'a/b/c', ['b']];
        yield ['a/+/c', 'a//c', ['']];
        yield ['a/+/+/d', 'a/b/c/d', ['b', 'c']];
        yield ['#', 'a/b/c', ['a/b/c']];
        yield ['#', '$SYS/uptime', ['$SYS/uptime']];
        yield ['$SYS/#', '$SYS/uptime', ['uptime']];
        yield ['+/#', 'a/b/c', ['a', 'b/c']];
        yield ['a/#', 'a/b/c', ['b/c']];
        yield ['a/#', 'a/', ['']];
        yield ['a/#', 'ab', null];
        // The original took the parent of "a/#" for no match, and lost the message.
        yield ['a/#', 'a', ['']];
        yield ['+/#', 'a', ['a', '']];
        yield ['$share/group/a/+', 'a/b', ['b']];
        yield ['$share/group/a', 'a', []];
        // The original read the rest of a filter as a regular expression, and warned or matched something else.
        yield ['a.b/+', 'axb/c', null];
        yield ['a.b/+', 'a.b/c', ['c']];
        yield ['a(b', 'a(b', []];
        yield ['a~[/+', 'a~[/c', ['c']];
        yield ['a/+', "a/b\n", ["b\n"]];
        yield ['a', "a\n", null];
    }

    /**
     * @dataProvider filters
     *
     * @param list<string>|null $wildcards
     */
    public function testSubscriptionsMatch(string $filter, string $topic, ?array $wildcards): void
    {
        $subscription = new Subscription($filter);
        $this->assertSame($wildcards !== null, $subscription->matchesTopic($topic));
        $this->assertSame($wildcards ?? [], $subscription->getMatchedWildcards($topic));
        $this->assertSame([$filter, 0, null], [$subscription->getTopicFilter(), $subscription->getQualityOfServiceLevel(), $subscription->getCallback()]);
    }

    public function testASubscriptionKnowsItsQosAndCallback(): void
    {
        $callback = fn () => null;
        $subscription = new Subscription('a', 1, $callback);
        $subscription->setQualityOfServiceLevel(2);
        $this->assertSame([2, $callback], [$subscription->getQualityOfServiceLevel(), $subscription->getCallback()]);
    }

    public function testIdentifiersOfTheRepository(): void
    {
        $repository = new MemoryRepository();
        // Free as long as nothing has taken it.
        $this->assertSame([1, 1], [$repository->newMessageId(), $repository->newMessageId()]);
        $repository->addPendingOutgoingMessage(new UnsubscribeRequest(1, ['a']));
        $this->assertSame(2, $repository->newMessageId());
        $repository->addPendingOutgoingMessage(new UnsubscribeRequest(2, ['a']));
        $this->assertSame(3, $repository->newMessageId());
        $this->assertTrue($repository->removePendingOutgoingMessage(1));
        $this->assertFalse($repository->removePendingOutgoingMessage(1));
        $this->assertSame(3, $repository->newMessageId());
        for ($id = 3; $id <= 65535; ++$id) {
            $repository->addPendingOutgoingMessage(new UnsubscribeRequest($id, []));
        }
        $this->assertSame(1, $repository->newMessageId());
        $repository->addPendingOutgoingMessage(new UnsubscribeRequest(1, []));
        $this->assertSame(65535, $repository->countPendingOutgoingMessages());
        try {
            $repository->newMessageId();
            $this->fail('not refused');
        } catch (Exceptions\RepositoryException $e) {
            $this->assertSame('No more message identifiers available. The queue is full.', $e->getMessage());
        }
        $repository->reset();
        $this->assertSame([0, 1], [$repository->countPendingOutgoingMessages(), $repository->newMessageId()]);
    }

    public function testPendingMessagesOfTheRepository(): void
    {
        $repository = new MemoryRepository();
        $old = (new PublishedMessage(4, 'a', 'b', 2, false))->setLastSentAt(new DateTime('-20 seconds'));
        $new = new SubscribeRequest(5, []);
        $repository->addPendingOutgoingMessage($old);
        $repository->addPendingOutgoingMessage($new);
        $this->assertSame([$old], $repository->getPendingOutgoingMessagesLastSentBefore(new DateTime('-10 seconds')));
        $this->assertSame([$old, $new], $repository->getPendingOutgoingMessagesLastSentBefore(new DateTime('+10 seconds')));
        $this->assertSame([$old, null], [$repository->getPendingOutgoingMessage(4), $repository->getPendingOutgoingMessage(6)]);
        $this->assertSame([true, false], [$repository->markPendingOutgoingPublishedMessageAsReceived(4), $repository->markPendingOutgoingPublishedMessageAsReceived(4)]);
        foreach ([5, 6] as $id) {
            try {
                $repository->markPendingOutgoingPublishedMessageAsReceived($id);
                $this->fail('not refused');
            } catch (Exceptions\PendingMessageNotFoundException) {
            }
        }
        $repository->addPendingIncomingMessage($old);
        $this->assertSame([1, $old, null], [$repository->countPendingIncomingMessages(), $repository->getPendingIncomingMessage(4), $repository->getPendingIncomingMessage(5)]);
        foreach (['addPendingIncomingMessage', 'addPendingOutgoingMessage'] as $add) {
            try {
                $repository->$add($old);
                $this->fail('not refused');
            } catch (Exceptions\PendingMessageAlreadyExistsException) {
            }
        }
        $this->assertSame([true, false, 0], [$repository->removePendingIncomingMessage(4), $repository->removePendingIncomingMessage(4), $repository->countPendingIncomingMessages()]);
    }

    public function testSubscriptionsOfTheRepository(): void
    {
        $repository = new MemoryRepository();
        [$wide, $narrow, $again] = [new Subscription('a/#'), new Subscription('a/b'), new Subscription('a/#', 1)];
        $repository->addSubscription($wide);
        $repository->addSubscription($narrow);
        $this->assertSame([$wide, $narrow], $repository->getSubscriptionsMatchingTopic('a/b'));
        $this->assertSame([$wide], $repository->getSubscriptionsMatchingTopic('a/c'));
        $repository->addSubscription($again);
        $this->assertSame(2, $repository->countSubscriptions());
        $this->assertSame([$narrow, $again], $repository->getSubscriptionsMatchingTopic('a/b'));
        $this->assertSame([true, false, 1], [$repository->removeSubscription('a/#'), $repository->removeSubscription('a/#'), $repository->countSubscriptions()]);
    }

    public function testTheLoggerSaysWhoseLineItIs(): void
    {
        $lines = new Lines();
        $logger = new Logger('broker.example', 1883, 'me', $lines);
        foreach (['emergency', 'alert', 'critical', 'error', 'warning', 'notice', 'info', 'debug'] as $level) {
            $logger->$level('hello {name}', ['name' => 'world']);
        }
        $logger->log('info', 'x', ['clientId' => 'other']);
        $this->assertSame('emergency MQTT [broker.example:1883] [me] hello world', $lines->lines[0]);
        $this->assertSame('debug MQTT [broker.example:1883] [me] hello world', $lines->lines[7]);
        $this->assertSame('info MQTT [broker.example:1883] [other] x', $lines->lines[8]);
        (new Logger('a', 1, 'b'))->error('goes nowhere');
    }
}
