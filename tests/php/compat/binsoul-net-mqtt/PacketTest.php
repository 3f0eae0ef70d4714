<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Exception\EndOfStreamException;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Exception\UnknownPacketTypeException;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\IdentifierOnlyPacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use BinSoul\Net\Mqtt\PacketStream;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';

/** The other packets one by one: what is beside the recorded answers, and each difference on purpose. */
final class PacketTest extends TestCase
{
    /** In the original a second QoS was ORed to the first: 1 and then 2 was 3, which is none. */
    public function testAnotherQosTakesThePlaceOfTheFirst(): void
    {
        $packet = new PublishRequestPacket();
        foreach ([1, 2, 1, 0, 2] as $level) {
            $packet->setQosLevel($level);
            $this->assertSame([$level, $level << 1], [$packet->getQosLevel(), $packet->getPacketFlags()]);
        }
    }

    /** The original takes U+0600 to U+07FF for surrogates: Arabic, Syriac, Thaana, NKo. */
    public function testTopicsInAllScripts(): void
    {
        foreach (["\u{0645}\u{0631}\u{062D}\u{0628}\u{0627}", "\u{0710}", "\u{0780}", "\u{07CA}", "\u{044F}", "\u{4E2D}", "\u{1F600}"] as $topic) {
            $packet = new PublishRequestPacket();
            $packet->setTopic($topic);
            $this->assertSame($topic, $this->read(new PublishRequestPacket(), (string) $packet)->getTopic());
            $packet = new SubscribeRequestPacket();
            $packet->setFilters(["$topic/#"]);
            $this->assertSame(["$topic/#"], $this->read(new SubscribeRequestPacket(), (string) $packet)->getFilters());
        }
    }

    /** @dataProvider topics */
    public function testTopicsThatNobodyMayPublishTo(string $topic, string $message): void
    {
        $bytes = "\x30" . chr(strlen($topic) + 2) . pack('n', strlen($topic)) . $topic;
        try {
            $this->read(new PublishRequestPacket(), $bytes);
            $this->fail('read');
        } catch (MalformedPacketException $e) {
            // The original throws InvalidArgumentException for some of them, which push() of its parser does not catch.
            $this->assertSame($message, $e->getMessage());
        }
        $this->expectExceptionObject(new \InvalidArgumentException($message));
        (new PublishRequestPacket())->setTopic($topic);
    }

    public static function topics(): array
    {
        return [
            ['', 'The string is empty.'],
            ['a/+', 'The topic contains wildcards.'],
            ['#', 'The topic contains wildcards.'],
            ["\xFFa", "The string \"\xFFa\" is not well-formed UTF-8."],
            ["\xED\xA0\x80", "The string \"\xED\xA0\x80\" is not well-formed UTF-8."],
            ["a\0b", "The string \"a\0b\" contains invalid characters."],
            [str_repeat('y', 60) . "\xFF", 'The string "' . str_repeat('y', 50) . '" is not well-formed UTF-8.'],
        ];
    }

    public function testPublishByDefault(): void
    {
        $packet = new PublishRequestPacket();
        $this->assertSame(['topic', '', false, false, 0, null], [
            $packet->getTopic(), $packet->getPayload(), $packet->isDuplicate(), $packet->isRetained(), $packet->getQosLevel(), $packet->getIdentifier(),
        ]);
        $this->assertSame("\x30\x07\0\5topic", (string) $packet);
        $this->assertSame(7, $packet->getRemainingPacketLength());
    }

    public function testPublishAtQos0IsNoDuplicate(): void
    {
        $packet = new PublishRequestPacket();
        $packet->setTopic('a');
        $packet->setDuplicate(true);
        $packet->setRetained(true);
        $this->assertSame(9, $packet->getPacketFlags());
        $this->assertSame("\x31\x03\0\1a", (string) $packet);
        $this->assertSame([false, true], [$packet->isDuplicate(), $packet->isRetained()]);
    }

    public function testIdentifiersAreMadeUp(): void
    {
        new DefaultIdentifierGenerator();
        foreach ([new PublishAckPacket(), new SubscribeRequestPacket(), new UnsubscribeRequestPacket(), new SubscribeResponsePacket(), new UnsubscribeResponsePacket()] as $index => $packet) {
            $this->assertNull($packet->getIdentifier());
            $this->assertSame($index + 1, unpack('n', substr((string) $packet, 2))[1]);
            $this->assertSame($index + 1, $packet->getIdentifier());
        }
        $packet = new PublishRequestPacket();
        $packet->setQosLevel(2);
        $this->assertSame("\x34\x09\0\5topic\0\6", (string) $packet);
        $packet->setIdentifier(null);
        $this->assertNull($packet->getIdentifier());
    }

