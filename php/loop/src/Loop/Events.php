<?php
declare(strict_types=1);

namespace Mqtt\Loop;

use Mqtt\Client;
use Mqtt\Message;
use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Disconnect;
use Mqtt\ReasonCode;
use Psr\EventDispatcher\EventDispatcherInterface;

/**
 * What a client tells, as events of PSR-14: Event\Connected, Event\Disconnected, Event\Published, and Event\Received for messages
 * that no handler takes. Logs need no bridge: the option logger takes a PSR-3 logger.
 */
final class Events
{
    /** Takes the callbacks onConnect, onDisconnect, onPublished and onMessage of the client for it. */
    public static function dispatch(Client $client, EventDispatcherInterface $dispatcher): void
    {
        // The client holds its callbacks: they must not hold it.
        $client = \WeakReference::create($client);
        $client->get()?->onConnect(static fn (ConnAck $ack, bool $resumed) => $dispatcher->dispatch(new Event\Connected($client->get(), $ack, $resumed)));
        $client->get()?->onDisconnect(static fn (\Throwable $why, ?Disconnect $packet, ?float $retryIn) => $dispatcher->dispatch(new Event\Disconnected($client->get(), $why, $packet, $retryIn)));
        $client->get()?->onPublished(static fn (int $token, ReasonCode $code) => $dispatcher->dispatch(new Event\Published($client->get(), $token, $code)));
        $client->get()?->onMessage(static fn (Message $message) => $dispatcher->dispatch(new Event\Received($client->get(), $message)));
    }
}
