<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException;
use Workerman\Connection\AsyncTcpConnection;
use Workerman\Events\Ev;
use Workerman\Events\Event;
use Workerman\Events\Select;

/**
 * A client's connection. It reads like Workerman's own, with three differences: what has arrived is taken packet by packet
 * without copying the rest each time, acknowledgements that belong to one read are written together, and one packet may be larger
 * than the send buffer's limit.
 *
 * @internal
 */
final class Connection extends AsyncTcpConnection
{
    /**
     * Workerman keeps decoded packets of up to so many bytes, by their bytes alone. The same bytes mean different things in
     * MQTT 3 and MQTT 5, so nothing of ours may come from there.
     */
    public const MAX_CACHE_STRING_LENGTH = 0;

    /** Decodes what arrives; null while the bytes belong to another protocol, as under WebSocket. */
    public ?ArrayCodec $codec = null;

    /** The class that packs and unpacks under WebSocket; {@see \Workerman\Mqtt\Protocols\Ws} asks for it. */
    public ?string $websocketClientDataProtocolClass = null;

    /** @var (\Closure(ProtocolException): void)|null told of bytes that are no MQTT; it closes the connection */
    public ?\Closure $onMalformed = null;

    /** How many bytes of recvBuffer were taken already. A handler may suspend its fiber, and another read goes on from here. */
    private int $taken = 0;
    /** Reads that are being worked on. */
    private int $reading = 0;
    private string $acknowledgements = '';
    /** Bytes of acknowledgements that were put behind a full send buffer. */
    private int $owed = 0;
    private bool $isAlone = false;
    /** @var \WeakMap<self, true>|null connections that had acknowledgements: a handler may call exit */
    private static ?\WeakMap $unwritten = null;
    /** A WebSocket frame may hold several packets, or a part of one (MQTT-6.0.0-2). */
    private string $rest = '';

    /** @param resource $socket */
    public function baseRead($socket, bool $checkEof = true): void
    {
        if ($this->codec === null || ($this->transport === 'ssl' && $this->sslHandshakeCompleted !== true)) {
            parent::baseRead($socket, $checkEof);
            return;
        }
        $bytes = is_resource($socket) ? @fread($socket, self::READ_BUFFER_SIZE) : false;
        if ($bytes === '' || $bytes === false) {
            if ($checkEof && ($bytes === false || feof($socket))) {
                $this->destroy();
                return;
            }
        } else {
            $this->bytesRead += strlen($bytes);
            $this->recvBuffer .= $bytes;
        }
        $this->reading++;
        try {
            $this->deliver();
        } finally {
            if (--$this->reading === 0) {
                $this->flushAcknowledgements();
            }
        }
        if ($this->taken > 0) {
            $this->recvBuffer = (string) substr($this->recvBuffer, $this->taken);
            $this->taken = 0;
        }
    }

    public function send(mixed $sendBuffer, bool $raw = false): bool|null
    {
        if ($raw && $this->acknowledgements !== '' && $this->sendBuffer === '') {
            /** @var string $bytes */
            $bytes = $sendBuffer;
            $sendBuffer = $this->acknowledgements . $bytes;
            $this->acknowledgements = '';
        }
        $this->flushAcknowledgements();
        if ($this->sendBuffer !== '' && $this->maxSendBufferSize <= strlen($this->sendBuffer) && $this->onBufferFull) {
            ($this->onBufferFull)($this);
            return false;
        }
        $this->isAlone = $this->sendBuffer === '';
        return parent::send($sendBuffer, $raw);
    }

    /** Sends the bytes of a packet: as send() does, with less to ask where nothing waits. */
    public function write(string $bytes): void
    {
        if ($this->sendBuffer === '' && $this->acknowledgements === '' && $this->status === self::STATUS_ESTABLISHED && $this->transport !== 'ssl') {
            $written = @fwrite($this->socket, $bytes);
            $length = strlen($bytes);
            if ($written === $length) {
                $this->bytesWritten += $length;
                return;
            }
            // What is left is for send(), which also finds out why nothing was written.
            if ($written) {
                $this->bytesWritten += $written;
                $bytes = substr($bytes, $written);
            }
        }
        $this->send($bytes, true);
    }

    /**
     * Sends bytes that the protocol asks for. They never fail for want of room, and go out at the latest when everything that
     * arrived with their cause was handled.
     */
    public function acknowledge(string $bytes): void
    {
        if (self::$unwritten === null) {
            self::$unwritten = new \WeakMap();
            register_shutdown_function(self::flushAll(...));
        }
        $this->acknowledgements .= $bytes;
        self::$unwritten[$this] = true;
        // In a fiber the end of this read may be far away.
        $isPlain = $this->eventLoop instanceof Select || $this->eventLoop instanceof Event || $this->eventLoop instanceof Ev;
        if ($this->reading === 0 || !$isPlain) {
            $this->flushAcknowledgements();
        }
    }

