<?php
declare(strict_types=1);

use Mqtt\Codec;
use Mqtt\Decoder;
use Mqtt\Exception\ProtocolException;
use Mqtt\Packet;
use Mqtt\Properties;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;

/** The packets of tests/vectors through Decoder and Codec. */
final class VectorsTest extends TestCase
{
    private static function load(string $name): array
    {
        return json_decode((string) file_get_contents(dirname(__DIR__) . "/vectors/$name.json"), true, flags: JSON_THROW_ON_ERROR);
    }

    private static function bytes(string|array $hex): string
    {
        return implode('', array_map(
            fn (string|array $part) => is_string($part) ? hex2bin($part) : str_repeat(hex2bin($part['repeat']), $part['count']),
            (array) $hex,
        ));
    }

    private static function text(mixed $value): mixed
    {
        return match (true) {
            !is_array($value) => $value,
            isset($value['repeat_char']) => str_repeat($value['repeat_char'], $value['count']),
            isset($value['hex']) => self::bytes($value['hex']),
            default => array_map(self::text(...), $value),
        };
    }

    private static function binary(mixed $value): mixed
    {
        return $value === null ? null : self::bytes(isset($value['repeat']) ? [$value] : $value);
    }

    private const NAMES = [
        1 => 'payloadFormatIndicator', 2 => 'messageExpiryInterval', 3 => 'contentType', 8 => 'responseTopic', 9 => 'correlationData',
        11 => 'subscriptionIdentifier', 17 => 'sessionExpiryInterval', 18 => 'assignedClientIdentifier', 19 => 'serverKeepAlive',
        21 => 'authenticationMethod', 22 => 'authenticationData', 23 => 'requestProblemInformation', 24 => 'willDelayInterval',
        25 => 'requestResponseInformation', 26 => 'responseInformation', 28 => 'serverReference', 31 => 'reasonString',
        33 => 'receiveMaximum', 34 => 'topicAliasMaximum', 35 => 'topicAlias', 36 => 'maximumQoS', 37 => 'retainAvailable',
        39 => 'maximumPacketSize', 40 => 'wildcardSubscriptionAvailable', 41 => 'subscriptionIdentifierAvailable', 42 => 'sharedSubscriptionAvailable',
    ];
    private const FLAGS = [23, 25, 37, 40, 41, 42];

    private static function properties(array $list): Properties
    {
        $given = [];
        foreach ($list as [$id, $value]) {
            $value = self::text($value);
            if ($id === 38) {
                $given['userProperties'][] = $value;
            } elseif ($id === 11 && isset($given['subscriptionIdentifier'])) {
                $given['subscriptionIdentifier'] = [...(array) $given['subscriptionIdentifier'], $value];
            } else {
                $given[self::NAMES[$id]] = in_array($id, self::FLAGS, true) ? (bool) $value : $value;
            }
        }
        return new Properties(...$given);
    }

    /** What a packet says, in the words of the vectors. */
    private static function say(Packet $packet): array
    {
        $said = ['type' => strtoupper((new ReflectionClass($packet))->getShortName())];
        foreach (get_object_vars($packet) as $name => $value) {
            $said += match ($name) {
                'clientId' => ['client_id' => $value],
                'cleanStart' => ['clean' => $value],
                'keepAlive' => ['keepalive' => $value],
                'version' => ['protocol_level' => $value->value],
                'password' => ['password_hex' => $value],
                'payload' => ['payload_hex' => $value],
                'packetId' => ['packet_id' => $value],
                'reasonCode' => ['reason_code' => $value->value],
                'reasonCodes' => ['reason_codes' => array_map(fn ($code) => $code->value, $value)],
                'sessionPresent' => ['session_present' => $value],
                'will' => ['will' => $value === null ? null : [
                    'topic' => $value->topic, 'payload_hex' => $value->payload, 'qos' => $value->qos, 'retain' => $value->retain, 'properties' => $value->properties,
                ]],
                'subscriptions' => ['subscriptions' => array_map(fn ($s) => [
                    'filter' => $s->filter, 'qos' => $s->qos, 'no_local' => $s->noLocal, 'retain_as_published' => $s->retainAsPublished, 'retain_handling' => $s->retainHandling,
                ], $value)],
                default => [$name => $value],
            };
        }
        return $said;
    }

    private static function expected(array $packet, int $version): array
    {
        unset($packet['protocol_name']);
        if ($packet['type'] === 'CONNACK' && $version !== 5) {
            // Return codes of MQTT 3 are given as the reason code that means the same.
            $packet['reason_code'] = [0x00, 0x84, 0x85, 0x88, 0x86, 0x87][$packet['reason_code']];
        }
        foreach ($packet as $name => $value) {
            $packet[$name] = match ($name) {
                'properties' => self::properties($value),
                'password_hex', 'payload_hex' => self::binary($value),
                'will' => $value === null ? null : [
                    'topic' => self::text($value['topic']), 'payload_hex' => self::binary($value['payload_hex']), 'qos' => $value['qos'],
                    'retain' => $value['retain'], 'properties' => self::properties($value['properties']),
                ],
                'subscriptions' => array_map(fn ($s) => array_map(self::text(...), $s) + ['no_local' => false, 'retain_as_published' => false, 'retain_handling' => 0], $value),
                default => self::text($value),
            };
        }
        return $packet;
    }

