<?php
declare(strict_types=1);

namespace MosquittoTests;

use ArgumentCountError;
use Error;
use Mosquitto\Client;
use Mosquitto\Exception;
use ReflectionClass;
use ReflectionExtension;
use TypeError;

require_once __DIR__ . '/MosquittoCase.php';

/** What can be seen without a server: constants, arguments, refusals, return values. */
final class ArgumentsTest extends MosquittoCase
{
    private const INVALID = 'Invalid function arguments provided.';
    private const NOT_CONNECTED = 'The client is not currently connected.';

    public function testTheModule(): void
    {
        self::assertSame('0.5.0', phpversion('mosquitto'));
        $module = new ReflectionExtension('mosquitto');
        self::assertEqualsCanonicalizing(['Mosquitto\Client', 'Mosquitto\Message', 'Mosquitto\Exception'], array_keys($module->getClasses()));
        $levels = ['MOSQ_LOG_INFO' => 1, 'MOSQ_LOG_NOTICE' => 2, 'MOSQ_LOG_WARNING' => 4, 'MOSQ_LOG_ERR' => 8, 'MOSQ_LOG_DEBUG' => 16];
        self::assertSame($levels, $module->getConstants());
        self::assertSame([], $module->getFunctions());
        self::assertSame([], $module->getINIEntries());
        self::assertSame(16, MOSQ_LOG_DEBUG);
        self::assertSame('mosquitto', (new ReflectionClass(Client::class))->getExtensionName());
        self::assertEquals(
            ['LOG_INFO' => 1, 'LOG_NOTICE' => 2, 'LOG_WARNING' => 4, 'LOG_ERR' => 8, 'LOG_DEBUG' => 16, 'SSL_VERIFY_NONE' => 0, 'SSL_VERIFY_PEER' => 1],
            (new ReflectionClass(Client::class))->getConstants(),
        );
        self::assertCount(27, (new ReflectionClass(Client::class))->getMethods());
        foreach ([Client::class, Exception::class, \Mosquitto\Message::class] as $class) {
            self::assertFalse((new ReflectionClass($class))->isFinal(), $class);
        }
        self::assertSame(\Exception::class, get_parent_class(Exception::class));
        ob_start();
        $module->info();
        $info = (string) ob_get_clean();
        self::assertStringContainsString('libmosquitto version => 2.0.11', $info);
        self::assertStringContainsString('Extension version => 0.5.0', $info);
    }

    public function testConstructor(): void
    {
        self::assertInstanceOf(Client::class, new Client());
        self::assertInstanceOf(Client::class, new Client(null));
        self::assertInstanceOf(Client::class, new Client('id', false));
        self::assertInstanceOf(Client::class, new Client(cleanSession: true, id: 'named'));
        $reasons = [];
        foreach ([[null, false], ['', true], ['', false], ["\xFF"], [str_repeat('x', 65536)], ["a\0b"]] as $arguments) {
            $thrown = self::assertThrows('', fn () => new Client(...$arguments), 1);
            // The original has no message: why is in the exception before.
            self::assertNotSame('', $reasons[] = (string) $thrown->getPrevious()?->getMessage());
        }
        self::assertSame('a session that is kept needs a client identifier', $reasons[0]);
        self::assertThrows('Mosquitto\Client::__construct(): Argument #1 ($id) must be of type ?string, array given', fn () => new Client([]), 0, TypeError::class);
        self::assertThrows('Mosquitto\Client::__construct() expects at most 2 arguments, 3 given', fn () => new Client('a', true, 1), 0, ArgumentCountError::class);
    }

    public function testCloneSerializeAndDump(): void
    {
        $client = new Client();
        self::assertThrows('Trying to clone an uncloneable object of class Mosquitto\Client', fn () => clone $client, 0, Error::class);
        self::assertSame('O:16:"Mosquitto\Client":0:{}', serialize($client));
        self::assertSame([], get_object_vars($client));
    }