    /** Writes what can be written without waiting, then closes at once. A DISCONNECT under TLS leaves this way too. */
    public function finish(): void
    {
        $bytes = $this->sendBuffer . $this->acknowledgements;
        $this->acknowledgements = '';
        if ($this->status === self::STATUS_ESTABLISHED && is_resource($this->socket)) {
            while ($bytes !== '' && ($written = (int) @fwrite($this->socket, $bytes)) > 0) {
                $bytes = (string) substr($bytes, $written);
            }
        }
        $this->destroy();
    }

    public function destroy(): void
    {
        if ($this->status === self::STATUS_ESTABLISHED) {
            $this->flushAcknowledgements();
        }
        parent::destroy();
        $this->taken = 0;
        $this->acknowledgements = $this->rest = '';
    }

    public function getRecvBufferQueueSize(): int
    {
        return strlen($this->recvBuffer) - $this->taken;
    }

    /**
     * Takes the packets that a WebSocket frame completes; a beginning stays for the next frame.
     *
     * @return \Generator<int, string> the bytes of one packet each
     * @throws ProtocolException for bytes that are no MQTT, or a packet above maxPackageSize
     */
    public function split(string $frame): \Generator
    {
        $this->rest .= $frame;
        while (($length = self::length($this->rest, 0, $this->maxPackageSize)) > 0) {
            $packet = substr($this->rest, 0, $length);
            $this->rest = (string) substr($this->rest, $length);
            yield $packet;
        }
    }

    /**
     * Bytes of the packet at $at, fixed header included; 0 when it is not whole yet.
     *
     * @throws ProtocolException when its length is malformed (1.5.5) or above $maximum
     */
    private static function length(string $buffer, int $at, int $maximum): int
    {
        $have = strlen($buffer) - $at;
        for ($length = $shift = 0, $index = 1; $index < $have; $shift += 7) {
            $byte = ord($buffer[$at + $index++]);
            $length |= ($byte & 0x7F) << $shift;
            if ($byte < 0x80) {
                if ($index + $length > $maximum) {
                    throw new ProtocolException('A packet of ' . ($index + $length) . " bytes, where maxPackageSize is $maximum", 149);
                }
                return $index + $length <= $have ? $index + $length : 0;
            }
            if ($shift === 21) {
                throw new ProtocolException('The remaining length has more than four bytes', 129);
            }
        }
        return 0;
    }

    private function deliver(): void
    {
        while (!$this->isPaused && $this->recvBuffer !== '' && $this->codec !== null) {
            try {
                $length = self::length($this->recvBuffer, $this->taken, $this->maxPackageSize);
                if ($length === 0) {
                    return;
                }
                $packet = $this->codec->decode(substr($this->recvBuffer, $this->taken, $length));
            } catch (ProtocolException $why) {
                $this->onMalformed === null ? $this->destroy() : ($this->onMalformed)($why);
                return;
            }
            $this->taken += $length;
            ++self::$statistics['total_request']; // @phpstan-ignore preInc.type (an int in an array that is not typed)
            try {
                $this->onMessage === null || ($this->onMessage)($this, $packet);
            } catch (\Throwable $exception) {
                $this->flushAcknowledgements();
                $this->error($exception);
            }
        }
    }

    private static function flushAll(): void
    {
        foreach (self::$unwritten ?? [] as $connection => $_) {
            $connection->flushAcknowledgements();
        }
    }

    private function flushAcknowledgements(): void
    {
        if ($this->acknowledgements === '') {
            return;
        }
        $bytes = $this->acknowledgements;
        $this->acknowledgements = '';
        if ($this->status === self::STATUS_ESTABLISHED && $this->sendBuffer !== '') {
            // The socket takes nothing now; it is watched already. A server that sends and does not read is left.
            $this->sendBuffer .= $bytes;
            $this->owed += strlen($bytes);
            if ($this->owed >= self::$defaultMaxSendBufferSize) {
                parent::checkBufferWillFull();
            }
            return;
        }
        $this->owed = 0;
        parent::send($bytes, true);
    }

    protected function checkBufferWillFull(): void
    {
        // One packet may be larger than the limit: without this it could never be sent at all.
        if (!$this->isAlone) {
            parent::checkBufferWillFull();
        }
    }
}
