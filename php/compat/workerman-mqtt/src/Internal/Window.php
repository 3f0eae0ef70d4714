<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

/**
 * How many messages of QoS 1 and 2 a server of MQTT 5 takes at a time: its receive maximum (MQTT-3.3.4-9). The others are held,
 * in their order, within the limit of the send buffer.
 *
 * @internal
 */
trait Window
{
    /** Messages that may still be sent before an acknowledgement comes. */
    private int $quota = 65535;
    private int $receiveMaximum = 65535;
    /** @var list<array{mixed, bool}> what is given to the connection's send() */
    private array $held = [];
    private int $heldBytes = 0;

    private function openWindow(int $receiveMaximum): void
    {
        $this->quota = $this->receiveMaximum = $receiveMaximum;
    }

    /** Sends a message of QoS 1 or 2, or holds it. */
    private function sendCounted(mixed $data, bool $raw): void
    {
        if ($this->quota > 0) {
            $this->quota--;
            $this->connection()->send($data, $raw);
            return;
        }
        $this->held[] = [$data, $raw];
        $this->heldBytes += is_string($data) ? strlen($data) : 0;
        if ($this->heldBytes >= $this->connection()->maxSendBufferSize && count($this->held) > 1) {
            $this->onConnectionBufferFull();
        }
    }

    /** One message has its last acknowledgement: the next may go. */
    private function settleOne(): void
    {
        $this->quota = min($this->quota + 1, $this->receiveMaximum);
        if ($this->held === []) {
            return;
        }
        [$data, $raw] = array_shift($this->held);
        $this->heldBytes -= is_string($data) ? strlen($data) : 0;
        $this->sendCounted($data, $raw);
    }

    /** Before the client says goodbye: what is held will have no other chance. */
    private function sendHeld(): void
    {
        $held = $this->held;
        $this->closeWindow();
        foreach ($held as [$data, $raw]) {
            $this->connection()->send($data, $raw);
        }
    }

    private function closeWindow(): void
    {
        $this->held = [];
        $this->heldBytes = 0;
        $this->openWindow(65535);
    }
}
