<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use Mqtt\Topic;
use Workerman\Connection\AsyncTcpConnection;
use Workerman\Connection\TcpConnection;
use Workerman\Mqtt\Client;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Consts\ReasonCodeConst;
use Workerman\Mqtt\Protocols\Mqtt;
use Workerman\Mqtt\Protocols\Mqtt5;
use Workerman\Timer;

/**
 * The client's protected members: subclasses of users call and override them.
 *
 * @internal
 */
trait Helpers
{
    /** Whether debugDump() has a reader, so that lines are put together only then. */
    private bool $_dumps = false;

    /** Prints a line if the option debug is set. */
    protected function debugDump(string $message, string $tag = '--'): void
    {
        if ($this->_options['debug'] ?? false) {
            echo "$tag $message\n";
        }
    }

    /**
     * Encodes a packet's array and sends it. Without a connection it gives error 140, unless that is not to be checked.
     *
     * @param array<string, mixed> $package
     * @throws \TypeError|\ValueError when a field cannot be written
     */
    protected function sendPackage(mixed $package, bool $checkDisconnecting = true): void
    {
        if ($checkDisconnecting && $this->checkDisconnecting()) {
            return;
        }
        $connection = $this->connection();
        /** @var array<string, mixed>&array{cmd: int, qos?: int, message_id?: int} $package */
        $type = $package['cmd'];
        $isCounted = $type === MQTTConst::CMD_PUBLISH && $this->_options['protocol_level'] === 5 && ($package['qos'] ?? 0) > 0;
        if (!$connection instanceof Connection || $connection->codec === null) {
            $data = $this->_protocol::pack($package, $connection);
            $isCounted ? $this->sendCounted($data, false) : $connection->send($data);
            return;
        }
        if ($type === MQTTConst::CMD_AUTH && $this->_options['protocol_level'] !== 5) {
            return;
        }
        try {
            $bytes = $connection->codec->encode($package);
        } catch (\TypeError | \ValueError $error) {
            // Nothing was sent, so no answer will come.
            unset($this->_outgoing[$package['message_id'] ?? 0]);
            throw $error;
        }
        if (($type >= MQTTConst::CMD_PUBACK && $type <= MQTTConst::CMD_PUBCOMP) || $type === MQTTConst::CMD_PINGREQ) {
            $connection->acknowledge($bytes);
            return;
        }
        $isCounted ? $this->sendCounted($bytes, true) : $connection->write($bytes);
    }

    /** The next message id, 1 to 65535, that nothing waits for. */
    protected function incrMessageId(): int
    {
        for ($tries = 0; $tries < 65535; $tries++) {
            $id = $this->_messageId;
            $this->_messageId = $id >= 65535 ? 1 : $id + 1;
            if (!isset($this->_outgoing[$id])) {
                return $id;
            }
        }
        throw new \RuntimeException('All 65535 message ids wait for an answer');
    }

    /** @param mixed $qos */
    protected function checkInvalidQos($qos, ?callable $callback = null): bool
    {
        if ($qos === 0 || $qos === 1 || $qos === 2) {
            return false;
        }
        $this->triggerError(241, $callback);
        return true;
    }

    /** @param mixed $topic */
    protected static function isValidTopic($topic): bool
    {
        return static::isString($topic) && (is_int($topic) || (is_string($topic) && strlen($topic) <= static::MAX_TOPIC_LENGTH));
    }

    /**
     * @param array<int|string, mixed> $topics
     *
     * @return string|null the first key that is no filter, 'array()' for none at all; null when all are
     */
    protected static function validateTopics($topics): string|null
    {
        if (empty($topics)) {
            return 'array()';
        }
        foreach ($topics as $topic => $_) {
            if (!static::isValidTopic($topic) || !Topic::isValidFilter((string) $topic)) {
                return (string) $topic;
            }
        }
        return null;
    }

    /**
     * Whether it is a string or integer, and not ''.
     *
     * @param mixed $string
     */
    protected static function isString($string): bool
    {
        return is_int($string) || (is_string($string) && $string !== '');
    }

    /**
     * Gives an exception with this code to the callback, else to onError, else prints it.
     *
     * @param int $code
     */
    protected function triggerError($code, ?callable $callback = null): void
    {
        $exception = new \Exception($this->getErrorCodeString($code), $code);
        if ($this->_dumps) {
            $this->debugDump('Error: ' . $exception->getMessage(), '--');
        }
        $callback ??= $this->onError ?: static function (\Exception $exception): void {
            echo 'Mqtt client: ', $exception->getMessage(), PHP_EOL;
        };
        $callback($exception);
    }

