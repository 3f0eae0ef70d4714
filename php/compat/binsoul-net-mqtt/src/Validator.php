<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

use Mqtt\Topic;

/**
 * What may stand in a packet. Each function returns where the value may, and throws an exception of the given class
 * where it may not.
 */
class Validator
{
    /** @param class-string<\Throwable> $exceptionClass */
    public static function assertValidStringLength(string $value, string $exceptionClass = \InvalidArgumentException::class): void
    {
        if (strlen($value) > 0xFFFF) {
            throw new $exceptionClass(sprintf('The string "%s" is longer than 65535 byte.', substr($value, 0, 50)));
        }
    }

    /**
     * UTF-8 without U+0000 of at most 65535 bytes [MQTT-1.5.3-1] [MQTT-1.5.3-2].
     *
     * @param class-string<\Throwable> $exceptionClass
     */
    public static function assertValidString(string $value, string $exceptionClass = \InvalidArgumentException::class): void
    {
        // What the extension accepts as a filter is a valid string and more, and most strings that come here are accepted.
        if (Topic::isValidFilter($value)) {
            return;
        }
        self::assertValidStringLength($value, $exceptionClass);
        if (preg_match('//u', $value) !== 1) {
            throw new $exceptionClass(sprintf('The string "%s" is not well-formed UTF-8.', substr($value, 0, 50)));
        }
        if (str_contains($value, "\0")) {
            throw new $exceptionClass(sprintf('The string "%s" contains invalid characters.', substr($value, 0, 50)));
        }
    }

    /** @param class-string<\Throwable> $exceptionClass */
    public static function assertValidNonEmptyString(string $value, string $exceptionClass = \InvalidArgumentException::class): void
    {
        if ($value === '') {
            throw new $exceptionClass('The string is empty.');
        }
        self::assertValidString($value, $exceptionClass);
    }

    /**
     * The topic of a message: a string that is not empty and has no wildcards [MQTT-3.3.2-2].
     *
     * @param class-string<\Throwable> $exceptionClass
     */
    public static function assertValidTopic(string $value, string $exceptionClass = \InvalidArgumentException::class): void
    {
        if (Topic::isValidName($value)) {
            return;
        }
        if (strpbrk($value, '+#') !== false) {
            throw new $exceptionClass('The topic contains wildcards.');
        }
        self::assertValidNonEmptyString($value, $exceptionClass);
    }

    /** @param class-string<\Throwable> $exceptionClass */
    public static function assertValidQosLevel(int $level, string $exceptionClass = \InvalidArgumentException::class): void
    {
        if ($level < 0 || $level > 2) {
            throw new $exceptionClass(sprintf('Expected a quality of service level between 0 and 2 but got %d.', $level));
        }
    }

    /** @param class-string<\Throwable> $exceptionClass */
    public static function assertValidIdentifier(int $identifier, string $exceptionClass = \InvalidArgumentException::class): void
    {
        if ($identifier < 1 || $identifier > 0xFFFF) {
            throw new $exceptionClass(sprintf('Expected an identifier between 1 and 65535 but got %d.', $identifier));
        }
    }
}
