<?php
declare(strict_types=1);

namespace PhpMqtt\Client\MessageProcessors;

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Contracts\MessageProcessor;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\InvalidMessageException;
use PhpMqtt\Client\Exceptions\ProtocolViolationException;
use PhpMqtt\Client\Message;
use PhpMqtt\Client\MessageType;
use Psr\Log\LoggerInterface;

/**
 * MQTT 3.1. It writes what it is given: topics, filters and QoS are the broker's to refuse. MqttClient reads packets with the
 * extension's decoder; the methods that read one here are for programs that call them.
 */
class Mqtt31MessageProcessor extends BaseMessageProcessor implements MessageProcessor
{
    /** A length field of more bytes than this ends here, so that nothing is awaited for ever. */
    private const MAXIMUM_LENGTH_BYTES = 5;

    /** @var list<int> what a SUBACK may grant */
    protected const ACKNOWLEDGED_QOS = [0, 1, 2];

    public function __construct(private string $clientId, LoggerInterface $logger)
    {
        parent::__construct($logger);
    }

    public function tryFindMessageInBuffer(string $buffer, int $bufferLength, ?string &$message = null, int &$requiredBytes = -1): bool
    {
        $total = $this->lengthOfMessage($buffer, $bufferLength);
        if ($total === null) {
            return false;
        }
        if ($total > $bufferLength) {
            $requiredBytes = $total;

            return false;
        }
        $message = substr($buffer, 0, $total);

        return true;
    }

    // -- CONNECT and its answer ------------------------------------------------------------------------------------

    public function buildConnectMessage(ConnectionSettings $connectionSettings, bool $useCleanSession = false): string
    {
        $body = $this->getEncodedProtocolNameAndVersion()
            . chr($this->buildConnectionFlags($connectionSettings, $useCleanSession))
            . pack('n', $connectionSettings->getKeepAliveInterval())
            . $this->buildLengthPrefixedString($this->clientId);
        if ($connectionSettings->hasLastWill()) {
            $body .= $this->buildLengthPrefixedString((string) $connectionSettings->getLastWillTopic())
                . $this->buildLengthPrefixedString((string) $connectionSettings->getLastWillMessage());
        }
        foreach ([$connectionSettings->getUsername(), $connectionSettings->getPassword()] as $credential) {
            $body .= $credential === null ? '' : $this->buildLengthPrefixedString($credential);
        }

        return $this->buildMessage(0x10, $body);
    }

    protected function getEncodedProtocolNameAndVersion(): string
    {
        return $this->buildLengthPrefixedString('MQIsdp') . "\x03";
    }

    /** The byte of flags of CONNECT (section 3.1 of MQTT 3.1). */
    protected function buildConnectionFlags(ConnectionSettings $connectionSettings, bool $useCleanSession = false): int
    {
        $flags = $useCleanSession ? 0x02 : 0;
        if ($connectionSettings->hasLastWill()) {
            $flags |= 0x04 | $connectionSettings->getLastWillQualityOfService() << 3;
            $flags |= $connectionSettings->shouldRetainLastWill() ? 0x20 : 0;
        }
        $flags |= $connectionSettings->getPassword() !== null ? 0x40 : 0;
        $flags |= $connectionSettings->getUsername() !== null ? 0x80 : 0;
        $this->logger->debug('Connecting with the flags [{flags}].', ['flags' => sprintf('0x%02X', $flags)]);

        return $flags;
    }

    public function handleConnectAcknowledgement(string $message): void
    {
        if (strlen($message) !== 4 || ord($message[0]) >> 4 !== 2) {
            $this->refuse(
                ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_FAILED,
                'A connection could not be established. Expected connect acknowledgement; received a different response else.',
                ['messageType' => $message === '' ? null : ord($message[0]) >> 4],
            );
        }
        $returnCode = ord($message[3]);
        $refusal    = match ($returnCode) {
            0 => null,
            1 => 'The configured broker does not support MQTT v3.1.',
            2 => 'The configured broker rejected the sent identifier.',
            3 => 'The configured broker is currently unavailable.',
            4 => 'The configured broker reported the credentials as invalid.',
            5 => 'The configured broker responded with unauthorized.',
            default => 'The configured broker responded with an invalid error code. A connection could not be established.',
        };
        $context = ['errorCode' => sprintf('0x%02X', $returnCode)];
        if ($refusal !== null) {
            $this->refuse($returnCode <= 5 ? $returnCode + 1 : ConnectingToBrokerFailedException::EXCEPTION_CONNECTION_FAILED, $refusal, $context);
        }
        $this->logger->info('The broker has accepted the connection.', $context);
    }

