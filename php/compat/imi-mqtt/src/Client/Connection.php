<?php
declare(strict_types=1);

namespace Imi\MQTT\Client;

use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\Message as AnyMessage;

/**
 * All that a client is told about its connection. Immutable: with...() gives another one.
 */
class Connection extends DefaultConnection
{
    private string $host;
    private int $port;
    private ?float $timeout;
    private ?float $pingTimespan;
    private bool $ssl = false;
    private ?string $sslCertFile = null;
    private ?string $sslKeyFile = null;
    private bool $sslVerifyPeer = true;
    private bool $sslAllowSelfSigned = false;
    private ?string $sslHostName = null;
    private ?string $sslCafile = null;
    private ?string $sslCapath = null;

    /** The getters say what each is. They declare no types, as those of imi-mqtt 1 and 2 differ. */
    public function __construct(
        string $host,
        int $port,
        ?float $timeout = null,
        ?float $pingTimespan = null,
        string $username = '',
        #[\SensitiveParameter]
        string $password = '',
        ?AnyMessage $will = null,
        string $clientId = '',
        int $keepAlive = 60,
        int $protocol = 4,
        bool $clean = true
    ) {
        parent::__construct($username, $password, $will, $clientId, $keepAlive, $protocol, $clean);
        $this->host = $host;
        $this->port = $port;
        $this->timeout = $timeout;
        $this->pingTimespan = $pingTimespan;
    }

    /**
     * The server's name or address, IPv6 without brackets.
     *
     * @return string
     */
    public function getHost()
    {
        return $this->host;
    }

    /** @return static */
    public function withHost(string $host)
    {
        $copy = clone $this;
        $copy->host = $host;
        return $copy;
    }

    /** @return int */
    public function getPort()
    {
        return $this->port;
    }

    /** @return static */
    public function withPort(int $port)
    {
        $copy = clone $this;
        $copy->port = $port;
        return $copy;
    }

    /**
     * Seconds for connecting, for a packet to come and for one to go; null: 10, no end, 30.
     *
     * @return float|null
     */
    public function getTimeout()
    {
        return $this->timeout;
    }

    /** @return static */
    public function withTimeout(?float $timeout)
    {
        $copy = clone $this;
        $copy->timeout = $timeout;
        return $copy;
    }

    /**
     * Seconds of silence after which PINGREQ goes out; null or 0: never.
     *
     * @return float|null
     */
    public function getPingTimespan()
    {
        return $this->pingTimespan;
    }

    /**
     * @param float|int|numeric-string|null $pingTimespan imi-mqtt 1 took anything
     *
     * @return static
     */
    public function withPingTimespan(float|int|string|null $pingTimespan)
    {
        $copy = clone $this;
        $copy->pingTimespan = $pingTimespan === null ? null : (float) $pingTimespan;
        return $copy;
    }

    /** @return bool */
    public function getSsl()
    {
        return $this->ssl;
    }

    /** @return static */
    public function withSsl(bool $ssl)
    {
        $copy = clone $this;
        $copy->ssl = $ssl;
        return $copy;
    }

    /**
     * The certificate of this client, PEM.
     *
     * @return string|null
     */
    public function getSslCertFile()
    {
        return $this->sslCertFile;
    }

    /** @return static */
    public function withSslCertFile(?string $sslCertFile)
    {
        $copy = clone $this;
        $copy->sslCertFile = $sslCertFile;
        return $copy;
    }

    /**
     * Its key, PEM.
     *
     * @return string|null
     */
    public function getSslKeyFile()
    {
        return $this->sslKeyFile;
    }

    /** @return static */
    public function withSslKeyFile(?string $sslKeyFile)
    {
        $copy = clone $this;
        $copy->sslKeyFile = $sslKeyFile;
        return $copy;
    }

    /** @return bool */
    public function getSslVerifyPeer()
    {
        return $this->sslVerifyPeer;
    }

    /** @return static */
    public function withSslVerifyPeer(bool $sslVerifyPeer)
    {
        $copy = clone $this;
        $copy->sslVerifyPeer = $sslVerifyPeer;
        return $copy;
    }

    /** @return bool */
    public function getSslAllowSelfSigned()
    {
        return $this->sslAllowSelfSigned;
    }

    /** @return static */
    public function withSslAllowSelfSigned(bool $sslAllowSelfSigned)
    {
        $copy = clone $this;
        $copy->sslAllowSelfSigned = $sslAllowSelfSigned;
        return $copy;
    }

    /**
     * The name that the server's certificate must have, and that is asked for.
     *
     * @return string|null
     */
    public function getSslHostName()
    {
        return $this->sslHostName;
    }

    /** @return static */
    public function withSslHostName(?string $sslHostName)
    {
        $copy = clone $this;
        $copy->sslHostName = $sslHostName;
        return $copy;
    }

    /**
     * Whom to trust, PEM; null: the system's authorities.
     *
     * @return string|null
     */
    public function getSslCafile()
    {
        return $this->sslCafile;
    }

    /** @return static */
    public function withSslCafile(?string $sslCafile)
    {
        $copy = clone $this;
        $copy->sslCafile = $sslCafile;
        return $copy;
    }

    /**
     * The same as a folder.
     *
     * @return string|null
     */
    public function getSslCapath()
    {
        return $this->sslCapath;
    }

    /** @return static */
    public function withSslCapath(?string $sslCapath)
    {
        $copy = clone $this;
        $copy->sslCapath = $sslCapath;
        return $copy;
    }
}
