<?php
declare(strict_types=1);

namespace Mqtt\Compat;

use Mqtt\Exception\ClosedException;
use Mqtt\Exception\ForkException;
use Mqtt\Exception\ProtocolException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\PacketClient;

/**
 * The packets of a connection as the stream of bytes that they are on the wire, for libraries whose subclasses read and write
 * bytes. Nothing here waits unless it is told to.
 */
final class ByteStream
{
    /** Packets that were taken from the connection and not read to their end. */
    private string $received = '';
    private int $at = 0;
    /** What read() throws when everything before it was read; the connection itself says it once. */
    private ClosedException|TransportException|ProtocolException|null $failure = null;
    /** The beginning of a packet whose rest has not been written yet. */
    private string $unfinished = '';

    /** @param PacketClient $client connected; nobody else receives from it */
    public function __construct(private PacketClient $client)
    {
    }

    /**
     * What is there, at most $limit bytes; '' when there is nothing.
     *
     * @throws ClosedException    when the peer has closed and everything was read
     * @throws TransportException when the connection broke
     * @throws ProtocolException  when what came is no packet
     * @throws ForkException      in a child of the process that connected
     */
    public function read(int $limit): string
    {
        $bytes = '';
        if ($this->received !== '') {
            $bytes = $this->take($limit);
        }
        while (strlen($bytes) < $limit) {
            try {
                $packet = $this->failure === null ? $this->client->receiveBytes(0.0) : throw $this->failure;
            } catch (ClosedException|TransportException|ProtocolException $e) {
                if ($bytes !== '') {
                    $this->failure = $e;
                    break;
                }
                $this->failure = null;
                throw $e;
            }
            if ($packet === null) {
                break;
            }
            if (strlen($bytes) + strlen($packet) > $limit) {
                $this->received = $packet;
                $this->at       = 0;
                return $bytes . $this->take($limit - strlen($bytes));
            }
            $bytes .= $packet;
        }
        return $bytes;
    }

    /**
     * Waits until read() has something to say, which may be that the peer has closed.
     *
     * @param float $timeout seconds
     */
    public function await(float $timeout): void
    {
        if ($this->received !== '' || $this->failure !== null) {
            return;
        }
        try {
            $this->received = $this->client->receiveBytes($timeout) ?? '';
            $this->at       = 0;
        } catch (ClosedException|TransportException|ProtocolException $e) {
            $this->failure = $e;
        }
    }

    /**
     * Writes. A packet leaves when it is whole.
     *
     * @throws ClosedException    when there is no connection
     * @throws TransportException when the connection broke
     * @throws TimeoutException   when the peer took nothing for too long; the connection was closed
     * @throws ForkException      in a child of the process that connected
     */
    public function write(string $bytes): void
    {
        if ($this->unfinished !== '') {
            $bytes            = $this->unfinished . $bytes;
            $this->unfinished = '';
        }
        try {
            $this->client->sendBytes($bytes);
        } catch (\ValueError) {
            $this->unfinished = $bytes;
        }
    }

    private function take(int $limit): string
    {
        $bytes     = substr($this->received, $this->at, $limit);
        $this->at += strlen($bytes);
        if ($this->at >= strlen($this->received)) {
            $this->received = '';
            $this->at       = 0;
        }
        return $bytes;
    }
}