    /** @return string */
    protected function getErrorCodeString(int $code)
    {
        return static::$_errorCodeStringMap[$code] ?? ReasonCodeConst::getReason($code);
    }

    protected function createRandomClientId(): string
    {
        /** @var string $prefix */
        $prefix = static::DEFAULT_CLIENT_ID_PREFIX;
        return $prefix . '-' . random_int(0, mt_getrandmax());
    }

    /** @param int $timeout */
    protected function setConnectionTimeout($timeout): void
    {
        $this->cancelConnectionTimeout();
        $this->_checkConnectionTimeoutTimer = Timer::add($timeout, [$this, 'checkConnectTimeout'], null, false);
    }

    protected function cancelConnectionTimeout(): void
    {
        if ($this->_checkConnectionTimeoutTimer) {
            Timer::del($this->_checkConnectionTimeoutTimer);
            $this->_checkConnectionTimeoutTimer = 0;
        }
    }

    /** Sends a PINGREQ every so many seconds, and closes when the one before got no answer. */
    protected function setPingTimer(int|float $pingInterval): void
    {
        $this->cancelPingTimer();
        $this->_pingTimer = Timer::add($pingInterval, function (): void {
            if (!$this->_recvPingResponse) {
                if ($this->_dumps) {
                    $this->debugDump('Recv PINGRESP timeout', '<-');
                }
                $this->connection()->destroy();
                return;
            }
            if ($this->_dumps) {
                $this->debugDump('Send PINGREQ package', '->');
            }
            $this->_recvPingResponse = false;
            $this->sendPackage(['cmd' => MQTTConst::CMD_PINGREQ], false);
        });
    }

    protected function cancelPingTimer(): void
    {
        if ($this->_pingTimer) {
            Timer::del($this->_pingTimer);
            $this->_pingTimer = 0;
        }
    }

    /** The time until CONNACK is over. */
    public function checkConnectTimeout(): void
    {
        // While a connection is made again, the state is still that of the loss.
        $isReconnecting = $this->_state === Client::STATE_DISCONNECT
            && $this->connection()->getStatus() === TcpConnection::STATUS_CONNECTING;
        if ($isReconnecting || $this->_state === Client::STATE_CONNECTING || $this->_state === Client::STATE_WAITCONACK) {
            $this->triggerError(101);
            $this->connection()->destroy();
        }
    }

    /** Whether there is no connection to send on; then error 140 was given. */
    protected function checkDisconnecting(?callable $callback = null): bool
    {
        if ($this->_state === Client::STATE_ESTABLISHED) {
            return false;
        }
        $this->triggerError(140, $callback);
        return true;
    }

    /** Gives error 100 to whoever waits for an answer. */
    protected function flushOutgoing(): void
    {
        $waiting = $this->_outgoing;
        $this->_outgoing = [];
        foreach ($waiting as $callback) {
            $this->triggerError(100, $callback);
        }
    }

    private function connection(): AsyncTcpConnection
    {
        return $this->_connection ?? throw new \LogicException('There is no connection: the constructor of the client was not called');
    }

    /** Whether packets go straight through the codec, without a protocol class of somebody else. */
    private function isNative(): bool
    {
        return $this->_protocol === Mqtt::class || $this->_protocol === Mqtt5::class;
    }

    /** Has the connection's events come here: Workerman forgets the callbacks of a connection that is closed for good. */
    private function listen(): void
    {
        $connection = $this->connection();
        $connection->onConnect = [$this, 'onConnectionConnect'];
        $connection->onMessage = [$this, 'onConnectionMessage'];
        $connection->onClose = [$this, 'onConnectionClose'];
        $connection->onError = [$this, 'onConnectionError'];
        $connection->onBufferFull = [$this, 'onConnectionBufferFull'];
    }

    /**
     * What stands behind a single filter in a SUBSCRIBE.
     *
     * @param array<string, mixed> $options
     *
     * @return int|array<string, mixed>
     */
    private function subscription(array $options): int|array
    {
        /** @var int $qos */
        $qos = $options['qos'] ?? 0;
        return $this->_options['protocol_level'] !== 5 ? $qos : [
            'qos' => $qos,
            'no_local' => $options['no_local'] ?? null,
            'retain_as_published' => $options['retain_as_published'] ?? null,
            'retain_handling' => $options['retain_handling'] ?? null,
        ];
    }
}
