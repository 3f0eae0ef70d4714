<?php
declare(strict_types=1);

namespace Simps\Client;

use Mqtt\Exception\ClosedException;
use Mqtt\Exception\TimeoutException;
use Mqtt\Exception\TransportException;
use Mqtt\PacketClient;
use Simps\Exception\Protocol\MQTTException;
use Simps\Server\Protocol\MQTT;

/**
 * A client that sends a packet and gives the next one that comes, whatever it is: nothing is acknowledged, kept alive or
 * dispatched by itself. It needs no coroutine, and blocks.
 */
class MQTTClient
{
    private PacketClient $client;

    /** @var array{host: string, port: int|string, time_out: float|int|string, username: string|null, password: string|null, client_id: string, keepalive: int|null, debug: bool} */
    private array $config = [
        'host' => '127.0.0.1',
        'port' => 1883,
        'time_out' => 0.5, // seconds to connect
        'username' => '',
        'password' => '',
        'client_id' => '',
        'keepalive' => 0, // seconds, as CONNECT says it; call ping() within it
        'debug' => false, // true prints the bytes of answers
    ];

    /** Seconds that recv() waits; null: until something comes. */
    private ?float $readTimeout;

    private int $msgId = 0;

    /**
     * Opens the connection; tries again every three seconds until it stands.
     *
     * @param array<string, mixed> $config
     * @param array<string, mixed> $swConfig settings of Swoole's client that mean something here: read_timeout or timeout (seconds),
     *     package_max_length (bytes), bind_address, bind_port, and with open_ssl: ssl_verify_peer, ssl_allow_self_signed,
     *     ssl_host_name, ssl_cafile, ssl_capath, ssl_cert_file, ssl_key_file
     */
    public function __construct(array $config, array $swConfig = [])
    {
        /** @var array{host: string, port: int|string, time_out: float|int|string, username: string|null, password: string|null, client_id: string, keepalive: int|null, debug: bool} $all */
        $all = array_replace_recursive($this->config, $config);
        $this->config = $all;
        /** @var float|int $timeout */
        $timeout = $swConfig['read_timeout'] ?? $swConfig['timeout'] ?? -1;
        $this->readTimeout = $timeout > 0 ? (float) $timeout : null;
        $this->client = self::client($this->config, $swConfig);
        try {
            $this->client->connect();
        } catch (TransportException) {
            $this->reConnect();
        }
    }

    /**
     * Sends CONNECT; gives the answer, an array with `code`.
     *
     * @param bool                 $clean true asks for the session to be kept: the flag on the wire is the opposite, as it always was here
     * @param array<string, mixed> $will  {topic, content, qos, retain}
     * @return mixed
     */
    public function connect(bool $clean = true, array $will = [])
    {
        $packet = [
            'cmd' => MQTT::CONNECT,
            'protocol_name' => 'MQTT',
            'protocol_level' => 4,
            'clean_session' => $clean ? 0 : 1,
            'client_id' => $this->config['client_id'],
            'keepalive' => $this->config['keepalive'] ?? 0,
            'username' => $this->config['username'] ?? '',
            'password' => $this->config['password'] ?? '',
        ];
        if ($will !== []) {
            $packet['will'] = $will + ['qos' => 0, 'retain' => 0];
        }
        return $this->sendBuffer($packet);
    }

    /**
     * @param array<string, int> $topics filters to QoS
     *
     * @return mixed
     */
    public function subscribe(array $topics)
    {
        return $this->sendBuffer(['cmd' => MQTT::SUBSCRIBE, 'message_id' => $this->getMsgId(), 'topics' => $topics]);
    }

    /**
     * @param list<string> $topics filters
     *
     * @return mixed
     */
    public function unSubscribe(array $topics)
    {
        return $this->sendBuffer(['cmd' => MQTT::UNSUBSCRIBE, 'message_id' => $this->getMsgId(), 'topics' => $topics]);
    }

    /**
     * Sends a message; at QoS 0 returns true, else the next packet. After a PUBREC, send the PUBREL yourself.
     *
     * @param string $topic
     * @param string $content
     * @param int $qos
     * @param int $dup
     * @param int $retain
     *
     * @return mixed
     */
    public function publish($topic, $content, $qos = 0, $dup = 0, $retain = 0)
    {
        return $this->sendBuffer([
            'cmd' => MQTT::PUBLISH,
            'message_id' => $this->getMsgId(),
            'topic' => $topic,
            'content' => $content,
            'qos' => $qos,
            'dup' => $dup,
            'retain' => $retain,
        ], $qos > 0);
    }

