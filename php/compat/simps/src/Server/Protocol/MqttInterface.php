<?php
declare(strict_types=1);

namespace Simps\Server\Protocol;

/**
 * What an application does with the packets of clients. A new object is made for each packet. $server answers by
 * `$server->send($fd, $bytes)` and `$server->close($fd)`; $data is the packet's array.
 */
interface MqttInterface
{
    /**
     * CONNECT: answer with a CONNACK.
     *
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     *
     * @return mixed
     */
    public function onMqConnect($server, int $fd, $fromId, $data);

    /**
     * PINGREQ: true has PINGRESP sent.
     *
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     */
    public function onMqPingreq($server, int $fd, $fromId, $data): bool;

    /**
     * DISCONNECT: true has the connection closed.
     *
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     */
    public function onMqDisconnect($server, int $fd, $fromId, $data): bool;

    /**
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     *
     * @return mixed
     */
    public function onMqPublish($server, int $fd, $fromId, $data);

    /**
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     *
     * @return mixed
     */
    public function onMqSubscribe($server, int $fd, $fromId, $data);

    /**
     * @param \Simps\Internal\Server $server
     * @param int $fromId
     * @param array<string, mixed> $data
     *
     * @return mixed
     */
    public function onMqUnsubscribe($server, int $fd, $fromId, $data);
}
