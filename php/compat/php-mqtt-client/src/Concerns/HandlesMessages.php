<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use Mqtt\Codec;
use Mqtt\Exception\ProtocolException;
use Mqtt\Packet;
use Mqtt\ReasonCode;
use PhpMqtt\Client\Exceptions\DataTransferException;
use PhpMqtt\Client\Exceptions\PendingMessageAlreadyExistsException;
use PhpMqtt\Client\Exceptions\PendingMessageNotFoundException;
use PhpMqtt\Client\Exceptions\ProtocolViolationException;
use PhpMqtt\Client\Message;
use PhpMqtt\Client\MessageType;
use PhpMqtt\Client\PublishedMessage;
use PhpMqtt\Client\SubscribeRequest;
use PhpMqtt\Client\Subscription;
use PhpMqtt\Client\UnsubscribeRequest;

/**
 * What MqttClient does when a packet comes.
 *
 * @internal
 */
trait HandlesMessages
{
    /** What a SUBACK says of a filter that the broker refuses. */
    private static int $refused = 128;

    /** @var array<string, MessageType> by value: a type for each message would cost more than the rest of it */
    private static array $messageTypes = [];

    /** Bytes from the broker, of which those from $bufferAt on have not been handled. */
    private string $buffer = '';
    private int $bufferAt = 0;
    /** @var array<string, Subscription> by filter, for a broker that has lost the session. The repository has no list of them */
    private array $acknowledgedSubscriptions = [];
    /** @var array<int, true> identifiers of messages at QoS 2 that were received and not released, for the same case */
    private array $unreleased = [];
    /** @var list<int> those of a session that the broker has lost: it will not release them, and may use their identifiers anew */
    private array $orphans = [];

    private function processMessages(): void
    {
        while (($messageId = array_shift($this->orphans)) !== null) {
            $this->releaseMessage($messageId);
        }
        // A callback may dispatch, disconnect or reconnect: the buffer is what it is at each turn.
        while (($bytes = $this->nextPacket()) !== null) {
            try {
                $message = $this->toMessage(Codec::decode($bytes, $this->version));
            } catch (ProtocolException) {
                // The processor is more lenient in some things, and says in its own words what is wrong with the others.
                $message = $this->messageProcessor->parseAndValidateMessage($bytes);
            }
            if ($message !== null) {
                $this->handleMessage($message);
            }
        }
    }

    /** Takes the next whole packet off the buffer; null when there is none. */
    private function nextPacket(): ?string
    {
        $available = strlen($this->buffer) - $this->bufferAt;
        if ($available < 2) {
            $this->compactBuffer();

            return null;
        }
        $length = ord($this->buffer[$this->bufferAt + 1]) + 2;
        if ($length >= 0x80 + 2) {
            // The length goes on: six bytes of the packet hold all of it.
            $head   = substr($this->buffer, $this->bufferAt, 6);
            $length = -1;
            if ($this->messageProcessor->tryFindMessageInBuffer($head, strlen($head), $whole, $length)) {
                $length = strlen((string) $whole);
            }
        }
        if ($length < 0 || $length > $available) {
            $this->compactBuffer();

            return null;
        }
        $packet          = substr($this->buffer, $this->bufferAt, $length);
        $this->bufferAt += $length;

        return $packet;
    }

    private function compactBuffer(): void
    {
        $this->buffer   = $this->bufferAt < strlen($this->buffer) ? substr($this->buffer, $this->bufferAt) : '';
        $this->bufferAt = 0;
    }

    /** @return Message|null null for a packet that only clients send */
    private function toMessage(Packet $packet): ?Message
    {
        switch (true) {
            case $packet instanceof Packet\Publish:
                return (new Message(self::type('PUBLISH'), $packet->qos, $packet->retain))
                    ->setMessageId($packet->packetId)->setTopic($packet->topic)->setContent($packet->payload);
            case $packet instanceof Packet\PubAck:
                return (new Message(self::type('PUBACK')))->setMessageId($packet->packetId);
            case $packet instanceof Packet\PubRec:
                return (new Message(self::type('PUBREC')))->setMessageId($packet->packetId);
            case $packet instanceof Packet\PubRel:
                return (new Message(self::type('PUBREL')))->setMessageId($packet->packetId);
            case $packet instanceof Packet\PubComp:
                return (new Message(self::type('PUBCOMP')))->setMessageId($packet->packetId);
            case $packet instanceof Packet\SubAck:
                $granted = array_map(static fn (ReasonCode $code): int => $code->value, $packet->reasonCodes);

                return (new Message(self::type('SUBACK')))->setMessageId($packet->packetId)->setAcknowledgedQualityOfServices($granted);
            case $packet instanceof Packet\UnsubAck:
                return (new Message(self::type('UNSUBACK')))->setMessageId($packet->packetId);
            case $packet instanceof Packet\PingReq:
                return new Message(self::type('PINGREQ'));
            case $packet instanceof Packet\PingResp:
                return new Message(self::type('PINGRESP'));
            case $packet instanceof Packet\ConnAck:
                throw new ProtocolViolationException('Unexpected connection acknowledgement.');
        }
        $this->logger?->debug('Ignoring a packet that only clients send.', ['packet' => $packet::class]);

        return null;
    }

    private static function type(string $value): MessageType
    {
        return self::$messageTypes[$value] ??= MessageType::from($value);
    }