    /**
     * The next packet. True when none came within read_timeout, and after a connection that was lost has been made again,
     * without its subscriptions.
     *
     * @return array<string, mixed>|bool|string
     * @throws MQTTException when the connection failed, or for what is no MQTT
     */
    public function recv()
    {
        try {
            $bytes = $this->client->receiveBytes($this->readTimeout);
        } catch (ClosedException) {
            $this->reConnect();
            $this->connect();
            return true;
        } catch (TransportException | TimeoutException | \Mqtt\Exception\ProtocolException $why) {
            throw new MQTTException($why->getMessage(), (int) $why->getCode(), $why);
        }
        return $bytes === null ? true : MQTT::decode($bytes);
    }

    /**
     * Sends PINGREQ; gives the next packet.
     *
     * @return mixed
     */
    public function ping()
    {
        return $this->sendBuffer(['cmd' => MQTT::PINGREQ]);
    }

    /**
     * Sends DISCONNECT, and closes.
     *
     * @return bool
     */
    public function close()
    {
        $this->sendBuffer(['cmd' => MQTT::DISCONNECT], false);
        $this->client->close();
        return true;
    }

    /**
     * The next message id, 1 to 65535.
     *
     * @return int
     */
    public function getMsgId()
    {
        return $this->msgId = $this->msgId >= 65535 ? 1 : $this->msgId + 1;
    }

    /**
     * Sends a packet.
     *
     * @param array<string, mixed> $data
     * @param bool $response false: return true at once instead of the next packet
     * @return mixed
     * @throws MQTTException when the connection failed
     */
    public function sendBuffer($data, $response = true)
    {
        try {
            $this->client->sendBytes(MQTT::encode($data));
            if (!$response) {
                return true;
            }
            $bytes = (string) $this->client->receiveBytes($this->readTimeout);
        } catch (TransportException | TimeoutException | ClosedException | \Mqtt\Exception\ProtocolException $why) {
            throw new MQTTException($why->getMessage(), (int) $why->getCode(), $why);
        }
        if ($bytes === '') {
            throw new MQTTException("Nothing came within $this->readTimeout s");
        }
        if ($this->config['debug']) {
            MQTT::printStr($bytes);
        }
        return MQTT::decode($bytes);
    }

    private function reConnect(): void
    {
        for (;;) {
            $this->client->close();
            // Another broker is not there sooner for being asked more often.
            self::sleep(3.0);
            try {
                $this->client->connect();
                return;
            } catch (TransportException) {
            }
        }
    }

    /** In a coroutine of Swoole the others go on. */
    private static function sleep(float $seconds): void
    {
        if (extension_loaded('swoole') && \Swoole\Coroutine::getCid() > 0) {
            \Swoole\Coroutine::sleep($seconds);
            return;
        }
        usleep((int) ($seconds * 1_000_000));
    }

    /**
     * @param array{host: string, port: int|string, time_out: float|int|string} $config
     * @param array<string, mixed> $settings
     */
    private static function client(array $config, array $settings): PacketClient
    {
        $options = ['connectTimeout' => (float) $config['time_out']];
        if (isset($settings['package_max_length'])) {
            $options['maximumPacketSize'] = $settings['package_max_length'];
        }
        if (isset($settings['bind_address'])) {
            /** @var array{bind_address: string, bind_port?: int|string} $settings */
            $options['bindAddress'] = $settings['bind_address'] . (isset($settings['bind_port']) ? ":{$settings['bind_port']}" : '');
        }
        $isSecure = !empty($settings['open_ssl']);
        if ($isSecure) {
            $options['tls'] = array_filter([
                'verifyPeer' => $settings['ssl_verify_peer'] ?? null,
                'allowSelfSigned' => $settings['ssl_allow_self_signed'] ?? null,
                'peerName' => $settings['ssl_host_name'] ?? null,
                'caFile' => $settings['ssl_cafile'] ?? null,
                'caPath' => $settings['ssl_capath'] ?? null,
                'certFile' => $settings['ssl_cert_file'] ?? null,
                'keyFile' => $settings['ssl_key_file'] ?? null,
            ], static fn ($value): bool => $value !== null);
        }
        $host = str_contains($config['host'], ':') ? "[{$config['host']}]" : $config['host'];
        return new PacketClient(($isSecure ? 'mqtts' : 'mqtt') . "://$host:{$config['port']}", $options);
    }
}
