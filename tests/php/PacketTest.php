<?php
declare(strict_types=1);

use Mqtt\Codec;
use Mqtt\Decoder;
use Mqtt\Exception\ProtocolException;
use Mqtt\Packet;
use Mqtt\Packet\Auth;
use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Connect;
use Mqtt\Packet\Disconnect;
use Mqtt\Packet\PingReq;
use Mqtt\Packet\PubAck;
use Mqtt\Packet\Publish;
use Mqtt\Packet\SubAck;
use Mqtt\Packet\Subscribe;
use Mqtt\Packet\UnsubAck;
use Mqtt\Packet\Unsubscribe;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Version;
use Mqtt\Will;
use PHPUnit\Framework\TestCase;

final class PacketTest extends TestCase
{
    private static function refused(callable $do, string ...$words): void
    {
        try {
            $do();
        } catch (ValueError $e) {
            foreach ($words as $word) {
                self::assertStringContainsString($word, $e->getMessage());
            }
            return;
        }
        self::fail('no ValueError was thrown');
    }

    public function testEveryPacketComesBackAsItWas(): void
    {
        $packets = [
            new Connect('c', keepAlive: 10, will: new Will('w', 'x', 1, properties: ['willDelayInterval' => 1]), username: 'u', password: "\0p", properties: ['receiveMaximum' => 5], version: Version::V5),
            new ConnAck(ReasonCode::Success, true, ['assignedClientIdentifier' => 'z']),
            new Publish('a/b', "\xFF", 2, true, true, 7, ['responseTopic' => 'r', 'subscriptionIdentifier' => [1, 2]]),
            new PubAck(1, ReasonCode::NoMatchingSubscribers, ['reasonString' => 'nobody']),
            new Packet\PubRec(2, 0x97), new Packet\PubRel(3, 0x92), new Packet\PubComp(4),
            new Subscribe(5, ['a', new Subscription('b/#', 2, true, true, 1)]),
            new SubAck(5, [0, 1, ReasonCode::NotAuthorized]),
            new Unsubscribe(6, ['a', 'b/#'], ['userProperties' => [['a', 'b']]]),
            new UnsubAck(6, [ReasonCode::Success, ReasonCode::NoSubscriptionExisted]),
            new PingReq(), new Packet\PingResp(),
            new Disconnect(ReasonCode::ServerMoved, ['serverReference' => 'other']),
            new Auth(ReasonCode::ContinueAuthentication, ['authenticationMethod' => 'm', 'authenticationData' => "\1"]),
        ];
        self::assertCount(15, array_unique(array_map('get_class', $packets)));
        $decoder = new Decoder();
        $decoder->push(Codec::encode((fn () => yield from $packets)(), Version::V5));
        self::assertSame(Version::V5, (function () use ($decoder, $packets) {
            foreach ($decoder as $at => $packet) {
                self::assertEquals($packets[$at], $packet);
            }
            self::assertSame(14, $at);
            return $decoder->version();
        })());
        foreach ($packets as $packet) {
            self::assertInstanceOf(Packet::class, $packet);
            self::assertEquals($packet, unserialize(serialize($packet)));
            self::assertSame($packet->encode(), unserialize(serialize($packet))->encode());
        }
    }

    public function testTheVersionOfConnect(): void
    {
        self::assertSame('MQTT', substr((new Connect('c'))->encode(), 4, 4));
        self::assertSame("\x05", (new Connect('c'))->encode()[8]);
        self::assertSame("\x04", (new Connect('c', version: Version::V3_1_1))->encode()[8]);
        self::assertSame('MQIsdp', substr((new Connect('c', version: Version::V3_1_1))->encode(Version::V3_1), 4, 6));
    }

    public function testOlderVersionsLeaveOut(): void
    {
        $publish = new Publish('t', 'x', properties: ['contentType' => 'c']);
        self::assertSame("\x30\x04\0\x01tx", $publish->encode(Version::V3_1_1));
        self::assertSame("\x90\x03\0\x01\x80", (new SubAck(1, [ReasonCode::QuotaExceeded]))->encode(Version::V3_1_1));
        self::refused(fn () => (new Auth())->encode(Version::V3_1_1), 'AUTH', '3.1.1');
    }

    public function testWhatCannotBeWritten(): void
    {
        self::refused(fn () => (new Publish('a/#'))->encode(), 'PUBLISH');
        self::refused(fn () => (new Publish(''))->encode(), 'PUBLISH');
        self::assertSame("\x30\x06\0\0\x03\x23\0\x07", (new Publish('', properties: ['topicAlias' => 7]))->encode());
        self::refused(fn () => (new Publish('t', qos: 1))->encode(), 'packet identifier');
        self::refused(fn () => (new Publish('t', packetId: 1))->encode(), 'packet identifier');
        self::refused(fn () => new Publish('t', qos: 1, packetId: 0), '($packetId)');
        self::refused(fn () => new PubAck(65536), '($packetId)');
        self::refused(fn () => new PubAck(1, 0x7F), '($reasonCode)', 'reason code');
        self::refused(fn () => new Disconnect(properties: ['topicAlias' => 1]), '"topicAlias"', 'DISCONNECT');
        self::refused(fn () => (new Subscribe(1, []))->encode(), 'SUBSCRIBE');
        self::refused(fn () => new Connect(keepAlive: 65536), '($keepAlive)');
    }

