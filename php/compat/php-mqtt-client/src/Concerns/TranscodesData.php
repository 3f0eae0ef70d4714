<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use PhpMqtt\Client\Exceptions\InvalidMessageException;

/**
 * The data types of the wire (section 1.5).
 */
trait TranscodesData
{
    /** @throws InvalidMessageException when the string is longer than its length field can say; it would break the stream */
    protected function buildLengthPrefixedString(string $data): string
    {
        if (strlen($data) > 0xFFFF) {
            throw new InvalidMessageException('A string of ' . strlen($data) . ' bytes cannot be sent: MQTT allows 65535.');
        }

        return pack('n', strlen($data)) . $data;
    }

    /** Reads a number of as many bytes as there are, most significant first. */
    protected function decodeMessageId(string $encodedMessageId): int
    {
        return (int) hexdec(bin2hex($encodedMessageId));
    }

    protected function encodeMessageId(int $messageId): string
    {
        return pack('n', $messageId);
    }

    /** The remaining length: seven bits a byte, least significant first (section 2.2.3). */
    protected function encodeMessageLength(int $length): string
    {
        $bytes = '';
        for (; $length > 0x7F; $length >>= 7) {
            $bytes .= chr($length & 0x7F | 0x80);
        }

        return $bytes . chr($length);
    }
}
