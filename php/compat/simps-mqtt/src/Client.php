<?php
declare(strict_types=1);

namespace Simps\MQTT;

use Simps\MQTT\Config\ClientConfig;

/**
 * A client over TCP, TLS or a Unix socket; `sockType` of the configuration says which.
 */
class Client extends BaseClient
{
    /**
     * Connects the transport; {@see connect()} sends CONNECT.
     *
     * @param string $host name, address, or the path of a Unix socket
     *
     * @throws Exception\ConnectException
     */
    public function __construct(
        string $host,
        int $port,
        ClientConfig $config,
        int $clientType = self::COROUTINE_CLIENT_TYPE
    ) {
        $this->setHost($host)->setPort($port)->setConfig($config)->setClientType($clientType);
        if (!$this->dial(null)) {
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

    /** @return string|bool */
    protected function getResponse()
    {
        return $this->next();
    }
}
