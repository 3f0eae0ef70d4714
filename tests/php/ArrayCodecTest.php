<?php
declare(strict_types=1);

use Mqtt\Compat\ArrayCodec;
use Mqtt\Exception\ProtocolException;
use PHPUnit\Framework\TestCase;

/** Packets as the arrays of older libraries. What the drop-ins make of them is tested with the drop-ins. */
final class ArrayCodecTest extends TestCase
{
    /** @return iterable<string, array{ArrayCodec, array<string, string>, int}> */
    public static function codecs(): iterable
    {
        foreach ([4, 5] as $level) {
            $keys = ['type' => 'type', 'message' => 'message', 'user' => 'user_name', 'keep' => 'keep_alive'];
            yield "simps, level $level" => [new ArrayCodec('simps', $level), $keys, $level];
            $keys = ['type' => 'cmd', 'message' => 'content', 'user' => 'username', 'keep' => 'keepalive'];
            yield "workerman, level $level" => [new ArrayCodec('workerman', $level), $keys, $level];
        }
    }

    /** @dataProvider codecs */
    public function testConnectInTheOrderOfTheLibraries(ArrayCodec $codec, array $keys, int $level): void
    {
        ['type' => $type, 'message' => $message, 'user' => $user, 'keep' => $keep] = $keys;
        $with = $level === 5;
        $connect = [
            $type => 1, 'protocol_name' => 'MQTT', 'protocol_level' => $level, 'clean_session' => 1,
            ...($with ? ['properties' => ['session_expiry_interval' => 60, 'a' => 'b']] : []),
            'will' => [...($with ? ['properties' => ['will_delay_interval' => 3]] : []), 'qos' => 2, 'retain' => 1, 'topic' => 'w', $message => "\xff"],
            $user => 'joe', 'password' => "p\xfe", $keep => 10, 'client_id' => 'c',
        ];
        $bytes = $codec->encode(array_reverse($connect));
        $this->assertSame($connect, $codec->decode($bytes));
        $packet = Mqtt\Codec::decode($bytes, Mqtt\Version::V3_1_1);
        $this->assertSame(['joe', "p\xfe", 10, "\xff"], [$packet->username, $packet->password, $packet->keepAlive, $packet->will->payload]);
        $bare = [$type => 1, 'protocol_name' => 'MQTT', 'protocol_level' => $level, 'client_id' => 'c'];
        $this->assertSame([$type => 1, 'protocol_name' => 'MQTT', 'protocol_level' => $level, 'clean_session' => 0, $user => '', 'password' => '', $keep => 0, 'client_id' => 'c'], $codec->decode($codec->encode($bare)));
    }

    /** @dataProvider codecs */
    public function testPublishInTheOrderOfTheLibraries(ArrayCodec $codec, array $keys, int $level): void
    {
        ['type' => $type, 'message' => $message] = $keys;
        $head = [$type => 3];
        $flags = ['dup' => 1, 'qos' => 1, 'retain' => 0];
        $publish = match (true) {
            $level === 5 => [...$head, ...$flags, 'topic' => 't', 'message_id' => 7, 'properties' => ['topic_alias' => 3], $message => 'm'],
            $type === 'cmd' => [...$head, 'topic' => 't', $message => 'm', ...$flags, 'message_id' => 7],
            default => [...$head, ...$flags, 'topic' => 't', $message => 'm', 'message_id' => 7],
        };
        $this->assertSame($publish, $codec->decode($codec->encode($publish)));
        $decoded = $codec->decode($codec->encode([$type => 3, 'topic' => 't']));
        $this->assertArrayNotHasKey('message_id', $decoded);
        $this->assertArrayNotHasKey('properties', $decoded);
        $this->assertSame(['', 0, 0, 0], [$decoded[$message], $decoded['qos'], $decoded['dup'], $decoded['retain']]);
    }

    /** @dataProvider codecs */
    public function testSubscriptionsAndAnswers(ArrayCodec $codec, array $keys, int $level): void
    {
        $type = $keys['type'];
        $options = ['qos' => 1, 'no_local' => true, 'retain_as_published' => false, 'retain_handling' => 2];
        $topics = $level === 5 ? ['a' => $options, 'b/#' => ['qos' => 0, 'no_local' => false, 'retain_as_published' => true, 'retain_handling' => 0]] : ['a' => 1, 'b/#' => 0];
        $codes = $level === 5 ? ['codes' => [0, 17]] : [];
        foreach ([
            [$type => 8, 'message_id' => 1, 'topics' => $topics],
            [$type => 9, 'message_id' => 2, 'codes' => [0, 1, 2, 128]],
            [$type => 10, 'message_id' => 3, 'topics' => ['a', 'b/#']],
            [$type => 11, 'message_id' => 4] + $codes,
            [$type => 12],
            [$type => 13],
        ] as $packet) {
            $this->assertSame($packet, $codec->decode($codec->encode($packet)));
        }
    }

