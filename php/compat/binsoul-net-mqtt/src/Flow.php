<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * An exchange of packets: start() gives the first, and what comes from the other side is offered to accept() and, where
 * that returns true, given to next(), until isFinished().
 */
interface Flow
{
    /** What kind of exchange this is. */
    public function getCode(): string;

    /** The first packet to send; null where there is none. */
    public function start(): ?Packet;

    /** Whether this packet belongs to the exchange. */
    public function accept(Packet $packet): bool;

    /** Takes a packet that was accepted. The next packet to send; null where there is none. */
    public function next(Packet $packet): ?Packet;

    public function isFinished(): bool;

    /** Whether it has finished, and well. */
    public function isSuccess(): bool;

    /**
     * What the exchange was about; null before it has succeeded.
     *
     * @return mixed
     */
    public function getResult();

    /** Why it has failed; '' where it has not, or nothing is known. */
    public function getErrorMessage(): string;
}
