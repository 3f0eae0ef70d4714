<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * What a client says of itself when it connects, immutable.
 */
interface Connection
{
    /** 3 for MQTT 3.1, 4 for MQTT 3.1.1. */
    public function getProtocol(): int;

    /** '': none yet. */
    public function getClientID(): string;

    public function isCleanSession(): bool;

    /** '': none. */
    public function getUsername(): string;

    /** '': none. */
    public function getPassword(): string;

    /** What the server publishes when the client is lost. */
    public function getWill(): ?Message;

    /** Seconds; 0: off. */
    public function getKeepAlive(): int;

    public function withProtocol(int $protocol): self;

    public function withClientID(string $clientID): self;

    public function withCredentials(string $username, string $password): self;

    public function withWill(Message $will): self;

    public function withKeepAlive(int $timeout): self;
}
