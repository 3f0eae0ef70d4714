<?php
declare(strict_types=1);

namespace Simps\MQTT;

use Simps\MQTT\Config\ClientConfig;
use Simps\MQTT\Exception\ProtocolException;

/**
 * A client over WebSocket. What it sends are binary frames, and what is no binary frame ends the connection.
 */
class WebSocketClient extends BaseClient
{
    /**
     * Connects the transport; {@see connect()} sends CONNECT.
     *
     * @param bool $ssl WebSocket over TLS
     *
     * @throws Exception\ConnectException
     */
    public function __construct(
        string $host,
        int $port,
        ClientConfig $config,
        string $path = '/mqtt',
        bool $ssl = false
    ) {
        $this->setHost($host)->setPort($port)->setConfig($config)->setPath($path)->setSsl($ssl);
        $this->setClientType(self::WEBSOCKET_CLIENT_TYPE);
        if (!$this->dial($path)) {
            $this->handleException();
        }
    }

    protected function reConnect(): void
    {
        $this->dialAgain();
    }

    /**
     * @param array<string, mixed> $data
     *
     * @return array<string, mixed>|bool
     */
    public function send(array $data, bool $response = true)
    {
        return $this->exchange($data, $response);
    }

    /** @return array<string, mixed>|bool */
    public function recv()
    {
        return $this->receive();
    }

    /**
     * @return string|bool
     *
     * @throws ProtocolException for a text frame; the connection was closed
     */
    protected function getResponse()
    {
        $response = $this->next();
        if ($response === false && $this->refusedText()) {
            throw new ProtocolException('MQTT Control Packets MUST be sent in WebSocket binary data frames.');
        }

        return $response;
    }
}
