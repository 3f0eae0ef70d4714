<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use Mqtt\Exception\ProtocolException;
use Workerman\Connection\ConnectionInterface;
use Workerman\Mqtt\Client;
use Workerman\Mqtt\Consts\MQTTConst;
use Workerman\Mqtt\Consts\ReasonCodeConst;
use Workerman\Mqtt\Protocols\Ws;

/**
 * What the connection tells the client. These methods are public because Workerman calls them.
 *
 * @internal
 */
trait ConnectionEvents
{
    /** @var array<int, true> QoS 2 messages that were handled and not yet released, by message id */
    private array $unreleased = [];
    /** @var array<int, string> topics behind the aliases of this connection */
    private array $aliases = [];

    /** The transport is there: CONNECT goes out. */
    public function onConnectionConnect(): void
    {
        if ($this->_doNotReconnect) {
            $this->close();
            return;
        }
        $package = ['cmd' => MQTTConst::CMD_CONNECT];
        foreach (['clean_session', 'username', 'password', 'keepalive', 'protocol_name', 'protocol_level', 'client_id', 'properties'] as $name) {
            $package[$name] = $this->_options[$name];
        }
        if (isset($this->_options['will'])) {
            $package['will'] = $this->_options['will'] + ['retain' => 0];
        }
        $this->_state = Client::STATE_WAITCONACK;
        if ($this->_dumps) {
            $this->debugDump('Tcp connection established', '--');
            $options = $this->_options;
            $clientId = $options['client_id'] ?? '';
            $this->debugDump("Send CONNECT package client_id:$clientId username:{$options['username']} clean_session:{$options['clean_session']} protocol_name:{$options['protocol_name']} protocol_level:{$options['protocol_level']}", '->');
        }
        $this->sendPackage($package, false);
    }

    /** The default of onReconnect: subscribes to everything again if the server has forgotten it. */
    public function onMqttReconnect(): void
    {
        if (!$this->_options['clean_session'] || !$this->_options['resubscribe'] || $this->_resubscribeTopics === []) {
            return;
        }
        $id = $this->incrMessageId();
        if ($this->_dumps) {
            $this->debugDump('Send SUBSCRIBE(Resubscribe) package topics:' . implode(',', array_keys($this->_resubscribeTopics)) . " message_id:$id", '->');
        }
        $this->sendPackage([
            'cmd' => MQTTConst::CMD_SUBSCRIBE,
            'topics' => $this->_resubscribeTopics,
            'message_id' => $id,
            'properties' => $this->_resubscribeProperties,
        ]);
    }

    /** @param mixed $data a packet's array; under WebSocket the bytes of a frame */
    public function onConnectionMessage(ConnectionInterface $connection, $data): void
    {
        if ($this->_protocol !== Ws::class || !is_string($data) || !$connection instanceof Connection) {
            $this->handle($connection, $this->_protocol::unpack($data, $connection));
            return;
        }
        try {
            foreach ($connection->split($data) as $packet) {
                $this->handle($connection, Ws::unpack($packet, $connection));
            }
        } catch (ProtocolException $why) {
            $this->refuse($why);
        }
    }

    public function onConnectionClose(): void
    {
        if ($this->_dumps) {
            $this->debugDump('Connection closed', '--');
        }
        $this->cancelPingTimer();
        $this->cancelConnectionTimeout();
        $this->_recvPingResponse = true;
        $this->aliases = [];
        $this->closeWindow();
        $this->_state = Client::STATE_DISCONNECT;
        if (!$this->_doNotReconnect && $this->_options['reconnect_period'] > 0) {
            $this->reconnect($this->_options['reconnect_period']);
        }
        $this->flushOutgoing();
        if ($this->onClose) {
            ($this->onClose)($this);
        }
    }

    /** @param int $code CONNECT_FAIL or SEND_FAIL of Workerman's connections */
    public function onConnectionError(ConnectionInterface $connection, $code): void
    {
        $this->triggerError($code === ConnectionInterface::CONNECT_FAIL ? 102 : 100);
    }

    public function onConnectionBufferFull(): void
    {
        if ($this->_dumps) {
            $this->debugDump('Connection buffer full and close connection', '--');
        }
        $this->triggerError(103);
        $this->connection()->destroy();
    }

    private function handle(ConnectionInterface $connection, mixed $data): void
    {
        /** @var array{cmd?: int, message_id?: int, code?: int, codes?: list<int>} $data */
        $id = $data['message_id'] ?? 0;
        switch ($data['cmd'] ?? 0) {
            case MQTTConst::CMD_PUBLISH:
                $this->handlePublish($data);
                return;
            case MQTTConst::CMD_PUBACK:
            case MQTTConst::CMD_PUBCOMP:
                $this->dumpReceived($data);
                $this->settleOne();
                $this->complete($id, $data['code'] ?? 0);
                return;
            case MQTTConst::CMD_PUBREC:
                $this->dumpReceived($data);
                if (($data['code'] ?? 0) >= ReasonCodeConst::UNSPECIFIED_ERROR) {
                    // Refused, and over: no PUBREL follows (MQTT 5, 4.3.3).
                    $this->settleOne();
                    $this->complete($id, $data['code']);
                    return;
                }
                $this->answer(MQTTConst::CMD_PUBREL, $id);
                return;
            case MQTTConst::CMD_PUBREL:
                $this->dumpReceived($data);
                unset($this->unreleased[$id]);
                $this->answer(MQTTConst::CMD_PUBCOMP, $id);
                return;
            case MQTTConst::CMD_CONNACK:
                $this->handleConnAck($data);
                return;
            case MQTTConst::CMD_SUBACK:
                $this->dumpReceived($data);
                $this->complete($id, 0, $data['codes'] ?? []);
                return;
            case MQTTConst::CMD_UNSUBACK:
                $this->dumpReceived($data);
                $this->complete($id, 0);
                return;
            case MQTTConst::CMD_PINGRESP:
                $this->_recvPingResponse = true;
                $this->dumpReceived($data);
                return;
            case MQTTConst::CMD_DISCONNECT:
                $this->dumpReceived($data);
                if (($data['code'] ?? 0) !== 0) {
                    $this->triggerError($data['code']);
                }
                $this->connection()->destroy();
                return;
            default:
                $this->dumpReceived($data);
        }
    }

