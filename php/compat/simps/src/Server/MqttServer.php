<?php
declare(strict_types=1);

namespace Simps\Server;

use Simps\Application;
use Simps\Internal\Server;
use Simps\Listener;
use Simps\MQTT\Protocol\Types;
use Simps\MQTT\Protocol\V3;
use Simps\Server\Protocol\MQTT;

/**
 * The MQTT server that config('servers')['mqtt'] describes:
 *
 *     'ip', 'port', 'sock_type' (SWOOLE_SOCK_TCP: 1, TCP6: 3, UNIX_STREAM: 5; 512 more for TLS)
 *     'callbacks'        => [event => [class, method]]: start, workerStart, connect, receive, close, workerStop, shutdown
 *     'receiveCallbacks' => [packet type => [class, method]], the methods of Protocol\MqttInterface
 *     'settings'         => package_max_length, max_conn, buffer_output_size, ssl_cert_file, ssl_key_file, ssl_client_cert_file,
 *                           pid_file, daemonize; others of Swoole's settings are ignored
 *     'packet_keys'      => 'cmd' or 'type': the names in packet arrays. Without it they are those of Simps\MQTT (type, message,
 *                           user_name) where the configuration or a handler has loaded Simps\MQTT\Types, else those of
 *                           Protocol\MQTT (cmd, content, username).
 *
 * Making one starts it; the constructor returns when the server was stopped, by Ctrl-C, SIGTERM or $server->shutdown().
 */
class MqttServer
{
    /** @var Server */
    protected $_server;

    /**
     * @var array{
     *     ip: string, port: int|string, sock_type?: int|string, packet_keys?: string, settings: array<string, mixed>,
     *     callbacks: array<string, array{class-string, string}>, receiveCallbacks: array<int, array{class-string, string}>
     * }
     */
    protected $_config;

    public function __construct()
    {
        /**
         * @var array{mode?: int|string, mqtt: array{
         *     ip: string, port: int|string, sock_type?: int|string, packet_keys?: string, settings?: array<string, mixed>,
         *     callbacks?: array<string, array{class-string, string}>, receiveCallbacks?: array<int, array{class-string, string}>
         * }} $config
         */
        $config = config('servers');
        $this->_config = $config['mqtt'] + ['callbacks' => [], 'receiveCallbacks' => [], 'settings' => []];
        $this->_server = new Server($this->_config['ip'], (int) $this->_config['port'], (int) ($config['mode'] ?? 1), (int) ($this->_config['sock_type'] ?? Server::SOCK_TCP));
        $this->_server->set($this->_config['settings']);
        $this->_server->on('Start', [$this, 'onStart']);
        $this->_server->on('workerStart', [$this, 'onWorkerStart']);
        $this->_server->on('Receive', [$this, 'onReceive']);
        foreach ($this->_config['callbacks'] as $event => [$class, $method]) {
            $this->_server->on($event, [$class, $method]);
        }
        $this->_server->start();
    }

    /**
     * @param Server $server
     *
     * @return void
     */
    public function onStart($server)
    {
        Application::echoSuccess("MQTT Server running：mqtt://{$this->_config['ip']}:{$server->port}");
        Listener::getInstance()->listen('start', $server);
    }

    /**
     * @param Server $server
     *
     * @return void
     */
    public function onWorkerStart($server, int $workerId)
    {
        Listener::getInstance()->listen('workerStart', $server, $workerId);
    }

    /**
     * Gives a packet to its handler. Acknowledgements are for nobody; whatever is thrown closes the connection.
     *
     * @param Server $server
     * @param int $fd
     * @param int $fromId
     * @param string $data
     *
     * @return void
     */
    public function onReceive($server, $fd, $fromId, $data)
    {
        try {
            $usesTypes = $this->usesTypes();
            $packet = $usesTypes ? V3::unpack($data) : MQTT::decode($data);
            /** @var int|null $type */
            $type = is_array($packet) ? $packet[$usesTypes ? 'type' : 'cmd'] ?? null : null;
            if ($type === null || !is_array($packet)) {
                $server->close($fd);
                return;
            }
            switch ($type) {
                case MQTT::PINGREQ:
                    if ($this->handle($type, $server, $fd, $fromId, $packet)) {
                        $server->send($fd, MQTT::getAck(['cmd' => MQTT::PINGRESP]));
                    }
                    return;
                case MQTT::DISCONNECT:
                    if ($this->handle($type, $server, $fd, $fromId, $packet) && $server->exist($fd)) {
                        $server->close($fd);
                    }
                    return;
                case MQTT::CONNECT:
                case MQTT::PUBLISH:
                case MQTT::SUBSCRIBE:
                case MQTT::UNSUBSCRIBE:
                    $this->handle($type, $server, $fd, $fromId, $packet);
            }
        } catch (\Throwable $why) {
            Application::echoError("connection $fd is closed: " . $why::class . ": {$why->getMessage()} in {$why->getFile()}:{$why->getLine()}");
            $server->close($fd);
        }
    }

    /**
     * @param Server $server
     * @param array<string, mixed> $packet
     */
    private function handle(int $type, $server, int $fd, int $fromId, array $packet): mixed
    {
        [$class, $method] = $this->_config['receiveCallbacks'][$type]
            ?? throw new \LogicException("config('servers')['mqtt']['receiveCallbacks'] has nothing for packet type $type");
        /** @var callable $call */
        $call = [new $class(), $method];
        return $call($server, $fd, $fromId, $packet);
    }

    private function usesTypes(): bool
    {
        return isset($this->_config['packet_keys'])
            ? $this->_config['packet_keys'] === 'type'
            : class_exists(\Simps\MQTT\Types::class, false) || class_exists(Types::class, false);
    }
}
