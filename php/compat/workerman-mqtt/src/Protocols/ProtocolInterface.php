<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Protocols;

use Workerman\Connection\ConnectionInterface;

/** A protocol class of Workerman that a Client can be told to use by the scheme of its address. */
interface ProtocolInterface extends \Workerman\Protocols\ProtocolInterface
{
    /**
     * Called once for each client, before it makes its connection.
     *
     * @param string $address what the connection will be made to
     * @param array<string, mixed> $options  the client's options
     * @param array<string, mixed> $context  PHP's stream context options
     * @return class-string<ProtocolInterface> the class that packs and unpacks
     */
    public static function init(string &$address, array &$options, array &$context): string;

    /** A packet's array to what is given to $connection->send(). */
    public static function pack(mixed $data, ConnectionInterface $connection): mixed;

    /** What $connection->onMessage gets to a packet's array. */
    public static function unpack(mixed $package, ConnectionInterface $connection): mixed;
}