    /** @dataProvider codecs */
    public function testAcknowledgementsCarryCodeAndPropertyLengthInMqtt5(ArrayCodec $codec, array $keys, int $level): void
    {
        foreach ([4 => '40', 5 => '50', 6 => '62', 7 => '70'] as $number => $first) {
            $bytes = $codec->encode([$keys['type'] => $number, 'message_id' => 258]);
            $this->assertSame($first . ($level === 5 ? '0401020000' : '020102'), bin2hex($bytes));
            $this->assertSame([$keys['type'] => $number, 'message_id' => 258] + ($level === 5 ? ['code' => 0] : []), $codec->decode($bytes));
        }
        $this->assertSame($level === 5 ? 'e0020000' : 'e000', bin2hex($codec->encode([$keys['type'] => 14])));
    }

    /** PHP makes an int of a key like "123"; such a topic was a TypeError in the libraries. */
    public function testTopicsThatLookLikeNumbers(): void
    {
        $codec = new ArrayCodec('simps');
        $bytes = $codec->encode(['type' => 8, 'message_id' => 1, 'topics' => ['123' => 1, '-7' => 2]]);
        $this->assertSame(['123', '-7'], array_map(fn ($s) => $s->filter, Mqtt\Codec::decode($bytes, Mqtt\Version::V3_1_1)->subscriptions));
        $this->assertSame([123 => 1, -7 => 2], $codec->decode($bytes)['topics']);
        $this->assertSame(['5'], $codec->decode($codec->encode(['type' => 10, 'message_id' => 1, 'topics' => [5]]))['topics']);
    }

    /** The libraries read the property length as one byte. */
    public function testPropertiesOfMoreThan127Bytes(): void
    {
        $codec = new ArrayCodec('simps', 5);
        $properties = ['content_type' => str_repeat('c', 200), 'k' => str_repeat('v', 20_000)];
        $packet = ['type' => 3, 'topic' => 't', 'message' => 'm', 'properties' => $properties];
        $this->assertSame($properties, $codec->decode($codec->encode($packet))['properties']);
    }

    /** The libraries read a subscription identifier and what follows it wrong. */
    public function testSubscriptionIdentifiers(): void
    {
        $codec = new ArrayCodec('workerman', 5);
        foreach ([1, 127, 128, 13_315, 268_435_455, [3, 400]] as $identifier) {
            $packet = ['cmd' => 3, 'topic' => 't', 'content' => 'payload', 'properties' => ['subscription_identifier' => $identifier]];
            $decoded = $codec->decode($codec->encode($packet));
            $this->assertSame([$identifier, 'payload'], [$decoded['properties']['subscription_identifier'], $decoded['content']]);
        }
        $packet = ['cmd' => 8, 'message_id' => 1, 'topics' => ['a' => ['qos' => 1]], 'properties' => ['subscription_identifier' => 1]];
        $this->assertSame(['a'], array_keys($codec->decode($codec->encode($packet))['topics']));
    }

    /** workerman/mqtt writes two of the four bytes. */
    public function testMaximumPacketSizeHasFourBytes(): void
    {
        $codec = new ArrayCodec('workerman', 5);
        $connect = ['cmd' => 1, 'protocol_name' => 'MQTT', 'client_id' => 'c', 'properties' => ['maximum_packet_size' => 4_000_000_000]];
        $this->assertSame(4_000_000_000, $codec->decode($codec->encode($connect))['properties']['maximum_packet_size']);
    }

    public function testUserProperties(): void
    {
        $codec = new ArrayCodec('simps', 5);
        $packet = ['type' => 3, 'topic' => 't', 'message' => 'm', 'properties' => [
            'plain' => 'text', '7' => 'number', 'int' => 5,
            // Of no PUBLISH: a user property.
            'receive_maximum' => '9',
            'user_property' => [['plain', 'again'], ['topic_alias', 'not an alias']],
        ]];
        $bytes = $codec->encode($packet);
        $this->assertSame(
            [['plain', 'text'], ['7', 'number'], ['int', '5'], ['receive_maximum', '9'], ['plain', 'again'], ['topic_alias', 'not an alias']],
            Mqtt\Codec::decode($bytes, Mqtt\Version::V5)->properties->userProperties,
        );
        // The last of two counts; a name that is a property's cannot pass for it.
        $properties = $codec->decode($bytes)['properties'];
        $this->assertSame(['plain' => 'again', 7 => 'number', 'int' => '5', 'receive_maximum' => '9', 'user_property' => [['topic_alias', 'not an alias']]], $properties);
        $packet['properties'] = ['user_property' => 'text'];
        $this->assertSame([['user_property', 'text']], Mqtt\Codec::decode($codec->encode($packet), Mqtt\Version::V5)->properties->userProperties);
    }