    // -- Building --------------------------------------------------------------------------------------------------

    public function buildPingRequestMessage(): string
    {
        return "\xC0\x00";
    }

    public function buildPingResponseMessage(): string
    {
        return "\xD0\x00";
    }

    public function buildDisconnectMessage(): string
    {
        return "\xE0\x00";
    }

    public function buildSubscribeMessage(int $messageId, array $subscriptions, bool $isDuplicate = false): string
    {
        $body = $this->encodeMessageId($messageId);
        foreach ($subscriptions as $subscription) {
            $body .= $this->buildLengthPrefixedString($subscription->getTopicFilter()) . chr($subscription->getQualityOfServiceLevel());
        }

        // No DUP flag: MQTT 3.1.1 reserves it here, and brokers close for it.
        return $this->buildMessage(0x82, $body);
    }

    public function buildUnsubscribeMessage(int $messageId, array $topics, bool $isDuplicate = false): string
    {
        $body = $this->encodeMessageId($messageId);
        foreach ($topics as $topic) {
            $body .= $this->buildLengthPrefixedString($topic);
        }

        return $this->buildMessage(0xA2 | ($isDuplicate ? 0x08 : 0), $body);
    }

    public function buildPublishMessage(
        string $topic,
        string $message,
        int $qualityOfService,
        bool $retain,
        ?int $messageId = null,
        bool $isDuplicate = false,
    ): string {
        $head = 0x30 | (int) $retain;
        if ($qualityOfService > self::QOS_AT_MOST_ONCE) {
            $head |= $qualityOfService << 1 | ($isDuplicate ? 0x08 : 0);
        }

        return $this->buildMessage(
            $head,
            $this->buildLengthPrefixedString($topic) . ($messageId === null ? '' : $this->encodeMessageId($messageId)) . $message,
        );
    }

    public function buildPublishAcknowledgementMessage(int $messageId): string
    {
        return "\x40\x02" . $this->encodeMessageId($messageId);
    }

    public function buildPublishReceivedMessage(int $messageId): string
    {
        return "\x50\x02" . $this->encodeMessageId($messageId);
    }

    public function buildPublishReleaseMessage(int $messageId): string
    {
        return "\x62\x02" . $this->encodeMessageId($messageId);
    }

    public function buildPublishCompleteMessage(int $messageId): string
    {
        return "\x70\x02" . $this->encodeMessageId($messageId);
    }

    // -- Reading ---------------------------------------------------------------------------------------------------

    public function parseAndValidateMessage(string $message): ?Message
    {
        if (!$this->tryDecodeMessage($message, $command, $qualityOfService, $retained, $data)
            || $command === null || $qualityOfService === null || $retained === null || $data === null) {
            throw new InvalidMessageException('The passed message could not be decoded.');
        }
        if ($command < 1 || $command > 14) {
            throw new InvalidMessageException('A reserved command has been used in the message.');
        }
        switch ($command) {
            case 2:
                throw new ProtocolViolationException('Unexpected connection acknowledgement.');
            case 3:
                return $this->parseAndValidatePublishMessage($data, $qualityOfService, $retained);
            case 4:
                return $this->parseAndValidatePublishAcknowledgementMessage($data);
            case 5:
                return $this->parseAndValidatePublishReceiptMessage($data);
            case 6:
                return $this->parseAndValidatePublishReleaseMessage($data);
            case 7:
                return $this->parseAndValidatePublishCompleteMessage($data);
            case 9:
                return $this->parseAndValidateSubscribeAcknowledgementMessage($data);
            case 11:
                return $this->parseAndValidateUnsubscribeAcknowledgementMessage($data);
            case 12:
                return $this->parseAndValidatePingRequestMessage();
            case 13:
                return $this->parseAndValidatePingAcknowledgementMessage();
        }
        $this->logger->debug('Ignoring a packet of the type [{command}], which is a client\'s.', ['command' => $command]);

        return null;
    }

    /** Splits a packet into its type, flags and body; false when it is not whole. */
    protected function tryDecodeMessage(
        string $message,
        ?int &$command = null,
        ?int &$qualityOfService = null,
        ?bool &$retained = null,
        ?string &$data = null,
    ): bool {
        $total = $this->lengthOfMessage($message, strlen($message), $headLength);
        if ($total === null || $headLength === null || $total > strlen($message)) {
            return false;
        }
        $command          = ord($message[0]) >> 4;
        $qualityOfService = ord($message[0]) >> 1 & 3;
        $retained         = (bool) (ord($message[0]) & 1);
        $data             = substr($message, $headLength, $total - $headLength);

        return true;
    }