    public function testASubclassMustCallTheConstructor(): void
    {
        $client = new class extends Client {
            public function __construct()
            {
            }
        };
        foreach (['loop', 'getSocket', 'clearWill', 'disconnect', 'exitLoop', 'loopForever'] as $method) {
            self::assertThrows(self::INVALID, fn () => $client->$method());
        }
        self::assertThrows(self::INVALID, fn () => $client->connect('127.0.0.1'));
        self::assertThrows(self::INVALID, fn () => $client->setTlsCertificates(null));
        self::assertThrows(self::INVALID, fn () => $client->onLog('strlen'));
    }

    public function testNotConnected(): void
    {
        $client = new Client('idle');
        self::assertSame(-1, $client->getSocket());
        self::assertNull($client->exitLoop());
        foreach (['loop', 'loopForever', 'disconnect'] as $method) {
            self::assertThrows(self::NOT_CONNECTED, fn () => $client->$method());
        }
        self::assertThrows(self::NOT_CONNECTED, fn () => $client->publish('a', 'b'));
        self::assertThrows(self::NOT_CONNECTED, fn () => $client->publish('a', 'b', 1));
        self::assertThrows(self::NOT_CONNECTED, fn () => $client->subscribe('a', 0));
        self::assertThrows(self::NOT_CONNECTED, fn () => $client->unsubscribe('a'));
        // Before the connection is looked at:
        self::assertThrows(self::INVALID, fn () => $client->publish('', 'b'));
        self::assertThrows(self::INVALID, fn () => $client->publish('a/+', 'b'));
        self::assertThrows(self::INVALID, fn () => $client->publish('a', 'b', 3));
        self::assertThrows(self::INVALID, fn () => $client->publish('a', 'b', -1));
        self::assertThrows(self::INVALID, fn () => $client->publish(str_repeat('a', 65536), 'b'));
        self::assertThrows('Malformed UTF-8', fn () => $client->publish("\xFF", 'b'));
        self::assertThrows('Malformed UTF-8', fn () => $client->publish("\x01", 'b'));
        self::assertThrows('Malformed UTF-8', fn () => $client->publish("\u{FFFE}", 'b'));
        self::assertThrows('Malformed UTF-8', fn () => $client->publish("a\0b", 'b'));
        self::assertThrows(self::INVALID, fn () => $client->subscribe('a', 3));
        self::assertThrows(self::INVALID, fn () => $client->loop(10, 0));
        self::assertThrows(self::INVALID, fn () => $client->loopForever(10, -1));
    }

    public function testConnectArguments(): void
    {
        $client = new Client('arguments');
        foreach ([[-1, 60], [65536, 60], [1883, 4], [1883, -1], [1883, 65536]] as [$port, $keepAlive]) {
            self::assertThrows(self::INVALID, fn () => $client->connect('127.0.0.1', $port, $keepAlive));
        }
        self::assertThrows('Lookup error.', fn () => $client->connect(''));
        self::assertThrows('Lookup error.', fn () => $client->connect('127.0.0.1', 1883, 60, ''));
        self::assertThrows('Mosquitto\Client::connect() expects at least 1 argument, 0 given', fn () => $client->connect(), 0, ArgumentCountError::class);
        self::assertThrows('Mosquitto\Client::connect(): Argument #1 ($host) must be of type string, array given', fn () => $client->connect([]), 0, TypeError::class);
        self::assertThrows('Mosquitto\Client::publish() expects at least 2 arguments, 1 given', fn () => $client->publish('a'), 0, ArgumentCountError::class);
        self::assertThrows('Mosquitto\Client::subscribe() expects exactly 2 arguments, 1 given', fn () => $client->subscribe('a'), 0, ArgumentCountError::class);
        self::assertThrows('Mosquitto\Client::loop(): Argument #1 ($timeout) must be of type int, string given', fn () => $client->loop('x'), 0, TypeError::class);
    }

