<?php

declare(strict_types=1);

namespace App\Events;

use Mqtt\Topic;
use Simps\Server\Protocol\MQTT;
use Simps\Server\Protocol\MqttInterface;

class MqttServer implements MqttInterface
{
    /** @var array<int, array<int|string, int>> by connection: filters to QoS. A handler lives for one packet, this for all. */
    private static array $subscriptions = [];

    public function onMqConnect($server, int $fd, $fromId, $data)
    {
        if ($data['protocol_name'] != "MQTT") {
            // A wrong protocol name: the server may close the connection, or go on by another specification.
            $server->close($fd);
            return false;
        }

        // Is the client connected already? Then its old connection has to be closed.
        // Is there a will?
        // ...

        // Confirm the connection.
        $server->send(
            $fd,
            MQTT::getAck(
                [
                    'cmd' => 2, // CONNACK is always 2
                    'code' => 0, // 0: the server accepts the connection
                    'session_present' => 0
                ]
            )
        );
    }

    public function onMqPingreq($server, int $fd, $fromId, $data): bool
    {
        return true;
    }

    public function onMqDisconnect($server, int $fd, $fromId, $data): bool
    {
        return true;
    }

    public function onMqPublish($server, int $fd, $fromId, $data)
    {
        /** @var array{topic: string, content: string, qos: int, message_id?: int} $publish */
        $publish = $data;
        foreach (self::$subscriptions as $receiver => $filters) {
            foreach ($filters as $filter => $qos) {
                if (Topic::matches((string) $filter, $publish['topic'])) {
                    $server->send($receiver, MQTT::getAck([
                        'cmd' => 3, // PUBLISH
                        'topic' => $publish['topic'],
                        'content' => $publish['content'],
                        'dup' => 0,
                        'qos' => 0,
                        'retain' => 0,
                    ]));
                    break;
                }
            }
        }
        if ($publish['qos'] === 1) {
            $server->send($fd, MQTT::getAck(['cmd' => 4, 'message_id' => $publish['message_id'] ?? 0])); // PUBACK
        }
    }

    public function onMqSubscribe($server, int $fd, $fromId, $data)
    {
        /** @var array{topics: array<int|string, int>, message_id: int} $data */
        self::$subscriptions[$fd] = $data['topics'] + (self::$subscriptions[$fd] ?? []);
        $server->send($fd, MQTT::getAck([
            'cmd' => 9, // SUBACK
            'message_id' => $data['message_id'],
            'payload' => array_fill(0, count($data['topics']), 0),
        ]));
    }

    public function onMqUnsubscribe($server, int $fd, $fromId, $data)
    {
        /** @var list<string> $filters */
        $filters = $data['topics'];
        foreach ($filters as $filter) {
            unset(self::$subscriptions[$fd][$filter]);
        }
        $server->send($fd, MQTT::getAck(['cmd' => 11, 'message_id' => $data['message_id']])); // UNSUBACK
    }

    /**
     * Named in the configuration's callbacks.
     *
     * @param \Simps\Internal\Server $server
     *
     * @return void
     */
    public static function onClose($server, int $fd)
    {
        unset(self::$subscriptions[$fd]);
    }
}