    public function testDecoderRefusesAndStaysFailed(): void
    {
        $decoder = new Decoder(Version::V5);
        $decoder->push((new PingReq())->encode() . "\x36\x00" . (new PingReq())->encode());
        self::assertEquals([new PingReq()], $decoder->all(), 'what came before the refusal is given');
        for ($i = 0; $i < 2; $i++) {
            try {
                $decoder->all();
                self::fail('no exception');
            } catch (ProtocolException $e) {
                self::assertSame(ReasonCode::MalformedPacket, $e->reasonCode);
                self::assertSame('MQTT-3.3.1-4', $e->clause);
                self::assertSame(0x81, $e->getCode());
                self::assertSame([__FILE__, __LINE__ - 6], [$e->getFile(), $e->getLine()]);
            }
        }
        $decoder->push((new PingReq())->encode());
        self::assertSame(0, $decoder->buffered());
    }

    public function testDecoderHasABoundBeforeAnythingIsAllocated(): void
    {
        $before = memory_get_usage();
        $decoder = new Decoder(Version::V5, 100);
        $decoder->push("\x30\xFF\xFF\xFF\x7F");
        try {
            $decoder->next();
            self::fail('no exception');
        } catch (ProtocolException $e) {
            self::assertSame(ReasonCode::PacketTooLarge, $e->reasonCode);
        }
        $waiting = new Decoder(Version::V5);
        $waiting->push("\x30\xFF\xFF\xFF\x7F");
        self::assertNull($waiting->next());
        self::assertSame(5, $waiting->buffered());
        self::assertLessThan(100_000, memory_get_usage() - $before);
        $this->expectException(ValueError::class);
        new Decoder(maximumPacketSize: 1);
    }

    public function testIterators(): void
    {
        $decoder = new Decoder(Version::V5);
        $decoder->push((new PingReq())->encode());
        $iterator = $decoder->getIterator();
        self::assertInstanceOf(Iterator::class, $iterator);
        $iterator->rewind();
        self::assertTrue($iterator->valid());
        self::assertEquals(new PingReq(), $iterator->current());
        $decoder->push((new Disconnect())->encode());
        $iterator->next();
        self::assertEquals(new Disconnect(), $iterator->current());
        self::assertSame(1, $iterator->key());
        $iterator->next();
        self::assertFalse($iterator->valid());
    }

    public function testDecodeWantsExactlyOnePacket(): void
    {
        foreach (["\xC0", "\xC0\0\xC0\0", ''] as $bytes) {
            try {
                Codec::decode($bytes, Version::V5);
                self::fail('no exception');
            } catch (ProtocolException $e) {
                self::assertSame(ReasonCode::MalformedPacket, $e->reasonCode);
            }
        }
    }

    /** It was a ValueError, though it is the type that is wrong. */
    public function testEncodeTakesOnlyPackets(): void
    {
        $this->expectException(TypeError::class);
        $this->expectExceptionMessage('($packets) must contain only Mqtt\Packet, string given');
        Codec::encode([new PingReq(), 'x'], Version::V5);
    }

    public function testAVersionIsNotNull(): void
    {
        foreach ([fn () => Codec::encode([], null), fn () => Codec::decode('x', null)] as $call) {
            try {
                $call();
                self::fail('no exception');
            } catch (TypeError $e) {
                self::assertStringContainsString('($version) must be of type Mqtt\Version|int, null given', $e->getMessage());
            }
        }
    }

    /**
     * A property list without the method is a protocol error (section 3.15.2.2.2); it was written and read where the
     * reason is success.
     */
    public function testAuthHasAMethodWhereItHasAnything(): void
    {
        self::assertSame('f000', bin2hex((new Mqtt\Packet\Auth())->encode()));
        try {
            (new Mqtt\Packet\Auth(ReasonCode::Success, ['reasonString' => 'x']))->encode();
            self::fail('no exception');
        } catch (ValueError $e) {
            self::assertSame('AUTH needs the property "authenticationMethod"', $e->getMessage());
        }
        $this->expectException(ProtocolException::class);
        $this->expectExceptionMessage('AUTH without an authentication method');
        Codec::decode((string) hex2bin('f00800061f0003776879'), 5);
    }

    /** The version of a decoder was a promise that the first CONNECT broke. */
    public function testADecoderKeepsTheVersionThatItWasGiven(): void
    {
        $connects = array_map(fn (int $version): string => (new Mqtt\Packet\Connect('a', version: Version::from($version)))->encode(), [3 => 3, 4, 5]);
        foreach ([3, 4, 5] as $version) {
            foreach ($connects as $sent => $bytes) {
                $decoder = new Mqtt\Decoder($version);
                $decoder->push($bytes);
                try {
                    self::assertInstanceOf(Mqtt\Packet\Connect::class, $decoder->next());
                    self::assertSame($version, $sent);
                } catch (ProtocolException $e) {
                    self::assertNotSame($version, $sent);
                    self::assertSame(ReasonCode::UnsupportedProtocolVersion, $e->reasonCode);
                }
            }
        }
        $decoder = new Mqtt\Decoder();
        $decoder->push($connects[5]);
        self::assertNotNull($decoder->next());
        self::assertSame(Version::V5, $decoder->version());
    }

    /** Errors named properties as the library below does: topic_alias. */
    public function testErrorsNamePropertiesAsPhpDoes(): void
    {
        $this->expectException(ProtocolException::class);
        $this->expectExceptionMessage('PUBLISH: topicAlias: topic alias is 0');
        Codec::decode((string) hex2bin('300700017403230000'), 5);
    }

    public function testAnExceptionOfTheGeneratorPasses(): void
    {
        $this->expectExceptionMessage('on purpose');
        Codec::encode((function () {
            yield new PingReq();
            throw new RuntimeException('on purpose');
        })(), Version::V5);
    }
}
