<?php
declare(strict_types=1);

namespace MosquittoTests;

use RuntimeException;

/**
 * A server in this very process that says the bytes it is told to: connect() needs only the kernel to be answered.
 */
final class WireServer
{
    /** @var resource */
    private $listener;
    /** @var resource|null */
    private $socket = null;
    public readonly int $port;

    public function __construct()
    {
        $this->listener = stream_socket_server('tcp://127.0.0.1:0') ?: throw new RuntimeException('no port');
        $this->port = (int) substr((string) strrchr((string) stream_socket_get_name($this->listener, false), ':'), 1);
    }

    /** Takes the next connection and gives the bytes that came first, one packet. */
    public function accept(): string
    {
        $this->socket = stream_socket_accept($this->listener, 20.0) ?: throw new RuntimeException('nobody connects');
        stream_set_timeout($this->socket, 20);
        return $this->packet();
    }

    /** Bytes, as hexadecimal digits and blanks. */
    public function say(string $hex): void
    {
        fwrite($this->socket, (string) hex2bin(str_replace(' ', '', $hex)));
    }

    /** The next packet of the client as hexadecimal digits; "" at the end of the stream. */
    public function packet(): string
    {
        $packet = (string) fread($this->socket, 1);
        if ($packet === '') {
            return '';
        }
        for ($length = 0, $shift = 0; ; $shift += 7) {
            $packet .= $byte = (string) fread($this->socket, 1);
            $length |= (ord($byte) & 0x7F) << $shift;
            if (ord($byte) < 0x80) {
                break;
            }
        }
        for ($body = ''; strlen($body) < $length;) {
            $more = (string) fread($this->socket, $length - strlen($body));
            if ($more === '') {
                break;
            }
            $body .= $more;
        }
        return bin2hex($packet . $body);
    }

    public function close(): void
    {
        if ($this->socket !== null) {
            fclose($this->socket);
            $this->socket = null;
        }
    }

    /** No one listens on the port any more. */
    public function stopListening(): void
    {
        fclose($this->listener);
    }
}