    public function testAClosedPortIsReturned(): void
    {
        $server = new WireServer();
        $server->stopListening();
        $recorder = new Recorder('closed', logs: true);
        self::assertSame(14, $recorder->client->connect('127.0.0.1', $server->port));
        self::assertSame(-1, $recorder->client->getSocket());
        // Which the original does not: the log says why.
        self::assertMatchesRegularExpression('~^8 Client closed: 127\.0\.0\.1:\d+ refused the connection~', $recorder->lines[0]);
        self::assertThrows(self::NOT_CONNECTED, fn () => $recorder->client->loop());
    }

    /** The original waits for as long as the system does. */
    public function testConnectGivesUp(): void
    {
        // A listener whose backlog is full answers nothing.
        $context = stream_context_create(['socket' => ['backlog' => 0]]);
        $listener = stream_socket_server('tcp://127.0.0.1:0', $code, $text, STREAM_SERVER_BIND | STREAM_SERVER_LISTEN, $context);
        $address = (string) stream_socket_get_name($listener, false);
        for ($fill = [], $isFull = false; !$isFull && count($fill) < 20;) {
            $socket = $fill[] = stream_socket_client("tcp://$address", $code, $text, 1.0, STREAM_CLIENT_ASYNC_CONNECT | STREAM_CLIENT_CONNECT);
            $write = [$socket];
            $read = $except = null;
            $isFull = stream_select($read, $write, $except, 0, 500_000) === 0;
        }
        if (!$isFull) {
            self::markTestSkipped('the backlog of a listener has no end here');
        }
        ini_set('mqtt.connect_timeout', '0.3');
        $recorder = new Recorder('silent', logs: true);
        try {
            self::assertSame(14, $recorder->client->connect('127.0.0.1', (int) substr((string) strrchr($address, ':'), 1)));
        } finally {
            ini_restore('mqtt.connect_timeout');
        }
        self::assertStringStartsWith('8 Client silent: ', $recorder->lines[0]);
    }

    /** @return iterable<array{string}> */
    public static function callbacks(): iterable
    {
        foreach (['onConnect', 'onDisconnect', 'onLog', 'onSubscribe', 'onUnsubscribe', 'onMessage', 'onPublish'] as $method) {
            yield $method => [$method];
        }
    }

    /** @dataProvider callbacks */
    public function testCallbackArguments(string $method): void
    {
        $client = new Client();
        self::assertNull($client->$method('strlen'));
        self::assertNull($client->$method(...[$method => fn () => null]));
        self::assertNull($client->$method([$this, 'assertTrue']));
        self::assertThrows('Need a valid callback', fn () => $client->$method(null));
        self::assertThrows("Mosquitto\Client::$method() expects exactly 1 argument, 0 given", fn () => $client->$method(), 0, ArgumentCountError::class);
        $text = "Mosquitto\Client::$method(): Argument #1 (\$$method) must be a valid callback or null, function \"no_such_function\" not found or invalid function name";
        self::assertThrows($text, fn () => $client->$method('no_such_function'), 0, TypeError::class);
    }

    public function testSettersReturnNull(): void
    {
        $client = new Client('setters');
        self::assertNull($client->setCredentials('user', 'password'));
        // In a file without strict_types null is only deprecated.
        self::assertNull(eval('return @$client->setCredentials("user", null);'));
        self::assertNull(eval('return @$client->setCredentials(null, null);'));
        self::assertNull($client->setWill('will', 'payload', 1, true));
        self::assertNull($client->setWill('will', 'payload', 3, true));
        self::assertNull($client->setWill('', '', 0, false));
        self::assertNull($client->clearWill());
        self::assertNull($client->clearWill());
        self::assertNull($client->setReconnectDelay(0));
        self::assertNull($client->setReconnectDelay(1, 10, true));
        self::assertNull($client->setReconnectDelay(reconnectDelay: 1, exponentialBackoff: true));
        self::assertNull($client->setMessageRetry(5));
        self::assertNull($client->setMaxInFlightMessages(0));
        self::assertNull($client->setMaxInFlightMessages(65535));
        self::assertNull($client->setTlsInsecure(true));
    }

