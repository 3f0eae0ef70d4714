<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use Mqtt\Version;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\Exceptions\InvalidMessageException;
use PhpMqtt\Client\PendingMessage;
use PhpMqtt\Client\PublishedMessage;
use PhpMqtt\Client\SubscribeRequest;
use PhpMqtt\Client\Subscription;
use PhpMqtt\Client\UnsubscribeRequest;

/**
 * What MqttClient sends, and sends again.
 *
 * @internal
 */
trait SendsMessages
{
    /** Seconds between two looks for what has to be sent again: the time-out is whole seconds. */
    private static float $resendCheckInterval = 0.1;
    private float $nextResendCheckAt = 0.0;
    /** After a reconnect everything that was sent before goes again at once (section 4.4). */
    private ?\DateTime $resendWhatWasSentBefore = null;

    protected function publishMessage(
        string $topic,
        string $message,
        int $qualityOfService,
        bool $retain,
        ?int $messageId = null,
        bool $isDuplicate = false,
    ): void {
        $this->logger?->debug('Publishing a message on the topic [{topic}]: {message}', [
            'topic' => $topic,
            'message' => $message,
            'qos' => $qualityOfService,
            'retain' => $retain,
            'messageId' => $messageId,
            'isDuplicate' => $isDuplicate,
        ]);
        $this->runPublishEventHandlers($topic, $message, $messageId, $qualityOfService, $retain);
        $this->writeToSocketWithAutoReconnect(
            $this->messageProcessor->buildPublishMessage($topic, $message, $qualityOfService, $retain, $messageId, $isDuplicate)
        );
    }

    /** @param Subscription[] $subscriptions */
    private function sendSubscribe(array $subscriptions): void
    {
        $messageId = $this->repository->newMessageId();
        $pending   = new SubscribeRequest($messageId, $subscriptions);
        $this->repository->addPendingOutgoingMessage($pending);
        $this->sendPending($pending, function () use ($messageId, $subscriptions): void {
            $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildSubscribeMessage($messageId, $subscriptions));
        });
    }

    /**
     * Sends something that was added to the repository. Where a reconnect came in between, it went into the new connection, and
     * is not to be repeated with what was sent before.
     */
    private function sendPending(PendingMessage $pending, \Closure $send): void
    {
        $connections = $this->connections;
        $send();
        if ($connections !== $this->connections) {
            $pending->setLastSentAt();
        }
    }

    /**
     * After an automatic reconnect: the subscriptions are made again where the broker does not say that it has them, and what
     * was not answered is sent again by the next turn of the loop.
     */
    private function restoreSession(): void
    {
        $this->resendWhatWasSentBefore = new \DateTime();
        if ($this->sessionPresent) {
            return;
        }
        // MQTT 3.1 does not say whether the session is there: then the broker may still release them.
        if ($this->version !== Version::V3_1) {
            $this->orphans    = array_keys($this->unreleased);
            $this->unreleased = [];
        }
        foreach ($this->acknowledgedSubscriptions as $subscription) {
            $messageId = $this->repository->newMessageId();
            $this->repository->addPendingOutgoingMessage(new SubscribeRequest($messageId, [$subscription]));
            try {
                $this->writeToSocket($this->messageProcessor->buildSubscribeMessage($messageId, [$subscription]));
            } catch (DataTransferException) {
                // Lost again. It is pending, and goes out over the next connection.
                return;
            }
        }
    }

    /** Sends again what was not answered in time. */
    protected function resendPendingMessages(): void
    {
        $now = microtime(true);
        if ($this->resendWhatWasSentBefore === null && $now < $this->nextResendCheckAt) {
            return;
        }
        $this->nextResendCheckAt       = $now + self::$resendCheckInterval;
        $before                        = $this->resendWhatWasSentBefore ?? new \DateTime("-{$this->settings->getResendTimeout()} seconds");
        $this->resendWhatWasSentBefore = null;
        foreach ($this->repository->getPendingOutgoingMessagesLastSentBefore($before) as $pending) {
            $this->resend($pending);
            $pending->setLastSentAt(new \DateTime());
            $pending->incrementSendingAttempts();
        }
    }

    private function resend(PendingMessage $pending): void
    {
        $messageId = $pending->getMessageId();
        $this->logger?->debug('Sending again what the broker has not answered.', ['messageId' => $messageId, 'type' => $pending::class]);
        if ($pending instanceof PublishedMessage && $pending->hasBeenReceived()) {
            // The broker has the message: what is missing is its PUBCOMP (section 4.3.3).
            $this->sendPublishRelease($messageId);
        } elseif ($pending instanceof PublishedMessage) {
            $this->publishMessage(
                $pending->getTopicName(),
                $pending->getMessage(),
                $pending->getQualityOfServiceLevel(),
                $pending->wantsToBeRetained(),
                $messageId,
                true,
            );
        } elseif ($pending instanceof SubscribeRequest) {
            $this->writeToSocketWithAutoReconnect(
                $this->messageProcessor->buildSubscribeMessage($messageId, $pending->getSubscriptions(), true)
            );
        } elseif ($pending instanceof UnsubscribeRequest) {
            // MQTT 3.1.1 reserves the flag DUP here, and brokers close for it.
            $isDuplicate = $this->version === Version::V3_1;
            $this->writeToSocketWithAutoReconnect(
                $this->messageProcessor->buildUnsubscribeMessage($messageId, $pending->getTopicFilters(), $isDuplicate)
            );
        } else {
            throw new InvalidMessageException('Unexpected message type encountered while resending pending messages.');
        }
    }

    protected function sendPublishAcknowledgement(int $messageId): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPublishAcknowledgementMessage($messageId));
    }

    protected function sendPublishReceived(int $messageId): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPublishReceivedMessage($messageId));
    }

    protected function sendPublishRelease(int $messageId): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPublishReleaseMessage($messageId));
    }

    protected function sendPublishComplete(int $messageId): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPublishCompleteMessage($messageId));
    }

    protected function sendDisconnect(): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildDisconnectMessage());
    }

    /** Asks the broker whether it is there. Its answer is due within a keep-alive interval. */
    protected function ping(): void
    {
        $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPingRequestMessage());
        $this->pingResponseExpectedUntil = microtime(true) + $this->settings->getKeepAliveInterval();
    }

    /**
     * Gives the connection up when the answer to a ping is overdue.
     *
     * @throws DataTransferException where there are no automatic reconnects
     */
    protected function handlePingTimeout(): void
    {
        if ($this->pingResponseExpectedUntil === null || microtime(true) < $this->pingResponseExpectedUntil) {
            return;
        }
        $this->logger?->warning('The broker has not answered a ping: the connection is given up.');
        $this->closeSocket();
        $this->lastPingAt                = null;
        $this->pingResponseExpectedUntil = null;
        if (!$this->settings->shouldReconnectAutomatically()) {
            throw new DataTransferException(
                DataTransferException::EXCEPTION_RX_DATA,
                'No ping response received in time. The connection is dead.',
            );
        }
        $this->reconnect();
    }
}