    /** @param array<string, mixed> $data */
    private function handleConnAck(array $data): void
    {
        /** @var array{code?: int, session_present?: int|bool, properties?: array{receive_maximum?: int, server_keep_alive?: int}} $data */
        $code = (int) ($data['code'] ?? 0);
        if ($code !== 0) {
            if ($this->_dumps) {
                $this->debugDump("Recv CONNACK package but get error {$this->getErrorCodeString($code)}", '<-');
            }
            $this->triggerError($code);
            $this->connection()->destroy();
            return;
        }
        $this->dumpReceived($data);
        $this->_state = Client::STATE_ESTABLISHED;
        $this->openWindow($data['properties']['receive_maximum'] ?? 65535);
        if (empty($data['session_present'])) {
            $this->unreleased = [];
        }
        $callback = $this->_firstConnect ? $this->onConnect : $this->onReconnect;
        $wasFirst = $this->_firstConnect;
        if ($callback) {
            $callback($this);
        }
        if ($wasFirst) {
            $this->_firstConnect = false;
        }
        // The callback may have closed the connection, which ended both timers.
        if ($this->_state !== Client::STATE_ESTABLISHED) {
            return;
        }
        // A server may want another interval than the client (MQTT-3.1.2-21).
        $keepAlive = $data['properties']['server_keep_alive'] ?? $this->_options['keepalive'];
        if ($keepAlive) {
            $this->setPingTimer($keepAlive);
        }
        $this->cancelConnectionTimeout();
    }

    /** @param array<string, mixed> $data */
    private function handlePublish(array $data): void
    {
        /** @var array{qos: int, topic: string, content: string, message_id?: int, properties?: array{topic_alias?: int}} $data */
        $qos = $data['qos'];
        $id = $data['message_id'] ?? 0;
        $topic = $data['topic'];
        $properties = $data['properties'] ?? [];
        if ($this->_dumps) {
            $this->debugDump("Recv PUBLISH package, message_id:$id qos:$qos topic:$topic content:{$data['content']} properties:" . json_encode($properties), '<-');
        }
        if (isset($properties['topic_alias'])) {
            if ($topic === '') {
                $topic = $this->aliases[$properties['topic_alias']] ?? '';
            } else {
                $this->aliases[$properties['topic_alias']] = $topic;
            }
        }
        // A QoS 2 message that came before is answered, and not handled twice (4.3.3).
        if (($qos !== 2 || !isset($this->unreleased[$id])) && $this->onMessage) {
            ($this->onMessage)($topic, $data['content'], $this, $properties);
        }
        // The callback may have closed the connection: then the message comes again.
        if ($qos === 0 || $this->_state !== Client::STATE_ESTABLISHED) {
            return;
        }
        if ($qos === 2) {
            $this->unreleased[$id] = true;
        }
        $this->answer($qos === 1 ? MQTTConst::CMD_PUBACK : MQTTConst::CMD_PUBREC, $id);
    }

    /** Calls whoever waits for the answer to a message id. */
    private function complete(int $id, int $code, mixed ...$more): void
    {
        $callback = $this->_outgoing[$id] ?? null;
        unset($this->_outgoing[$id]);
        if (!$callback) {
            return;
        }
        if ($code >= ReasonCodeConst::UNSPECIFIED_ERROR) {
            $this->triggerError($code, $callback);
            return;
        }
        $callback(null, ...$more);
    }

    private function answer(int $type, int $id): void
    {
        if ($this->_dumps) {
            $this->debugDump('Send ' . self::NAMES[$type] . " package, message_id: $id", '->');
        }
        $this->sendPackage(['cmd' => $type, 'message_id' => $id]);
    }

    /** The peer sent what is no MQTT: it is told under MQTT 5, and left. */
    private function refuse(ProtocolException $why): void
    {
        $code = $why->reasonCode->value ?? ($why->getCode() ?: ReasonCodeConst::MALFORMED_PACKET);
        if ($this->_dumps) {
            $this->debugDump("Recv malformed package: {$why->getMessage()}", '<-');
        }
        if ($this->_options['protocol_level'] === 5 && $this->_state === Client::STATE_ESTABLISHED) {
            $this->sendPackage(['cmd' => MQTTConst::CMD_DISCONNECT, 'code' => $code, 'properties' => []], false);
        }
        $this->triggerError($code);
        $this->connection()->destroy();
    }

    /** @param array<string, mixed> $data */
    private function dumpReceived(array $data): void
    {
        /** @var array{cmd?: int, message_id?: int} $data */
        if ($this->_dumps) {
            $this->debugDump('Recv ' . (self::NAMES[$data['cmd'] ?? 0] ?? 'unknow') . ' package' . (isset($data['message_id']) ? ", message_id: {$data['message_id']}" : ''), '<-');
        }
    }
}
