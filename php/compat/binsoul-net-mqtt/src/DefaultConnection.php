<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

class DefaultConnection implements Connection
{
    private string $username;
    private string $password;
    private ?Message $will;
    private string $clientID;
    private int $keepAlive;
    private int $protocol;
    private bool $clean;

    /** Nothing is checked here; the packet that is made of it checks. */
    public function __construct(string $username = '', string $password = '', ?Message $will = null, string $clientID = '', int $keepAlive = 60, int $protocol = 4, bool $clean = true)
    {
        $this->username = $username;
        $this->password = $password;
        $this->will = $will;
        $this->clientID = $clientID;
        $this->keepAlive = $keepAlive;
        $this->protocol = $protocol;
        $this->clean = $clean;
    }

    public function getProtocol(): int
    {
        return $this->protocol;
    }

    public function getClientID(): string
    {
        return $this->clientID;
    }

    public function isCleanSession(): bool
    {
        return $this->clean;
    }

    public function getUsername(): string
    {
        return $this->username;
    }

    public function getPassword(): string
    {
        return $this->password;
    }

    public function getWill(): ?Message
    {
        return $this->will;
    }

    public function getKeepAlive(): int
    {
        return $this->keepAlive;
    }

    /** @throws \InvalidArgumentException when it is not 3 or 4 */
    public function withProtocol(int $protocol): Connection
    {
        if ($protocol !== 3 && $protocol !== 4) {
            throw new \InvalidArgumentException(sprintf('Expected protocol level 3 or 4 but got %d.', $protocol));
        }
        $copy = clone $this;
        $copy->protocol = $protocol;
        return $copy;
    }

    public function withClientID(string $clientID): Connection
    {
        $copy = clone $this;
        $copy->clientID = $clientID;
        return $copy;
    }

    public function withCleanSession(bool $clean): Connection
    {
        $copy = clone $this;
        $copy->clean = $clean;
        return $copy;
    }

    public function withCredentials(string $username, string $password): Connection
    {
        $copy = clone $this;
        $copy->username = $username;
        $copy->password = $password;
        return $copy;
    }

    /** @param Message|null $will null: none */
    public function withWill(?Message $will = null): Connection
    {
        $copy = clone $this;
        $copy->will = $will;
        return $copy;
    }

    /** @throws \InvalidArgumentException when it is more than two bytes can say */
    public function withKeepAlive(int $timeout): Connection
    {
        if ($timeout < 0 || $timeout > 0xFFFF) {
            throw new \InvalidArgumentException(sprintf('Expected keep alive between 0 and 65535 but got %d.', $timeout));
        }
        $copy = clone $this;
        $copy->keepAlive = $timeout;
        return $copy;
    }
}