    /**
     * Does what the protocol says for a packet from the broker.
     *
     * @throws DataTransferException      when an answer cannot be sent
     * @throws ProtocolViolationException when the broker answers what was not asked
     */
    protected function handleMessage(Message $message): void
    {
        $messageId = (int) $message->getMessageId();
        switch ($message->getType()->getValue()) {
            case 'PUBLISH':
                $this->handlePublish($message, $messageId);
                break;
            case 'PUBACK':
            case 'PUBCOMP':
                $this->noticeUnless($this->repository->removePendingOutgoingMessage($messageId), $message);
                break;
            case 'PUBREC':
                try {
                    $isNew = $this->repository->markPendingOutgoingPublishedMessageAsReceived($messageId);
                } catch (PendingMessageNotFoundException) {
                    $isNew = false;
                }
                $this->noticeUnless($isNew, $message);
                $this->sendPublishRelease($messageId);
                break;
            case 'PUBREL':
                $this->noticeUnless($this->releaseMessage($messageId), $message);
                // Also for one that is unknown, so that the broker stops asking.
                $this->sendPublishComplete($messageId);
                break;
            case 'SUBACK':
                $this->handleSubscribeAcknowledgement($message, $messageId);
                break;
            case 'UNSUBACK':
                $pending = $this->repository->getPendingOutgoingMessage($messageId);
                if ($pending instanceof UnsubscribeRequest) {
                    foreach ($pending->getTopicFilters() as $topicFilter) {
                        $this->repository->removeSubscription($topicFilter);
                        unset($this->acknowledgedSubscriptions[$topicFilter]);
                    }
                    $this->repository->removePendingOutgoingMessage($messageId);
                }
                $this->noticeUnless($pending instanceof UnsubscribeRequest, $message);
                break;
            case 'PINGREQ':
                $this->writeToSocketWithAutoReconnect($this->messageProcessor->buildPingResponseMessage());
                break;
            case 'PINGRESP':
                $this->pingResponseExpectedUntil = null;
                break;
        }
    }

    private function handlePublish(Message $message, int $messageId): void
    {
        $qualityOfService = $message->getQualityOfService();
        $topic            = (string) $message->getTopic();
        $content          = (string) $message->getContent();
        if ($qualityOfService === self::QOS_EXACTLY_ONCE) {
            try {
                $this->repository->addPendingIncomingMessage(
                    new PublishedMessage($messageId, $topic, $content, $qualityOfService, $message->getRetained())
                );
                $this->unreleased[$messageId] = true;
            } catch (PendingMessageAlreadyExistsException) {
                // Sent again: it is acknowledged again, and delivered once.
            }
            $this->sendPublishReceived($messageId);

            return;
        }
        if ($qualityOfService === self::QOS_AT_LEAST_ONCE) {
            $this->sendPublishAcknowledgement($messageId);
        }
        $this->deliverPublishedMessage($topic, $content, $qualityOfService, $message->getRetained());
    }

    /** Delivers a message at QoS 2; false when there is none with this identifier. */
    private function releaseMessage(int $messageId): bool
    {
        unset($this->unreleased[$messageId]);
        $pending = $this->repository->getPendingIncomingMessage($messageId);
        if (!$pending instanceof PublishedMessage) {
            return false;
        }
        $this->deliverPublishedMessage(
            $pending->getTopicName(),
            $pending->getMessage(),
            $pending->getQualityOfServiceLevel(),
            $pending->wantsToBeRetained(),
        );
        $this->repository->removePendingIncomingMessage($messageId);

        return true;
    }

    private function handleSubscribeAcknowledgement(Message $message, int $messageId): void
    {
        $pending = $this->repository->getPendingOutgoingMessage($messageId);
        if (!$pending instanceof SubscribeRequest) {
            $this->noticeUnless(false, $message);

            return;
        }
        $subscriptions = $pending->getSubscriptions();
        $granted       = $message->getAcknowledgedQualityOfServices();
        if (count($granted) !== count($subscriptions)) {
            throw new ProtocolViolationException(sprintf(
                'The MQTT broker responded with a different amount of QoS acknowledgements (%d) than we expected (%d).',
                count($granted),
                count($subscriptions),
            ));
        }
        foreach ($subscriptions as $index => $subscription) {
            if ($granted[$index] === self::$refused) {
                $this->logger?->notice('The broker has refused the subscription to [{topicFilter}].', [
                    'topicFilter' => $subscription->getTopicFilter(),
                ]);
                continue;
            }
            $subscription->setQualityOfServiceLevel($granted[$index]);
            $this->repository->addSubscription($subscription);
            $this->acknowledgedSubscriptions[$subscription->getTopicFilter()] = $subscription;
        }
        $this->repository->removePendingOutgoingMessage($messageId);
    }

    private function noticeUnless(bool $expected, Message $message): void
    {
        if (!$expected) {
            $this->logger?->notice('Received [{type}] for something that does not wait for it.', [
                'type' => $message->getType()->getValue(),
                'messageId' => $message->getMessageId(),
            ]);
        }
    }

    /** Calls the callbacks of all matching subscriptions, then the event handlers. */
    protected function deliverPublishedMessage(string $topic, string $message, int $qualityOfServiceLevel, bool $retained = false): void
    {
        foreach ($this->repository->getSubscriptionsMatchingTopic($topic) as $subscription) {
            $callback = $subscription->getCallback();
            if ($callback === null) {
                continue;
            }
            try {
                $callback($topic, $message, $retained, $subscription->getMatchedWildcards($topic));
            } catch (\Throwable $e) {
                $this->logger?->error('The callback for a message on the topic [{topic}] threw an exception.', [
                    'topic' => $topic,
                    'message' => $message,
                    'exception' => $e,
                ]);
            }
        }
        $this->runMessageReceivedEventHandlers($topic, $message, $qualityOfServiceLevel, $retained);
    }
}