    public function testSettersRefuse(): void
    {
        $client = new Client('setters');
        self::assertThrows(self::INVALID, fn () => $client->setWill('a/+', 'x', 0, false));
        self::assertThrows(self::INVALID, fn () => $client->setWill(str_repeat('a', 65536), 'x', 0, false));
        self::assertThrows('Malformed UTF-8', fn () => $client->setWill("\xFF", 'x', 0, false));
        self::assertThrows('Malformed UTF-8', fn () => $client->setCredentials("\xFF", 'x'));
        self::assertThrows(self::INVALID, fn () => $client->setMaxInFlightMessages(-1));
        self::assertThrows(self::INVALID, fn () => $client->setMaxInFlightMessages(65536));
        self::assertThrows('Mosquitto\Client::setWill() expects exactly 4 arguments, 2 given', fn () => $client->setWill('a', 'x'), 0, ArgumentCountError::class);
    }

    /** The original takes such a will, and the server then closes the connection. */
    public function testAWillThatCannotBeSentIsRefusedByConnect(): void
    {
        $server = new WireServer();
        $client = new Client('will');
        $client->setWill('will', 'x', 3, false);
        self::assertThrows(self::INVALID, fn () => $client->connect('127.0.0.1', $server->port));
        $client->setWill('', 'x', 0, false);
        self::assertThrows(self::INVALID, fn () => $client->connect('127.0.0.1', $server->port));
        $client->clearWill();
        self::assertSame(0, $client->connect('127.0.0.1', $server->port));
    }

    public function testTlsArguments(): void
    {
        $client = new Client('tls');
        $file = __FILE__;
        self::assertSame(0, $client->setTlsCertificates($file));
        self::assertSame(0, $client->setTlsCertificates(__DIR__));
        self::assertSame(0, $client->setTlsCertificates($file, $file, $file));
        self::assertSame(0, $client->setTlsCertificates($file, $file, $file, 'password'));
        foreach ([['/nonexistent'], [$file, $file], [$file, null, $file], [$file, '/nonexistent', $file], [$file, $file, '/nonexistent'], [''], [null], ["$file\0"]] as $arguments) {
            self::assertThrows(self::INVALID, fn () => $client->setTlsCertificates(...$arguments));
        }
        foreach ([[Client::SSL_VERIFY_NONE], [Client::SSL_VERIFY_PEER], [5], [1, 'tlsv1.3'], [1, 'tlsv1.2'], [1, 'tlsv1.1'], [1, null], [1, null, '']] as $arguments) {
            self::assertSame(0, $client->setTlsOptions(...$arguments));
        }
        self::assertThrows(self::INVALID, fn () => $client->setTlsOptions(1, 'tlsv1'));
        self::assertThrows(self::INVALID, fn () => $client->setTlsOptions(1, ''));
    }

    public function testWhatTlsCannotDo(): void
    {
        $client = new Client('tls');
        self::assertThrows('This feature is not supported.', fn () => $client->setTlsOptions(1, null, 'ECDHE-RSA-AES128-GCM-SHA256'));
        self::assertThrows('This feature is not supported.', fn () => $client->setTlsPSK('abcd', 'id'));
        self::assertThrows('This feature is not supported.', fn () => $client->setTlsPSK('abcd', 'id', 'cipher'));
        self::assertThrows(self::INVALID, fn () => $client->setTlsPSK('xyz', 'id'));
        self::assertThrows(self::INVALID, fn () => $client->setTlsPSK('abcd', null));
        self::assertThrows('Mosquitto\Client::setTlsPSK() expects at least 2 arguments, 1 given', fn () => $client->setTlsPSK('abcd'), 0, ArgumentCountError::class);
    }

    public function testAnAuthorityFileWithoutCertificates(): void
    {
        $recorder = new Recorder('tls', logs: true);
        $recorder->client->setTlsCertificates(__FILE__);
        self::assertThrows('A TLS error occurred.', fn () => $recorder->client->connect('127.0.0.1', (new WireServer())->port));
        self::assertStringStartsWith('8 Error: ' . __FILE__ . ' holds no certificate', $recorder->lines[0]);
    }
}