    public function testValidPacketsSayWhatTheyShould(): void
    {
        $seen = [];
        foreach (self::load('valid') as $vector) {
            $bytes = self::bytes($vector['hex']);
            $version = Version::from($vector['version']);
            $decoder = new Decoder($version);
            $decoder->push($bytes);
            $packet = $decoder->next();
            self::assertInstanceOf(Packet::class, $packet, $vector['id']);
            self::assertNull($decoder->next(), $vector['id']);
            self::assertSame(0, $decoder->buffered(), $vector['id']);
            $said = self::say($packet);
            foreach (self::expected($vector['packet'], $vector['version']) as $name => $value) {
                self::assertEquals($value, $said[$name] ?? null, "{$vector['id']}: $name");
            }
            self::assertEquals($packet, Codec::decode($bytes, $version), $vector['id']);
            if ($vector['canonical']) {
                self::assertSame(bin2hex($bytes), bin2hex($packet->encode($version)), $vector['id']);
                self::assertSame($bytes, Codec::encode([$packet], $version), $vector['id']);
            }
            $seen[$packet::class] = true;
        }
        self::assertGreaterThanOrEqual(14, count($seen));
    }

    public function testByteByByteIsTheSameAsAtOnce(): void
    {
        $stream = '';
        $expected = [];
        foreach (self::load('valid') as $vector) {
            if ($vector['version'] === 5 && is_string($vector['hex']) && strlen($vector['hex']) < 400) {
                $stream .= $bytes = self::bytes($vector['hex']);
                $expected[] = Codec::decode($bytes, Version::V5);
            }
        }
        $whole = new Decoder(Version::V5);
        $whole->push($stream);
        self::assertEquals($expected, $whole->all());
        $slow = new Decoder(Version::V5);
        $found = [];
        foreach (str_split($stream) as $byte) {
            $slow->push($byte);
            array_push($found, ...$slow->all());
        }
        self::assertEquals($expected, $found);
    }

    public function testEveryValidPacketSurvivesOneByteAtATime(): void
    {
        foreach (self::load('valid') as $vector) {
            $bytes = self::bytes($vector['hex']);
            $version = Version::from($vector['version']);
            $decoder = new Decoder($version);
            // Two mebibytes take long one by one; chunks that fit nothing do as well there.
            $chunks = str_split($bytes, strlen($bytes) > 200_000 ? 4099 : 1);
            $last = array_pop($chunks);
            foreach ($chunks as $chunk) {
                $decoder->push($chunk);
                if ($decoder->next() !== null) {
                    self::fail("{$vector['id']}: a packet before its end");
                }
            }
            $decoder->push($last);
            self::assertEquals(Codec::decode($bytes, $version), $decoder->next(), $vector['id']);
        }
    }

    /**
     * Rules about who sends a packet. Decoder does not know that: it reads both ends of a connection. Client and Server do,
     * and refuse them.
     */
    private const LEFT_TO_THE_SESSION = [
        'subscription identifier from a client', 'session expiry in a server DISCONNECT', 'server reference in a client DISCONNECT',
        'DISCONNECT reason code 0x', 'reason code of DISCONNECT is for', 'reason code of AUTH is not for this side',
    ];

    public function testMalformedPacketsAreRefused(): void
    {
        foreach ([...self::load('malformed'), ...self::load('own')] as $vector) {
            $bytes = self::bytes($vector['hex']);
            foreach ([strlen($bytes), 1] as $chunk) {
                self::refused($vector, str_split($bytes, $chunk));
            }
        }
    }

    private static function refused(array $vector, array $chunks): void
    {
        $decoder = new Decoder(Version::from($vector['version']), $vector['maximum_packet_size'] ?? 268435460);
        try {
            foreach ($chunks as $chunk) {
                $decoder->push($chunk);
                $packet = $decoder->next();
            }
        } catch (ProtocolException $e) {
            self::assertNotSame('incomplete', $vector['kind'], $vector['id']);
            self::assertMatchesRegularExpression('/^(MQTT-|section )/', (string) $e->clause, $vector['id']);
            self::assertTrue($e->reasonCode->isError(), $vector['id']);
            self::assertSame($vector['reason_code'] ?? $e->getCode(), $e->reasonCode->value, $vector['id']);
            self::assertSame($e->reasonCode->value, $e->getCode(), $vector['id']);
            self::assertSame(__FILE__, $e->getFile());
            try {
                $decoder->next();
                self::fail("{$vector['id']}: the error did not stay");
            } catch (ProtocolException $again) {
                self::assertSame($e->getMessage(), $again->getMessage());
            }
            return;
        }
        if ($vector['kind'] === 'incomplete') {
            self::assertNull($packet, $vector['id']);
            self::assertSame(strlen(implode('', $chunks)), $decoder->buffered(), $vector['id']);
            return;
        }
        self::assertSame('protocol', $vector['kind'], "{$vector['id']} was accepted");
        self::assertNotSame('both', $vector['direction'], "{$vector['id']} was accepted");
        $known = array_filter(self::LEFT_TO_THE_SESSION, fn (string $rule) => str_starts_with($vector['rule'], $rule));
        self::assertNotSame([], $known, "{$vector['id']} was accepted: {$vector['rule']}");
    }
}