    public function testPropertiesByThemselves(): void
    {
        foreach (['connect' => 'receive_maximum', 'will' => 'will_delay_interval', 'connack' => 'maximum_qos', 'publish' => 'topic_alias', 'subscribe' => 'subscription_identifier', 'disconnect' => 'session_expiry_interval'] as $kind => $name) {
            $bytes = ArrayCodec::encodeProperties($kind, [$name => 1, 'a' => 'b']);
            $this->assertSame([$name => 1, 'a' => 'b'], ArrayCodec::decodeProperties($kind, substr($bytes, 1)));
        }
        foreach (['ack', 'auth', 'unsubscribe'] as $kind) {
            $this->assertSame("\0", ArrayCodec::encodeProperties($kind, []));
            $this->assertSame([], ArrayCodec::decodeProperties($kind, ''));
        }
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('Mqtt\Compat\ArrayCodec::encodeProperties(): Argument #1 ($kind) must be a kind of packet');
        ArrayCodec::encodeProperties('pingreq', []);
    }

    public static function refusedArrays(): iterable
    {
        yield [4, ['type' => 0], ValueError::class, 'Key "type" must be a packet type from 1 to 15, 0 given'];
        yield [4, [], ValueError::class, 'Key "type" must be a packet type from 1 to 15, 0 given'];
        yield [4, ['type' => 15], ValueError::class, 'AUTH: MQTT 3.1.1 has no AUTH'];
        yield [4, ['type' => 3, 'message' => 'm'], TypeError::class, 'Key "topic" must be of type string, null given'];
        yield [4, ['type' => 3, 'topic' => []], TypeError::class, 'Key "topic" must be of type string, array given'];
        yield [4, ['type' => 3, 'topic' => 'a/#'], ValueError::class, 'PUBLISH: topic name contains a wildcard'];
        yield [4, ['type' => 3, 'topic' => ''], ValueError::class, 'PUBLISH: topic name is empty'];
        yield [4, ['type' => 3, 'topic' => "\xff"], ValueError::class, 'Key "topic" must be valid UTF-8'];
        yield [4, ['type' => 3, 'topic' => 't', 'qos' => 3], ValueError::class, 'QoS 3 not supported'];
        yield [4, ['type' => 3, 'topic' => 't', 'qos' => 1], TypeError::class, 'Key "message_id" must be of type int, null given'];
        yield [4, ['type' => 4, 'message_id' => 0], ValueError::class, 'Key "message_id" must be between 1 and 65535, 0 given'];
        yield [4, ['type' => 2, 'code' => 6], ValueError::class, 'CONNACK: cannot carry the code 6'];
        yield [5, ['type' => 4, 'message_id' => 1, 'code' => 4], ValueError::class, 'PUBACK: cannot carry the code 4'];
        yield [4, ['type' => 8, 'message_id' => 1], TypeError::class, 'Key "topics" must be of type array, null given'];
        yield [4, ['type' => 8, 'message_id' => 1, 'topics' => []], ValueError::class, 'SUBSCRIBE: no topic filter'];
        yield [4, ['type' => 8, 'message_id' => 1, 'topics' => ['a' => ['qos' => 1]]], TypeError::class, 'Key "topics" must be of type int, array given'];
        yield [4, ['type' => 9, 'message_id' => 1], TypeError::class, 'Key "codes" must be of type array, null given'];
        yield [4, ['type' => 9, 'message_id' => 1, 'codes' => [7]], ValueError::class, 'Key "codes" must contain reason codes, 7 given'];
        yield [5, ['type' => 3, 'topic' => 't', 'properties' => 'p'], TypeError::class, 'Key "properties" must be of type array, string given'];
        yield [5, ['type' => 3, 'topic' => 't', 'properties' => ['topic_alias' => 0]], ValueError::class, 'Property "topic_alias" must be between 1 and 65535, 0 given'];
        yield [5, ['type' => 3, 'topic' => 't', 'properties' => ['k' => []]], TypeError::class, 'User property "k" must be of type string, array given'];
        yield [4, ['type' => 1, 'client_id' => 'c'], TypeError::class, 'Key "protocol_name" must be of type string, null given'];
        yield [4, ['type' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 3, 'client_id' => 'c'], ValueError::class, 'there is no version with protocol name "MQTT" and protocol level 3'];
        yield [4, ['type' => 1, 'protocol_name' => 'MQTT', 'client_id' => 'c', 'password' => 'p'], ValueError::class, 'CONNECT: password without a user name'];
        yield [4, ['type' => 1, 'protocol_name' => 'MQTT', 'client_id' => 'c', 'will' => ['topic' => 't', 'qos' => 3]], ValueError::class, 'QoS 3 not supported'];
    }

