<?php
declare(strict_types=1);

namespace Simps\MQTT\Config;

/**
 * What a client is told. `SWOOLE_SOCK_TCP` is 1, so this works without Swoole too.
 */
class ClientConfig extends AbstractConfig
{
    /** @var string */
    protected $clientId = '';

    /** @var array<string, scalar|null> of Swoole: package_max_length, connect_timeout, write_timeout, read_timeout, timeout, ssl_*, bind_address */
    protected $swooleConfig = ['open_mqtt_protocol' => true];

    /** @var array<string, string> of the WebSocket request */
    protected $headers = ['Sec-Websocket-Protocol' => 'mqtt'];

    /** @var string */
    protected $userName = '';

    /** @var string */
    protected $password = '';

    /** @var int seconds; the program sends the pings */
    protected $keepAlive = 0;

    /** @var string */
    protected $protocolName = 'MQTT';

    /** @var int */
    protected $protocolLevel = 4;

    /** @var array<int|string, mixed> of CONNECT; with any, the client speaks MQTT 5 */
    protected $properties = [];

    /** @var int milliseconds before each attempt to connect again */
    protected $delay = 3000;

    /** @var int attempts to connect again; 0 is none, -1 has no end */
    protected $maxAttempts = 0;

    /** @var int SWOOLE_SOCK_TCP and the like; with the bit SWOOLE_SSL (512) it is TLS */
    protected $sockType = 1;

    /** @var int MQTT_VERBOSE_*: prints each packet that comes */
    protected $verbose = 0;

    public function getClientId(): string
    {
        return $this->clientId;
    }

    public function setClientId(string $clientId): self
    {
        $this->clientId = $clientId;

        return $this;
    }

    /** @return array<string, scalar|null> */
    public function getSwooleConfig(): array
    {
        return $this->swooleConfig;
    }

    /**
     * Keeps what is there and not named in $config.
     *
     * @param array<string, scalar|null> $config
     */
    public function setSwooleConfig(array $config): self
    {
        $this->swooleConfig = array_merge($this->swooleConfig, $config);

        return $this;
    }

    /** @return array<string, string> */
    public function getHeaders(): array
    {
        return $this->headers;
    }

    /**
     * Keeps what is there and not named in $headers.
     *
     * @param array<string, string> $headers
     */
    public function setHeaders(array $headers): self
    {
        $this->headers = array_merge($this->headers, $headers);

        return $this;
    }

    public function getUserName(): string
    {
        return $this->userName;
    }

    public function setUserName(string $userName): self
    {
        $this->userName = $userName;

        return $this;
    }

    public function getPassword(): string
    {
        return $this->password;
    }

    public function setPassword(string $password): self
    {
        $this->password = $password;

        return $this;
    }

    public function getKeepAlive(): int
    {
        return $this->keepAlive;
    }

    public function setKeepAlive(int $keepAlive): self
    {
        $this->keepAlive = $keepAlive;

        return $this;
    }

    public function getProtocolName(): string
    {
        return $this->protocolName;
    }

    public function setProtocolName(string $protocolName): self
    {
        $this->protocolName = $protocolName;

        return $this;
    }

    /** 5 whenever there are properties, which no other version has. */
    public function getProtocolLevel(): int
    {
        return $this->properties === [] ? $this->protocolLevel : 5;
    }

    public function setProtocolLevel(int $protocolLevel): self
    {
        $this->protocolLevel = $protocolLevel;

        return $this;
    }

    /** @return array<int|string, mixed> */
    public function getProperties(): array
    {
        return $this->properties;
    }

    /** @param array<int|string, mixed> $properties */
    public function setProperties(array $properties): self
    {
        $this->properties = $properties;

        return $this;
    }

    public function getDelay(): int
    {
        return $this->delay;
    }

    public function setDelay(int $ms): self
    {
        $this->delay = $ms;

        return $this;
    }

    public function getMaxAttempts(): int
    {
        return $this->maxAttempts;
    }

    public function setMaxAttempts(int $attempts): self
    {
        $this->maxAttempts = $attempts;

        return $this;
    }

    public function getSockType(): int
    {
        return $this->sockType;
    }

    public function setSockType(int $sockType): self
    {
        $this->sockType = $sockType;

        return $this;
    }

    public function isMQTT5(): bool
    {
        return $this->getProtocolLevel() === 5;
    }

    public function getVerbose(): int
    {
        return $this->verbose;
    }

    public function setVerbose(int $verbose): self
    {
        $this->verbose = $verbose;

        return $this;
    }
}