    /** @dataProvider identifiers */
    public function testIdentifiersOutOfRange(int $identifier, string $hex): void
    {
        $this->expectExceptionObject(new \InvalidArgumentException("Expected an identifier between 0x0001 and 0xFFFF but got $hex"));
        (new PublishAckPacket())->setIdentifier($identifier);
    }

    public static function identifiers(): array
    {
        return [[0, '0'], [65536, '10000'], [-1, 'ffffffffffffffff']];
    }

    /** @dataProvider acknowledgements */
    public function testAcknowledgements(IdentifierOnlyPacket $packet, string $bytes): void
    {
        $packet->setIdentifier(0x1234);
        $this->assertSame($bytes, (string) $packet);
        $this->assertSame(2, $packet->getRemainingPacketLength());
        $class = get_class($packet);
        $this->assertSame(0x1234, $this->read(new $class(), $bytes)->getIdentifier());
        foreach ([
            ["\x01", null, "Expected remaining packet length of 2 bytes but got 1."],
            ["\x02\0\0", null, 'Expected an identifier between 1 and 65535 but got 0.'],
            ["\x02\0\1", 0x01, sprintf('Expected flags %02x but got %02x.', ord($bytes[0]) & 0xF, (ord($bytes[0]) & 0xF) ^ 1)],
        ] as [$rest, $flip, $message]) {
            try {
                $this->read(new $class(), chr(ord($bytes[0]) ^ ($flip ?? 0)) . $rest);
                $this->fail($message);
            } catch (MalformedPacketException $e) {
                $this->assertSame($message, $e->getMessage());
            }
        }
    }

    public static function acknowledgements(): array
    {
        return [
            [new PublishAckPacket(), "\x40\x02\x12\x34"], [new PublishReceivedPacket(), "\x50\x02\x12\x34"],
            [new PublishReleasePacket(), "\x62\x02\x12\x34"], [new PublishCompletePacket(), "\x70\x02\x12\x34"],
            [new UnsubscribeResponsePacket(), "\xB0\x02\x12\x34"],
        ];
    }

    public function testReturnCodesOfSubscribeHaveNames(): void
    {
        $packet = new SubscribeResponsePacket();
        $names = [0 => 'Maximum QoS 0', 1 => 'Maximum QoS 1', 2 => 'Maximum QoS 2', 128 => 'Failure', 3 => 'Unknown 03', 255 => 'Unknown ff'];
        foreach ($names as $code => $name) {
            $this->assertSame([$name, $code > 2], [$packet->getReturnCodeName($code), $packet->isError($code)]);
        }
        try {
            $packet->setReturnCodes([0, 7]);
            $this->fail('set');
        } catch (\InvalidArgumentException $e) {
            $this->assertSame('Return code index 1: Malformed return code 07.', $e->getMessage());
            $this->assertInstanceOf(MalformedPacketException::class, $e->getPrevious());
        }
        $this->assertSame([], $packet->getReturnCodes());
    }

    /** In the original the codes of a second read() came behind those of the first. */
    public function testAPacketMayBeReadAgain(): void
    {
        $packet = $this->read(new SubscribeResponsePacket(), "\x90\3\0\1\0");
        $this->assertSame([1], $this->read($packet, "\x90\3\0\2\1")->getReturnCodes());
        $connect = new ConnectRequestPacket();
        $connect->setClientID('c');
        $connect->setUsername('u');
        $connect->setWill('w', 'm');
        $connect = $this->read($this->read(new ConnectRequestPacket(), (string) $connect), "\x10\x0D\0\4MQTT\4\2\0\x3C\0\1d");
        $this->assertSame(['d', '', ''], [$connect->getClientID(), $connect->getUsername(), $connect->getWillTopic()]);
        $publish = $this->read($this->read(new PublishRequestPacket(), "\x32\6\0\1a\0\7x"), "\x30\4\0\1by");
        $this->assertSame(['b', 'y', 0, null], [$publish->getTopic(), $publish->getPayload(), $publish->getQosLevel(), $publish->getIdentifier()]);
    }

    public function testSubscribe(): void
    {
        $packet = new SubscribeRequestPacket();
        $packet->setIdentifier(3);
        $packet->setFilters(['a', 'b', 'c']);
        $packet->setQosLevels([1 => 2]);
        $this->assertSame("\x82\x0E\0\3\0\1a\0\0\1b\2\0\1c\0", (string) $packet);
        $read = $this->read(new SubscribeRequestPacket(), (string) $packet);
        $this->assertSame([['a', 'b', 'c'], [0, 2, 0]], [$read->getFilters(), $read->getQosLevels()]);
        // Level and filter belong together by their keys.
        $packet->setFilters(['x' => 'a', 'y' => 'b']);
        $packet->setQosLevels(['y' => 1]);
        $this->assertSame("\x82\x0A\0\3\0\1a\0\0\1b\1", (string) $packet);
    }