    /** @dataProvider refusedArrays */
    public function testRefusedArrays(int $level, array $packet, string $class, string $message): void
    {
        $this->expectException($class);
        $this->expectExceptionMessage($message);
        (new ArrayCodec('simps', $level))->encode($packet);
    }

    public static function refusedBytes(): iterable
    {
        yield [4, '', 'The packet is not complete: 0 bytes are there'];
        yield [4, '3005000174', 'The packet is not complete: 5 bytes are there'];
        yield [4, '30020010', 'PUBLISH: packet ends before its fields do'];
        yield [4, '40020000', 'PUBACK: packet identifier is 0'];
        yield [4, '0000', 'packet type is reserved'];
        yield [5, '3007000174027f016d', 'Property [0x7f] not exist'];
        yield [5, '3007000174032100016d', 'Property [0x21] not exist'];
        yield [5, '300700017403230000', 'PUBLISH: topic_alias: topic alias is 0'];
    }

    /** @dataProvider refusedBytes */
    public function testRefusedBytes(int $level, string $hex, string $message): void
    {
        $this->expectException(ProtocolException::class);
        $this->expectExceptionMessage($message);
        (new ArrayCodec('workerman', $level))->decode((string) hex2bin($hex));
    }

    /** The libraries set DUP wherever the program says so, and brokers close such a connection. */
    public function testDupIsNotSentAtQoS0(): void
    {
        $this->assertSame('3004000174' . '6d', bin2hex((new ArrayCodec('simps'))->encode(['type' => 3, 'topic' => 't', 'message' => 'm', 'dup' => 1])));
    }

    /** MQTT 3.1 sends requests again with DUP; both libraries serve it with their class for 3.1.1. */
    public function testRequestsOfMqtt31MayHaveDup(): void
    {
        $this->assertSame(['type' => 8, 'message_id' => 1, 'topics' => ['a' => 1]], (new ArrayCodec('simps', 4))->decode("\x8a\x06\0\1\0\1a\1"));
        $this->expectException(ProtocolException::class);
        (new ArrayCodec('simps', 5))->decode("\x8a\x07\0\1\0\0\1a\1");
    }

    public function testAuthWithoutAMethodIsTakenWhereThereAreNoProperties(): void
    {
        $codec = new ArrayCodec('simps', 5);
        $this->assertSame('f0021800', bin2hex($codec->encode(['type' => 15, 'code' => 0x18])));
        $this->assertSame(['type' => 15, 'code' => 0x18], $codec->decode("\xf0\x02\x18\0"));
        $this->expectException(ValueError::class);
        $codec->encode(['type' => 15, 'code' => 0x18, 'properties' => ['reason_string' => 'r']]);
    }

    /** "0" as user name or password is empty() in simps/mqtt; workerman/mqtt wrote it without its flag. */
    public function testAUserCalledZero(): void
    {
        $connect = ['protocol_name' => 'MQTT', 'client_id' => 'c'];
        $simps = new ArrayCodec('simps');
        $this->assertSame('', $simps->decode($simps->encode($connect + ['type' => 1, 'user_name' => '0']))['user_name']);
        $workerman = new ArrayCodec('workerman');
        $this->assertSame('0', $workerman->decode($workerman->encode($connect + ['cmd' => 1, 'username' => '0']))['username']);
    }

    public function testValuesOfOtherTypes(): void
    {
        $codec = new ArrayCodec('simps', 5);
        $text = new class implements Stringable {
            public function __toString(): string
            {
                return 'text';
            }
        };
        $packet = ['type' => '3', 'topic' => 7, 'message' => $text, 'qos' => '1', 'retain' => true, 'message_id' => '12', 'properties' => ['topic_alias' => '4']];
        $before = serialize(['message' => 0] + $packet);
        $decoded = $codec->decode($codec->encode($packet));
        $this->assertSame(['7', 'text', 1, 1, 12, 4], [$decoded['topic'], $decoded['message'], $decoded['qos'], $decoded['retain'], $decoded['message_id'], $decoded['properties']['topic_alias']]);
        // Converted in a copy.
        $this->assertSame($before, serialize(['message' => 0] + $packet));
    }

