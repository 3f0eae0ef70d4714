<?php
declare(strict_types=1);

/**
 * A client that sends and receives packets as they are, over a socket that never blocks.
 */
final class Peer
{
    /** @var resource */
    private $socket;
    private Mqtt\Decoder $decoder;
    /** @var list<Mqtt\Packet> */
    private array $packets = [];

    public function __construct(string $address, private Mqtt\Version $version = Mqtt\Version::V5)
    {
        $this->socket = stream_socket_client($address) ?: throw new RuntimeException("cannot connect to $address");
        stream_set_blocking($this->socket, false);
        $this->decoder = new Mqtt\Decoder($version);
    }

    public function send(Mqtt\Packet $packet): void
    {
        fwrite($this->socket, $packet->encode($this->version));
    }

    /** Whether take() has something to give: a packet, or the end. */
    public function isReady(): bool
    {
        $this->decoder->push((string) fread($this->socket, 65536));
        array_push($this->packets, ...$this->decoder->all());
        return $this->packets !== [] || feof($this->socket);
    }

    public function take(): ?Mqtt\Packet
    {
        return array_shift($this->packets);
    }

    /** Closes without a DISCONNECT. */
    public function drop(): void
    {
        fclose($this->socket);
    }
}
