<?php
declare(strict_types=1);

namespace PhpMqtt\Client\MessageProcessors;

use PhpMqtt\Client\Exceptions\ProtocolViolationException;
use PhpMqtt\Client\Message;

/**
 * MQTT 3.1.1: another name, and a broker may refuse a subscription.
 */
class Mqtt311MessageProcessor extends Mqtt31MessageProcessor
{
    protected const ACKNOWLEDGED_QOS = [0, 1, 2, 128];

    protected function getEncodedProtocolNameAndVersion(): string
    {
        return $this->buildLengthPrefixedString('MQTT') . "\x04";
    }

    /**
     * A payload that is UTF-8 and holds U+0000 is refused here as it ever was, though payloads may be any bytes. MqttClient
     * delivers it.
     */
    public function parseAndValidateMessage(string $message): ?Message
    {
        $result  = parent::parseAndValidateMessage($message);
        $content = $result?->getContent();
        if ($content !== null && str_contains($content, "\0") && preg_match('//u', $content) === 1) {
            throw new ProtocolViolationException('The broker sent us a message with the forbidden unicode character U+0000.');
        }

        return $result;
    }
}
