<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Workerman\Mqtt\Client;
use Workerman\Mqtt\Protocols;

/** The client's options, its constants and protected members. */
final class WorkermanClientOptionsTest extends WorkermanCase
{
    /** @return array<string, mixed> */
    private function options(Client $client): array
    {
        return (new ReflectionProperty(Client::class, '_options'))->getValue($client);
    }

    public function testDefaults(): void
    {
        $options = $this->options(new Client('mqtt://127.0.0.1:1883'));
        $this->assertMatchesRegularExpression('/^workerman-mqtt-client-\d+$/', $options['client_id']);
        unset($options['client_id']);
        $this->assertSame([
            'clean_session' => 1, 'username' => '', 'password' => '', 'keepalive' => 50, 'protocol_name' => 'MQTT', 'protocol_level' => 4,
            'reconnect_period' => 1, 'connect_timeout' => 30, 'resubscribe' => true, 'bindto' => '', 'ssl' => false, 'debug' => false,
            'properties' => [], 'uri' => '/mqtt',
        ], $options);
    }

    public function testValuesAreTaken(): void
    {
        $given = [
            'clean_session' => false, 'username' => 'joe', 'password' => 7, 'keepalive' => '20', 'protocol_level' => 5, 'reconnect_period' => 0,
            'connect_timeout' => 3, 'resubscribe' => 0, 'bindto' => '127.0.0.1:0', 'ssl' => ['verify_peer' => false], 'debug' => 1,
            'properties' => ['receive_maximum' => 7], 'uri' => '/other', 'client_id' => 'me',
            'will' => ['topic' => 't', 'content' => 'c', 'qos' => 1],
        ];
        $options = $this->options(new Client('mqtt://127.0.0.1:1883', $given));
        $this->assertSame(['clean_session' => 0, 'keepalive' => 20, 'resubscribe' => false, 'debug' => true], array_intersect_key($options, array_flip(['clean_session', 'keepalive', 'resubscribe', 'debug'])));
        $same = ['username', 'password', 'protocol_level', 'reconnect_period', 'connect_timeout', 'bindto', 'ssl', 'properties', 'uri', 'client_id', 'will'];
        foreach ($same as $name) {
            $this->assertSame($given[$name], $options[$name], $name);
        }
    }

