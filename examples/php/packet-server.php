<?php
/**
 * A server whose every answer is PHP: no broker, only packets. It keeps its subscriptions itself.
 *
 *     php -d extension=target/release/mqtt.so examples/php/packet-server.php [URI...]
 *
 * Without an argument it listens on 127.0.0.1:1883. Ctrl-C ends it.
 */
declare(strict_types=1);

use Mqtt\Connection;
use Mqtt\Packet;
use Mqtt\PacketServer;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Topic;

$uris = array_slice($argv, 1);
$server = new PacketServer(['autoPing' => true] + ($uris === [] ? [] : ['listen' => $uris]));

$server->onConnect(function (Connection $connection): void {
    $connection->data = []; // its topic filters
});

$server->onPacket(function (Connection $connection, Packet $packet) use ($server): Packet|iterable|null {
    return match ($packet::class) {
        Packet\Connect::class => new Packet\ConnAck($packet->username === 'banned' ? ReasonCode::NotAuthorized : ReasonCode::Success),
        Packet\Subscribe::class => subscribe($connection, $packet),
        Packet\Unsubscribe::class => unsubscribe($connection, $packet),
        Packet\Publish::class => publish($server, $packet),
        // QoS 2 ends with PUBREL and PUBCOMP.
        Packet\PubRel::class => new Packet\PubComp($packet->packetId),
        default => null,
    };
});

$server->onDisconnect(function (Connection $connection, string $why): void {
    fprintf(STDERR, "%s (%s): %s\n", $connection->clientId ?? '?', $connection->remoteAddress ?? 'unix', $why);
});

/** @return array<int|string, true> what a connection has subscribed to; it is kept in its $data */
function filters(Connection $connection): array
{
    /** @var array<int|string, true> $filters */
    $filters = $connection->data ?? [];
    return $filters;
}

function subscribe(Connection $connection, Packet\Subscribe $packet): Packet
{
    $filters = filters($connection);
    foreach ($packet->subscriptions as $subscription) {
        $filters[$subscription->filter] = true;
    }
    $connection->data = $filters;
    // QoS 0 is granted, whatever was asked for.
    return new Packet\SubAck($packet->packetId, array_map(fn (Subscription $subscription) => ReasonCode::Success, $packet->subscriptions));
}

function unsubscribe(Connection $connection, Packet\Unsubscribe $packet): Packet
{
    $connection->data = array_diff_key(filters($connection), array_flip($packet->filters));
    return new Packet\UnsubAck($packet->packetId, array_map(fn (string $filter) => ReasonCode::Success, $packet->filters));
}

function publish(PacketServer $server, Packet\Publish $packet): ?Packet
{
    $copy = new Packet\Publish($packet->topic, $packet->payload);
    foreach ($server->connections() as $receiver) {
        foreach (array_keys(filters($receiver)) as $filter) {
            if (Topic::matches((string) $filter, $packet->topic)) {
                $receiver->send($copy);
                break;
            }
        }
    }
    return match (true) {
        $packet->packetId === null => null,
        $packet->qos === 1 => new Packet\PubAck($packet->packetId),
        default => new Packet\PubRec($packet->packetId),
    };
}

// Ctrl-C and SIGTERM end it in order: clients are told, what waits is written.
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    foreach ([SIGINT, SIGTERM] as $signal) {
        pcntl_signal($signal, fn () => $server->stop());
    }
}

$server->run();
