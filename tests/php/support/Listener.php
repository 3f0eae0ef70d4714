<?php
declare(strict_types=1);

/**
 * A server in this process that reads the packets of a client and says what a test wants it to say. The client's own thread
 * connects to it, so nothing has to be done at the same time.
 */
final class Listener
{
    /** @var resource */
    private $listener;
    /** @var resource|null */
    public $connection = null;
    private Mqtt\Decoder $decoder;
    /** @var list<Mqtt\Packet> */
    private array $packets = [];

    /** @param array<string, mixed>|null $ssl options of PHP's ssl context: a TLS server */
    public function __construct(private ?array $ssl = null)
    {
        $context = stream_context_create($ssl === null ? [] : ['ssl' => $ssl]);
        $this->listener = stream_socket_server('tcp://127.0.0.1:0', context: $context) ?: throw new RuntimeException('no port');
        $this->decoder = new Mqtt\Decoder();
    }

    public function port(): int
    {
        return (int) substr((string) strrchr((string) stream_socket_get_name($this->listener, false), ':'), 1);
    }

    public function uri(string $scheme = 'mqtt'): string
    {
        return "$scheme://127.0.0.1:{$this->port()}";
    }

    /** Waits for the next connection; with TLS also for its handshake, and says whether that went well. */
    public function accept(float $seconds = 20): bool
    {
        $this->connection = @stream_socket_accept($this->listener, $seconds) ?: throw new RuntimeException("nobody connected within $seconds s");
        $this->decoder = new Mqtt\Decoder();
        $this->packets = [];
        stream_set_timeout($this->connection, (int) $seconds);
        return $this->ssl === null || @stream_socket_enable_crypto($this->connection, true, $this->ssl['crypto_method'] ?? STREAM_CRYPTO_METHOD_TLS_SERVER) === true;
    }

    /** Whether somebody connects within this time. */
    public function isCalled(float $seconds): bool
    {
        $ready = [$this->listener];
        $write = $except = null;
        return stream_select($ready, $write, $except, (int) $seconds, (int) (fmod($seconds, 1) * 1e6)) === 1;
    }

    /** The next packet. */
    public function next(float $seconds = 20): Mqtt\Packet
    {
        for ($end = microtime(true) + $seconds; $this->packets === [];) {
            $bytes = fread($this->connection, 65536);
            if ($bytes === '' || $bytes === false) {
                throw new RuntimeException(feof($this->connection) ? 'the client ended the connection' : "no packet within $seconds s");
            }
            $this->decoder->push($bytes);
            $this->packets = $this->decoder->all();
            if (microtime(true) > $end) {
                throw new RuntimeException("no packet within $seconds s");
            }
        }
        return array_shift($this->packets);
    }

    /**
     * The next packet of this class; others are passed over.
     *
     * @template T of Mqtt\Packet
     * @param class-string<T> $class
     * @return T
     */
    public function expect(string $class): Mqtt\Packet
    {
        do {
            $packet = $this->next();
        } while (!$packet instanceof $class);
        return $packet;
    }

    public function send(Mqtt\Packet ...$packets): void
    {
        foreach ($packets as $packet) {
            fwrite($this->connection, $packet->encode(Mqtt\Version::V5));
        }
    }

    /** Accepts a connection and its CONNECT. */
    public function welcome(bool $sessionPresent = false, Mqtt\Properties|array|null $properties = null): Mqtt\Packet\Connect
    {
        $this->accept();
        $connect = $this->expect(Mqtt\Packet\Connect::class);
        $this->send(new Mqtt\Packet\ConnAck(sessionPresent: $sessionPresent, properties: $properties));
        return $connect;
    }

    /** Bytes up to the end of the head of an HTTP request. */
    public function httpHead(): string
    {
        for ($head = ''; !str_contains($head, "\r\n\r\n") && ($byte = fread($this->connection, 1)) !== false && $byte !== '';) {
            $head .= $byte;
        }
        return $head;
    }

    /** Breaks the connection. */
    public function cut(): void
    {
        fclose($this->connection);
        $this->connection = null;
    }

    /** Refuses those who come. */
    public function close(): void
    {
        fclose($this->listener);
    }
}
