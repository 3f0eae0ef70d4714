<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

use PhpMqtt\Client\MqttClient;

/** Overrides what can be overridden. */
class WatchedClient extends MqttClient
{
    /** @var list<string> */
    public array $calls = [];

    public function hasSocket(): bool
    {
        return is_resource($this->socket);
    }

    /** Writes bytes, in pieces. */
    public function send(string $bytes): void
    {
        foreach (str_split($bytes) as $byte) {
            $this->writeToSocket($byte);
        }
    }

    protected function connectInternal(bool $useCleanSession = false, bool $isAutoReconnect = false): void
    {
        $this->calls[] = 'connectInternal';
        parent::connectInternal($useCleanSession, $isAutoReconnect);
    }

    protected function establishSocketConnection(): void
    {
        $this->calls[] = 'establishSocketConnection';
        parent::establishSocketConnection();
    }

    protected function performConnectionHandshake(bool $useCleanSession = false): void
    {
        $this->calls[] = 'performConnectionHandshake';
        parent::performConnectionHandshake($useCleanSession);
    }

    protected function publishMessage(string $topic, string $message, int $qualityOfService, bool $retain, ?int $messageId = null, bool $isDuplicate = false): void
    {
        $this->calls[] = "publishMessage $topic";
        parent::publishMessage($topic, $message, $qualityOfService, $retain, $messageId, $isDuplicate);
    }

    protected function nextPingAt(): float
    {
        $this->calls[] = 'nextPingAt';
        return parent::nextPingAt();
    }

    protected function handleMessage(\PhpMqtt\Client\Message $message): void
    {
        $this->calls[] = "handleMessage {$message->getType()}";
        parent::handleMessage($message);
    }

    protected function deliverPublishedMessage(string $topic, string $message, int $qualityOfServiceLevel, bool $retained = false): void
    {
        $this->calls[] = "deliverPublishedMessage $topic";
        parent::deliverPublishedMessage($topic, $message, $qualityOfServiceLevel, $retained);
    }

    protected function resendPendingMessages(): void
    {
        $this->calls[] = 'resendPendingMessages';
        parent::resendPendingMessages();
    }

    protected function sendPublishReceived(int $messageId): void
    {
        $this->calls[] = 'sendPublishReceived';
        parent::sendPublishReceived($messageId);
    }

    protected function sendPublishRelease(int $messageId): void
    {
        $this->calls[] = 'sendPublishRelease';
        parent::sendPublishRelease($messageId);
    }

    protected function sendPublishComplete(int $messageId): void
    {
        $this->calls[] = 'sendPublishComplete';
        parent::sendPublishComplete($messageId);
    }

    protected function handlePingTimeout(): void
    {
        $this->calls[] = 'handlePingTimeout';
        parent::handlePingTimeout();
    }

    protected function sendDisconnect(): void
    {
        $this->calls[] = 'sendDisconnect';
        parent::sendDisconnect();
    }

    protected function writeToSocket(string $data, ?int $length = null): void
    {
        $this->calls[] = 'writeToSocket';
        parent::writeToSocket($data, $length);
    }

    protected function readFromSocket(int $limit = self::SOCKET_READ_BUFFER_SIZE, bool $withoutBlocking = false): string
    {
        $this->calls[] = 'readFromSocket';
        return parent::readFromSocket($limit, $withoutBlocking);
    }

    protected function readAllAvailableDataFromSocket(bool $withAutoReconnectIfConfigured = false): string
    {
        $this->calls[] = 'readAllAvailableDataFromSocket';
        return parent::readAllAvailableDataFromSocket($withAutoReconnectIfConfigured);
    }

    protected function closeSocket(): void
    {
        $this->calls[] = 'closeSocket';
        parent::closeSocket();
    }
}