    /** @return Message|null null: at QoS 1 or 2 without an identifier; the broker will send it again */
    protected function parseAndValidatePublishMessage(string $data, int $qualityOfServiceLevel, bool $retained): ?Message
    {
        if (strlen($data) < 2) {
            throw new InvalidMessageException('Received a published message without a topic from the broker.');
        }
        $topicLength = ord($data[0]) << 8 | ord($data[1]);
        $content     = substr($data, 2 + $topicLength);
        $message     = new Message(MessageType::PUBLISH(), $qualityOfServiceLevel, $retained);
        if ($qualityOfServiceLevel > self::QOS_AT_MOST_ONCE) {
            if (strlen($content) < 2) {
                $this->logger->error('Ignoring a message with QoS [{qos}] that has no identifier.', ['qos' => $qualityOfServiceLevel]);

                return null;
            }
            $message->setMessageId(ord($content[0]) << 8 | ord($content[1]));
            $content = substr($content, 2);
        }

        return $message->setTopic(substr($data, 2, $topicLength))->setContent($content);
    }

    protected function parseAndValidatePublishAcknowledgementMessage(string $data): Message
    {
        return $this->parseIdentifier(MessageType::PUBLISH_ACKNOWLEDGEMENT(), $data, 'Received invalid publish acknowledgement from the broker.');
    }

    protected function parseAndValidatePublishReceiptMessage(string $data): Message
    {
        return $this->parseIdentifier(MessageType::PUBLISH_RECEIPT(), $data, 'Received invalid publish receipt from the broker.');
    }

    protected function parseAndValidatePublishReleaseMessage(string $data): Message
    {
        return $this->parseIdentifier(MessageType::PUBLISH_RELEASE(), $data, 'Received invalid publish release from the broker.');
    }

    protected function parseAndValidatePublishCompleteMessage(string $data): Message
    {
        return $this->parseIdentifier(MessageType::PUBLISH_COMPLETE(), $data, 'Received invalid complete release from the broker.');
    }

    protected function parseAndValidateSubscribeAcknowledgementMessage(string $data): Message
    {
        if (strlen($data) < 3) {
            throw new InvalidMessageException('Received invalid subscribe acknowledgement from the broker.');
        }
        $messageId = $this->decodeMessageId($this->pop($data, 2));
        $granted   = array_map('ord', str_split($data));
        if (array_diff($granted, static::ACKNOWLEDGED_QOS) !== []) {
            throw new InvalidMessageException('Received subscribe acknowledgement with invalid QoS values from the broker.');
        }

        return (new Message(MessageType::SUBSCRIBE_ACKNOWLEDGEMENT()))->setMessageId($messageId)->setAcknowledgedQualityOfServices($granted);
    }

    protected function parseAndValidateUnsubscribeAcknowledgementMessage(string $data): Message
    {
        return $this->parseIdentifier(MessageType::UNSUBSCRIBE_ACKNOWLEDGEMENT(), $data, 'Received invalid unsubscribe acknowledgement from the broker.');
    }

    protected function parseAndValidatePingRequestMessage(): Message
    {
        return new Message(MessageType::PING_REQUEST());
    }

    protected function parseAndValidatePingAcknowledgementMessage(): Message
    {
        return new Message(MessageType::PING_RESPONSE());
    }

    // --------------------------------------------------------------------------------------------------------------

    private function buildMessage(int $firstByte, string $body): string
    {
        $length = strlen($body);

        return chr($firstByte) . ($length < 0x80 ? chr($length) : $this->encodeMessageLength($length)) . $body;
    }

    /** A packet whose body is an identifier and nothing else. */
    private function parseIdentifier(MessageType $type, string $data, string $refusal): Message
    {
        if (strlen($data) !== 2) {
            throw new InvalidMessageException($refusal);
        }

        return (new Message($type))->setMessageId($this->decodeMessageId($data));
    }

    /**
     * Length of the packet that the buffer begins with; null while it cannot be told.
     *
     * @param int|null $headLength bytes in front of the body
     */
    private function lengthOfMessage(string $buffer, int $bufferLength, ?int &$headLength = null): ?int
    {
        $length = 0;
        for ($at = 1; $at < $bufferLength; ++$at) {
            $byte    = ord($buffer[$at]);
            $length |= ($byte & 0x7F) << 7 * ($at - 1);
            if ($byte < 0x80 || $at === self::MAXIMUM_LENGTH_BYTES) {
                $headLength = $at + 1;

                return $headLength + $length;
            }
        }

        return null;
    }

    /** @param array<string, mixed> $context */
    private function refuse(int $code, string $error, array $context): never
    {
        $this->logger->error($error, $context);
        throw new ConnectingToBrokerFailedException($code, $error);
    }
}
