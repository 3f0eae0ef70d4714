<?php
declare(strict_types=1);

use Mqtt\Compat\Sam\MqttConnection;

/**
 * A connection to a broker. Nothing is thrown: a call that fails returns false, and $errno and $error say why.
 */
#[AllowDynamicProperties]
class SAMConnection
{
    /** @var bool */
    public $debug = false;
    /** @var int Of the last call that failed; 0: none has. */
    public $errno = 0;
    /** @var string */
    public $error = '';
    /** @var MqttConnection|false|null What does the work; false or null before connect() and after disconnect(). */
    public $connection;

    /**
     * The object for a protocol.
     *
     * @param string $proto SAM_MQTT
     *
     * @return MqttConnection|false false for another protocol
     */
    public function create($proto)
    {
        return strtolower((string) $proto) === SAM_MQTT ? new MqttConnection() : false;
    }

    /**
     * Opens the socket. MQTT's CONNECT follows with the first call that needs it.
     *
     * @param string                         $proto   SAM_MQTT
     * @param array<int|string, scalar|null> $options SAM_HOST (localhost), SAM_PORT (1883); SAM_MQTT_CLEANSTART, as a value, for a clean session
     */
    public function connect($proto = '', $options = []): bool
    {
        if ($proto === '') {
            return $this->fail(101, 'Incorrect number of parameters on connect call!');
        }
        $connection = $this->create($proto);
        if (!$connection) {
            return $this->fail(102, 'Unsupported protocol!');
        }
        $this->connection = $connection;
        $this->connection->setDebug($this->debug);

        return (bool) $this->call(__FUNCTION__, (string) $proto, (array) $options);
    }

    /** Says good-bye and closes. */
    public function disconnect(): bool
    {
        $result = (bool) $this->call(__FUNCTION__);
        if ($result) {
            $this->connection = false;
        }

        return $result;
    }

    /** Whether the broker has accepted the connection; false after connect(), until a call has needed it. */
    public function isConnected(): bool
    {
        return (bool) $this->call(__FUNCTION__);
    }

    /**
     * Publishes, and waits for the acknowledgements that the QoS has.
     *
     * @param string                         $target  topic://NAME
     * @param SAMMessage                     $msg
     * @param array<int|string, scalar|null> $options SAM_MQTT_QOS (0)
     */
    public function send($target, $msg, $options = []): bool
    {
        return (bool) $this->call(__FUNCTION__, (string) $target, $msg, (array) $options);
    }

    /**
     * Waits for the next message of a subscription.
     *
     * @param string                         $target  what subscribe() returned
     * @param array<int|string, scalar|null> $options SAM_WAIT: milliseconds (ten seconds where it is not there)
     *
     * @return SAMMessage|false
     */
    public function receive($target, $options = [])
    {
        /** @var SAMMessage|false $message */
        $message = $this->call(__FUNCTION__, (string) $target, (array) $options);

        return $message;
    }

    /**
     * Subscribes.
     *
     * @param string                         $topic   topic://NAME
     * @param array<int|string, scalar|null> $options SAM_MQTT_QOS (0)
     *
     * @return string|false the identifier of the subscription, which holds that of the client: another process receives with it
     */
    public function subscribe($topic, $options = [])
    {
        /** @var string|false $subscription */
        $subscription = $this->call(__FUNCTION__, (string) $topic, (array) $options);

        return $subscription;
    }

    /**
     * Takes a subscription back.
     *
     * @param string $sub_id what subscribe() returned
     *
     * @return string|false the identifier of the client
     */
    public function unsubscribe($sub_id)
    {
        /** @var string|false $client */
        $client = $this->call(__FUNCTION__, (string) $sub_id);

        return $client;
    }

    /** MQTT has no transactions: always false. */
    public function commit(): bool
    {
        return (bool) $this->call('unsupported');
    }

    /** MQTT has no transactions: always false. */
    public function rollback(): bool
    {
        return (bool) $this->call('unsupported');
    }

    /**
     * MQTT has no queues to look into: always false.
     *
     * @param string                         $target
     * @param array<int|string, scalar|null> $options
     */
    public function peek($target, $options = []): bool
    {
        return (bool) $this->call('unsupported');
    }

    /**
     * MQTT has no queues to look into: always false.
     *
     * @param string                         $target
     * @param array<int|string, scalar|null> $options
     */
    public function peekAll($target, $options = []): bool
    {
        return (bool) $this->call('unsupported');
    }

    /**
     * MQTT has no queues to take from: always false.
     *
     * @param string                         $target
     * @param array<int|string, scalar|null> $options
     */
    public function remove($target, $options = []): bool
    {
        return (bool) $this->call('unsupported');
    }

    /**
     * Prints what goes on.
     *
     * @param bool $option
     */
    public function setDebug($option = false): void
    {
        $this->debug = (bool) $option;
        if ($this->connection) {
            $this->connection->setDebug($this->debug);
        }
    }

    private function call(string $method, mixed ...$arguments): mixed
    {
        if (!$this->connection) {
            return $this->fail(106, 'No active connection!');
        }
        $result      = $this->connection->$method(...$arguments);
        $this->errno = $this->connection->errno;
        $this->error = $this->connection->error;

        return $result;
    }

    /** @return false */
    private function fail(int $errno, string $error): bool
    {
        $this->errno = $errno;
        $this->error = $error;

        return false;
    }
}