    /** A conversion runs code of the program, which may take away the array that is being read. */
    public function testCodeThatRunsMeanwhileChangesNothing(): void
    {
        $topics = ['a' => 1, 'b' => 1];
        $packet = ['type' => 10, 'message_id' => 1, 'topics' => &$topics];
        $topics = ['a', new class ($topics) implements Stringable {
            public function __construct(private array &$topics)
            {
            }

            public function __toString(): string
            {
                $this->topics = [];
                return str_repeat('b', 3);
            }
        }, 'c'];
        $this->assertSame(['a', 'bbb', 'c'], (new ArrayCodec('simps'))->decode((new ArrayCodec('simps'))->encode($packet))['topics']);
        $this->assertSame([], $topics);
    }

    public function testLengthOfTheFirstPacket(): void
    {
        $codec = new ArrayCodec('simps', 5);
        foreach (['' => 0, "\x30" => 0, "\x30\x80" => 0, "\x30\x05" => 7, "\x30\x80\x01" => 131, "\xc0\0\xc0\0" => 2, "\x30\xff\xff\xff\x7f" => 268_435_460] as $buffer => $length) {
            $this->assertSame($length, $codec->length((string) $buffer));
        }
        $this->expectException(ProtocolException::class);
        $this->expectExceptionMessage('remaining length takes more than four bytes');
        $codec->length("\x30\xff\xff\xff\xff");
    }

    public function testBytesBehindThePacketAreNotLookedAt(): void
    {
        $this->assertSame(['type' => 12], (new ArrayCodec('simps'))->decode("\xc0\0anything"));
    }

    public function testLevel(): void
    {
        foreach ([['MQIsdp', 3], ['MQTT', 4], ['MQTT', 5], ['MQTT', 0x84]] as [$name, $level]) {
            $bytes = (new ArrayCodec('simps'))->encode(['type' => 1, 'protocol_name' => $name, 'protocol_level' => $level, 'client_id' => 'c']);
            $this->assertSame($level, ArrayCodec::level($bytes));
            $this->assertSame($level, (new ArrayCodec('simps'))->decode($bytes)['protocol_level']);
        }
        foreach (['', "\x30\0", "\x10\x02\0"] as $bytes) {
            try {
                ArrayCodec::level($bytes);
                $this->fail('not refused');
            } catch (ProtocolException $e) {
                $this->assertSame('These bytes are not the beginning of a CONNECT', $e->getMessage());
            }
        }
    }

    public function testConstructor(): void
    {
        try {
            new ArrayCodec('binsoul');
            $this->fail('not refused');
        } catch (ValueError $e) {
            $this->assertSame('Mqtt\Compat\ArrayCodec::__construct(): Argument #1 ($dialect) must be "simps" or "workerman"', $e->getMessage());
        }
        $this->expectException(ValueError::class);
        new ArrayCodec('simps', 6);
    }

    /** Arrays that were bytes once are bytes again: nothing is lost but duplicates. */
    public function testEveryVectorOfTheTreeGoesThroughArrays(): void
    {
        $count = 0;
        foreach (json_decode((string) file_get_contents(dirname(__DIR__) . '/vectors/valid.json'), true) as $vector) {
            if (!is_string($vector['hex'])) {
                continue;
            }
            $bytes = (string) hex2bin($vector['hex']);
            $codec = new ArrayCodec('simps', $vector['version']);
            $array = $codec->decode($bytes);
            $again = $codec->decode($codec->encode($array));
            $this->assertSame($array, $again, $vector['id']);
            $count++;
        }
        $this->assertGreaterThan(50, $count);
    }

    public function testEveryMalformedVectorIsRefused(): void
    {
        $count = 0;
        foreach (json_decode((string) file_get_contents(dirname(__DIR__) . '/vectors/malformed.json'), true) as $vector) {
            // Rules that bind one side only, or need the length of a whole stream, are not those of arrays.
            if (!is_string($vector['hex']) || ($vector['strength'] ?? '') !== 'must' || $vector['direction'] !== 'both') {
                continue;
            }
            // DUP on a request: see above.
            if ($vector['version'] === 4 && in_array(substr($vector['hex'], 0, 2), ['6a', '8a', 'aa'], true)) {
                continue;
            }
            try {
                (new ArrayCodec('simps', $vector['version']))->decode((string) hex2bin($vector['hex']));
                $this->fail("{$vector['id']} was not refused");
            } catch (ProtocolException) {
                $count++;
            }
        }
        $this->assertGreaterThan(10, $count);
    }
}