    /** @dataProvider badOptions */
    public function testBadValuesAreRefused(array $options, string $message): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage($message);
        new Client('mqtt://127.0.0.1:1883', $options);
    }

    public static function badOptions(): iterable
    {
        yield [['username' => ''], 'Bad username, expected string or integer but string provided.'];
        yield [['username' => []], 'Bad username, expected string or integer but array provided.'];
        yield [['password' => ''], 'Bad password, expected string or integer but string provided.'];
        yield [['keepalive' => -1], 'Bad keepalive, expected integer which not less than 0 but -1 provided.'];
        yield [['protocol_name' => 'mqtt'], 'Bad protocol_name of options, expected MQTT or MQIsdp but mqtt provided.'];
        yield [['protocol_level' => 3], 'Bad protocol_level of options, expected (4 or 5) for protocol_name MQTT but 3 provided.'];
        yield [['protocol_name' => 'MQIsdp', 'protocol_level' => 4], 'Bad protocol_level of options, expected 3 for protocol_name MQTT but 4 provided.'];
        yield [['client_id' => ''], 'Bad client_id of options, expected string or integer but string provided.'];
        yield [['client_id' => 1.5], 'Bad client_id of options, expected string or integer but double provided.'];
        yield [['will' => ['topic' => 't', 'qos' => 0]], 'Bad will options, $will[content] missing.'];
        yield [['will' => ['content' => 'c', 'qos' => 0]], 'Bad will options, $will[topic] missing.'];
        yield [['will' => ['topic' => 't', 'content' => 'c']], 'Bad will options, $will[qos] missing.'];
        yield [['will' => ['topic' => '', 'content' => 'c', 'qos' => 0]], "Bad \$will['topic'] of options, expected string or integer but string provided."];
        yield [['will' => ['topic' => 't', 'content' => 1.5, 'qos' => 0]], "Bad \$will['content'] of options, expected string or integer but double provided."];
        yield [['will' => ['topic' => 't', 'content' => 'c', 'qos' => 3]], 'Bad will qos:3'];
        yield [['will' => ['topic' => 't', 'content' => 'c', 'qos' => '1']], "Bad will qos:'1'"];
        yield [['reconnect_period' => -1], 'Bad reconnect_period, expected integer which not less than 0 but -1 provided.'];
        yield [['connect_timeout' => 0], 'Bad connect_timeout, expected integer which greater than 0 but 0 provided.'];
    }

    public function testMqIsdpHasOneLevel(): void
    {
        $this->assertSame(3, $this->options(new Client('mqtt://127.0.0.1', ['protocol_name' => 'MQIsdp']))['protocol_level']);
    }

    public function testConstantsAndMembersThatSubclassesUse(): void
    {
        $class = new ReflectionClass(Client::class);
        $this->assertFalse($class->isFinal());
        $constants = array_filter($class->getReflectionConstants(), static fn (ReflectionClassConstant $constant): bool => $constant->isPublic());
        $this->assertEqualsCanonicalizing([
            'STATE_INITIAL', 'STATE_CONNECTING', 'STATE_WAITCONACK', 'STATE_ESTABLISHED', 'STATE_DISCONNECT', 'DEFAULT_CLIENT_ID_PREFIX', 'MAX_TOPIC_LENGTH',
        ], array_map(static fn (ReflectionClassConstant $constant): string => $constant->getName(), $constants));
        foreach (['_state', '_messageId', '_connection', '_firstConnect', '_resubscribeTopics', '_resubscribeProperties', '_checkConnectionTimeoutTimer', '_pingTimer',
            '_recvPingResponse', '_doNotReconnect', '_outgoing', '_protocol', '_options', '_errorCodeStringMap', '_protocolMap'] as $name) {
            $this->assertTrue($class->getProperty($name)->isProtected(), $name);
        }
        foreach (['debugDump', 'sendPackage', 'incrMessageId', 'checkInvalidQos', 'isValidTopic', 'validateTopics', 'isString', 'triggerError', 'getErrorCodeString',
            'createRandomClientId', 'setConnectionTimeout', 'cancelConnectionTimeout', 'setPingTimer', 'cancelPingTimer', 'checkDisconnecting', 'flushOutgoing', 'setOptions'] as $name) {
            $method = $class->getMethod($name);
            $this->assertTrue($method->isProtected() && !$method->isFinal(), $name);
        }
        foreach (['registerProtocol', 'getConnection', 'connect', 'subscribe', 'unsubscribe', 'publish', 'disconnect', 'auth', 'close', 'reconnect', 'onConnectionConnect',
            'onMqttReconnect', 'onConnectionMessage', 'onConnectionClose', 'onConnectionError', 'onConnectionBufferFull', 'checkConnectTimeout'] as $name) {
            $this->assertTrue($class->getMethod($name)->isPublic(), $name);
        }
    }

    public function testAProtocolMustImplementTheInterface(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('stdClass must implement ProtocolInterface');
        Client::registerProtocol('other', stdClass::class);
    }

    public function testSchemesAndAddresses(): void
    {
        foreach ([
            ['mqtt://host.example:1', 'host.example:1', 'tcp'], ['mqtt://host.example', 'host.example:1883', 'tcp'], ['mqtts://mqtts.example', 'mqtts.example:8883', 'ssl'],
            ['mqtts://[::1]:1', '[::1]:1', 'ssl'], ['tcp://host.example:1', 'host.example:1', 'tcp'],
            ['ws://host.example:1', 'host.example:1', 'tcp'], ['wss://wss.example:1', 'wss.example:1', 'ssl'],
        ] as [$address, $remote, $transport]) {
            $connection = (new Client($address))->getConnection();
            $this->assertSame($remote, $connection->getRemoteAddress(), $address);
            $this->assertSame($transport, $connection->transport, $address);
            $this->assertSame(str_starts_with($address, 'ws') ? '/mqtt' : '/', $connection->getRemoteURI(), $address);
        }
    }

    public function testTheFirstClientNamesTheProtocolAndTheOthersKeepTheirOwn(): void
    {
        $four = new Client('mqtt://127.0.0.1');
        $five = new Client('mqtt://127.0.0.1', ['protocol_level' => 5]);
        $this->assertTrue(class_exists('Workerman\Protocols\Mqtt', false));
        $this->assertSame(Protocols\Mqtt::class, $four->getConnection()->protocol);
        $this->assertSame(Protocols\Mqtt5::class, $five->getConnection()->protocol);
        new Client('ws://127.0.0.1:1');
        $this->assertTrue(is_a('Protocols\Ws', Protocols\Ws::class, true));
    }
}