    /** @dataProvider lists */
    public function testListsThatAreRefused(string $class, string $setter, array $list, string $message): void
    {
        $packet = new $class();
        try {
            $packet->$setter($list);
            $this->fail('set');
        } catch (\InvalidArgumentException $e) {
            $this->assertSame($message, $e->getMessage());
            $this->assertSame($list === [], $e->getPrevious() === null);
        }
    }

    public static function lists(): array
    {
        return [
            [SubscribeRequestPacket::class, 'setFilters', [], 'The array of filters is empty.'],
            [SubscribeRequestPacket::class, 'setFilters', ['a', ''], 'Filter 1: The string is empty.'],
            [SubscribeRequestPacket::class, 'setFilters', ['x' => "\xFF%s"], "Filter x: The string \"\xFF%s\" is not well-formed UTF-8."],
            [SubscribeRequestPacket::class, 'setQosLevels', [1, 3], 'QoS level 1: Expected a quality of service level between 0 and 2 but got 3.'],
            [UnsubscribeRequestPacket::class, 'setFilters', ['a', ''], 'Filter 1: The string is empty.'],
        ];
    }

    public function testUnsubscribe(): void
    {
        $packet = new UnsubscribeRequestPacket();
        $packet->setIdentifier(3);
        $packet->setFilters(['a', 'b/#']);
        $this->assertSame("\xA2\x0A\0\3\0\1a\0\3b/#", (string) $packet);
        $this->assertSame(['a', 'b/#'], $this->read(new UnsubscribeRequestPacket(), (string) $packet)->getFilters());
    }

    /** The original reads on in what comes behind. */
    public function testFieldsEndWithTheirPacket(): void
    {
        foreach (["\x30\x04\0\5ab" => PublishRequestPacket::class, "\x82\x06\0\1\0\2a\1" => SubscribeRequestPacket::class, "\xA2\x05\0\1\0\2a" => UnsubscribeRequestPacket::class, "\x90\x01\0" => SubscribeResponsePacket::class] as $bytes => $class) {
            try {
                $this->read(new $class(), $bytes . 'aa1aaaaa');
                $this->fail($class);
            } catch (MalformedPacketException $e) {
                $this->assertNotSame('', $e->getMessage());
            }
        }
    }

    public function testTheWrongPacket(): void
    {
        // The numbers are the wrong way round, as they always were.
        $this->expectExceptionObject(new MalformedPacketException('Expected packet type 04 but got 03.'));
        $this->read(new PublishRequestPacket(), "\x40\x02\0\1");
    }

    public function testRemainingLengths(): void
    {
        $packet = new PublishRequestPacket();
        foreach ([0 => '07', 120 => '7f', 121 => '8001', 16376 => 'ff7f', 16377 => '808001', 2097144 => 'ffff7f', 2097145 => '80808001'] as $size => $length) {
            $packet->setPayload(str_repeat('x', $size));
            $bytes = (string) $packet;
            $this->assertSame("30$length", bin2hex(substr($bytes, 0, 1 + strlen($length) / 2)));
            $this->assertSame($size, strlen($this->read(new PublishRequestPacket(), $bytes)->getPayload()));
        }
        $this->expectExceptionObject(new MalformedPacketException('Malformed remaining length.'));
        $this->read(new PublishRequestPacket(), "\x30\xFF\xFF\xFF\xFF\x01");
    }

    public function testAPacketThatIsTooLarge(): void
    {
        $limit = ini_set('memory_limit', '2G');
        try {
            $packet = new PublishRequestPacket();
            $packet->setTopic('a');
            $packet->setPayload(str_repeat('x', 268_435_455 - 2));
            $this->expectExceptionObject(new \InvalidArgumentException('The packet is longer than 268435455 bytes.'));
            (string) $packet;
        } finally {
            unset($packet);
            ini_set('memory_limit', (string) $limit);
        }
    }

    public function testTruncatedPackets(): void
    {
        $this->expectExceptionObject(new EndOfStreamException('End of stream reached when trying to read 5 bytes. content length=6, position=4'));
        $this->read(new PublishRequestPacket(), "\x30\x09\0\5ab");
    }

    public function testTheFactoryKnowsFourteenTypes(): void
    {
        foreach ([0, 15, -1] as $type) {
            try {
                (new DefaultPacketFactory())->build($type);
                $this->fail("built $type");
            } catch (UnknownPacketTypeException $e) {
                $this->assertSame("Unknown packet type $type.", $e->getMessage());
            }
        }
    }

    /**
     * @template T of \BinSoul\Net\Mqtt\Packet
     *
     * @param T $packet
     *
     * @return T
     */
    private function read(\BinSoul\Net\Mqtt\Packet $packet, string $bytes): \BinSoul\Net\Mqtt\Packet
    {
        $packet->read(new PacketStream($bytes));
        return $packet;
    }
}
