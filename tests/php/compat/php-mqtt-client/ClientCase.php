<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

use Broker;
use ReflectionMethod;
use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\MqttClient;
use PHPUnit\Framework\TestCase;

/** Clients of a broker that the subclass names. */
abstract class ClientCase extends TestCase
{
    /** Seconds after which a loop that waits for something has failed. */
    protected const DEADLINE = 30.0;

    /** @var array<string, Broker> by program, for all tests */
    private static array $brokers = [];

    /** "mqtt" or "mosquitto". */
    abstract protected function program(): string;

    protected function setUp(): void
    {
        interface_exists(\Psr\Log\LoggerInterface::class) || $this->markTestSkipped('psr/log is not here: install php-psr-log');
        if ($this->program() === 'mosquitto' && !is_executable('/usr/sbin/mosquitto')) {
            $this->markTestSkipped('mosquitto is not installed');
        }
        if ($this->program() === 'mqtt' && !is_executable(dirname(Broker::extension()) . '/mqtt')) {
            $this->markTestSkipped('the program mqtt does not lie beside the extension');
        }
    }

    public static function tearDownAfterClass(): void
    {
        self::$brokers = [];
    }

    protected function broker(): Broker
    {
        return self::$brokers[$this->program()] ??= Broker::run($this->program());
    }

    /**
     * A client that is in.
     *
     * @param class-string<MqttClient> $class
     */
    protected function client(
        ?ConnectionSettings $settings = null,
        bool $clean = true,
        string $protocol = MqttClient::MQTT_3_1_1,
        ?string $clientId = null,
        string $class = MqttClient::class,
        ?Lines $logger = null,
    ): MqttClient {
        $client = new $class('127.0.0.1', $this->broker()->port, $clientId, $protocol, null, $logger);
        $client->connect($settings, $clean);
        return $client;
    }

    /** Turns the clients until something has come true. */
    protected function until(callable $isTrue, MqttClient ...$clients): void
    {
        for ($begin = microtime(true); !$isTrue();) {
            foreach ($clients as $client) {
                $client->loopOnce($begin, true, 5_000);
            }
            $this->assertLessThan(self::DEADLINE, microtime(true) - $begin, 'it did not come true in time');
        }
    }

    /** Subscribes, and waits until the subscription is there. */
    protected function subscribe(MqttClient $client, string $filter, callable $callback, int $qos = 2): void
    {
        $client->subscribe($filter, $callback, $qos);
        $this->settle($client);
    }

    /** Turns the client until nothing waits for an answer. */
    protected function settle(MqttClient $client): void
    {
        $this->until(fn (): bool => (new ReflectionMethod($client, 'allQueuesAreEmpty'))->invoke($client), $client);
    }
}
