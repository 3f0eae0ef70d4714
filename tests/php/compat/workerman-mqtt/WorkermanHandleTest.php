<?php
declare(strict_types=1);

require_once dirname(__DIR__) . '/autoload.php';

use PHPUnit\Framework\TestCase;
use Workerman\Mqtt\Consts\PropertyConst;
use Workerman\Mqtt\Consts\ReasonCodeConst;
use Workerman\Mqtt\Handle\Decoder;
use Workerman\Mqtt\Handle\DecodeV5;
use Workerman\Mqtt\Handle\Encoder;
use Workerman\Mqtt\Handle\EncodeV5;
use Workerman\Mqtt\Handle\Property\PacketMap;
use Workerman\Mqtt\Handle\Property\PackProperty;
use Workerman\Mqtt\Handle\Property\UnPackProperty;
use Workerman\Mqtt\Tools\Common;
use Workerman\Mqtt\Tools\Debug;

/** The helpers of workerman/mqtt, which need no Workerman. */
final class WorkermanHandleTest extends TestCase
{
    public function testEncoder(): void
    {
        $this->assertSame("\0\x02hi", Encoder::packString('hi'));
        $this->assertSame("\0\x01a\0\x01b", Encoder::stringPair('a', 'b'));
        $this->assertSame("\0\0\x01\0", Encoder::longInt(256));
        $this->assertSame("\x01\0", Encoder::shortInt(256));
        foreach ([0 => '00', 127 => '7f', 128 => '8001', 16383 => 'ff7f', 16384 => '808001', 268_435_455 => 'ffffff7f'] as $number => $bytes) {
            $this->assertSame($bytes, bin2hex(Encoder::varInt($number)));
        }
        $this->assertSame("\x3B\x05", Encoder::packHead(3, 5, 1, 1, 1));
    }

    public function testDecoder(): void
    {
        $buffer = "\0\x02hi\x01\x02\0\0\x01\0\x07\x80\x01rest";
        $this->assertSame('hi', Decoder::readString($buffer));
        $this->assertSame(0x102, Decoder::shortInt($buffer));
        $this->assertSame(256, Decoder::longInt($buffer));
        $this->assertSame(7, Decoder::byte($buffer));
        $this->assertSame(128, Decoder::varInt($buffer, $length));
        $this->assertSame([2, 'rest'], [$length, $buffer]);
        $this->assertSame(3, Decoder::getCmd("\x3D\0"));
        $this->assertSame(321, Decoder::getBodyLength("\x30\xC1\x02", $head));
        $this->assertSame(3, $head);
        $this->assertSame('ab', Decoder::getBody("\x30\x02ab"));
        $this->assertSame(5, Decoder::getLevel("\x10\x0C\0\x04MQTT\x05\x02\0\0\0\0"));
    }

    /** @dataProvider short */
    public function testBytesThatAreMissing(callable $call, string $message): void
    {
        $this->expectException(Exception::class);
        $this->expectExceptionMessage($message);
        $call();
    }

    public static function short(): iterable
    {
        yield [fn () => Decoder::getBodyLength("\x30", $head), 'Malformed Remaining Length'];
        yield [fn () => Decoder::getBodyLength("\x30\xFF\xFF\xFF\xFF\x01", $head), 'Malformed Remaining Length'];
        yield [fn () => Decoder::getLevel("\x20\x02\0\0"), 'packet must be of type connect, cmd value equal 2 given'];
        yield [function () {
            $buffer = "\0\x05ab";
            Decoder::readString($buffer);
        }, '5 bytes are needed, 2 are there'];
        yield [function () {
            $buffer = 'a';
            Decoder::longInt($buffer);
        }, '4 bytes are needed, 1 are there'];
    }

    /** @dataProvider packets */
    public function testPacketsOfMqtt5(string $encode, string $decode, array $packet, int ...$flags): void
    {
        $bytes = EncodeV5::$encode($packet);
        $body = Decoder::getBody($bytes);
        $decoded = match ($decode) {
            'publish' => DecodeV5::publish(...$flags, body: $body),
            'getReasonCode' => DecodeV5::getReasonCode($packet['cmd'], $body),
            default => DecodeV5::$decode($body),
        };
        $this->assertSame($packet, $decoded);
    }

    public static function packets(): iterable
    {
        yield ['connect', 'connect', ['cmd' => 1, 'protocol_name' => 'MQTT', 'protocol_level' => 5, 'clean_session' => 1, 'properties' => ['receive_maximum' => 5], 'will' => ['qos' => 0, 'retain' => 0, 'topic' => 'w', 'content' => 'c'], 'username' => 'u', 'password' => 'p', 'keepalive' => 10, 'client_id' => 'c']];
        yield ['connAck', 'connAck', ['cmd' => 2, 'session_present' => 1, 'code' => 0, 'properties' => ['maximum_qos' => 1]]];
        yield ['publish', 'publish', ['cmd' => 3, 'dup' => 1, 'qos' => 1, 'retain' => 1, 'topic' => 't', 'message_id' => 7, 'properties' => ['subscription_identifier' => 3], 'content' => 'c'], 1, 1, 1];
        foreach ([4, 5, 6, 7] as $type) {
            yield ['genReasonPhrase', 'getReasonCode', ['cmd' => $type, 'message_id' => 7, 'code' => $type < 6 ? 0x97 : 0x92, 'properties' => ['reason_string' => 'r']]];
        }
        yield ['subscribe', 'subscribe', ['cmd' => 8, 'message_id' => 7, 'properties' => ['subscription_identifier' => 1], 'topics' => ['a' => ['qos' => 1, 'no_local' => false, 'retain_as_published' => true, 'retain_handling' => 1]]]];
        yield ['subAck', 'subAck', ['cmd' => 9, 'message_id' => 7, 'properties' => ['reason_string' => 'r'], 'codes' => [1]]];
        yield ['unSubscribe', 'unSubscribe', ['cmd' => 10, 'message_id' => 7, 'properties' => ['k' => 'v'], 'topics' => ['a']]];
        yield ['unSubAck', 'unSubAck', ['cmd' => 11, 'message_id' => 7, 'codes' => [0]]];
        yield ['disconnect', 'disconnect', ['cmd' => 14, 'code' => 4, 'properties' => ['session_expiry_interval' => 5]]];
        yield ['auth', 'auth', ['cmd' => 15, 'code' => 0x18, 'properties' => ['authentication_method' => 'm']]];
    }

    public function testBodiesThatAreNoMqtt(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $this->expectExceptionMessage('Property [0x7f] not exist');
        DecodeV5::connAck("\0\0\x02\x7F\0");
    }

    /** @dataProvider properties */
    public function testProperties(string $kind, array $properties): void
    {
        $bytes = PackProperty::$kind($properties);
        $length = Decoder::varInt($bytes, $head);
        $buffer = $bytes . 'rest';
        $this->assertSame($properties, UnPackProperty::$kind($length, $buffer));
        $this->assertSame('rest', $buffer);
        $this->assertSame("\0", PackProperty::$kind([]));
    }

    public static function properties(): iterable
    {
        $long = str_repeat('v', 300);
        yield ['connect', ['maximum_packet_size' => 100_000, 'mine' => $long]];
        yield ['willProperties', ['will_delay_interval' => 5, 'content_type' => $long]];
        yield ['connAck', ['maximum_packet_size' => 100_000, 'shared_subscription_available' => 1]];
        yield ['publish', ['topic_alias' => 5, 'k' => 'v']];
        yield ['pubAndSub', ['reason_string' => 'r']];
        yield ['subscribe', ['subscription_identifier' => 300]];
        yield ['unSubscribe', ['k' => 'v']];
        yield ['disConnect', ['server_reference' => 's']];
        yield ['auth', ['authentication_data' => "\0\xFF"]];
    }

    public function testPropertiesThatAreShort(): void
    {
        $this->expectException(InvalidArgumentException::class);
        $body = 'abc';
        UnPackProperty::publish(4, $body);
    }

    public function testWhichPropertiesAPacketMayCarry(): void
    {
        foreach (['connect' => 9, 'connAck' => 17, 'publish' => 8, 'pubAndSub' => 2, 'subscribe' => 2, 'unSubscribe' => 1, 'disConnect' => 4, 'auth' => 4, 'willProperties' => 7] as $name => $count) {
            $this->assertCount($count, PacketMap::$$name, $name);
            $this->assertSame('user_property', PacketMap::$$name[PropertyConst::USER_PROPERTY]);
        }
    }

    public function testReasons(): void
    {
        $this->assertSame('Success', ReasonCodeConst::getReason(0));
        $this->assertSame('Granted QoS 1', ReasonCodeConst::getReason(1));
        $this->assertSame('QoS not supported', ReasonCodeConst::getReason(99));
        $this->assertSame('Not authorized', ReasonCodeConst::getReasonPhrase(135));
        $this->assertSame('Unknown', ReasonCodeConst::getReasonPhrase(1));
        $this->assertSame('Granted QoS 2', ReasonCodeConst::getReasonPhrase(2, true));
        $this->assertSame('QoS not supported', ReasonCodeConst::getReasonPhrase(3, true));
        $this->assertCount(41, ReasonCodeConst::getReasonPhrases());
        $this->assertSame([0, 1, 2], array_keys(ReasonCodeConst::getReasonPhrases(true)));
    }

    public function testBytesThatPeopleRead(): void
    {
        $bytes = "\x10MQTT\xFF" . str_repeat('a', 12);
        $this->assertSame('00000000    10 4d 51 54 54 ff 61 61 61 61 61 61 61 61 61 61 ' . PHP_EOL . '00000010    61 61                                           ', Common::hexDump($bytes));
        $this->assertSame('00000000    10 4d 51 54 54 ff 61 61 61 61 61 61 61 61 61 61    .MQTT.aaaaaaaaaa' . PHP_EOL . '00000010    61 61                                              aa', (new Debug($bytes))->hexDumpAscii());
        $this->assertSame('00000000    .MQTT.aaaaaaaaaa' . PHP_EOL . '00000010    aa', Common::ascii($bytes));
        $this->assertSame(bin2hex($bytes), Common::hexStream($bytes));
        $this->assertSame($bytes, Common::printableText($bytes));
        $this->assertSame('x', (new Debug())->setEncode('x')->getEncode());
        $this->expectOutputString("\033[36m   0: 01000001 : 0x41 : 65 : A\n   1: 00000001 : 0x01 : 1 :  \n\033[0m");
        Common::printf("A\x01");
    }

    public function testTheDropInIsNotLoadedBesideTheOriginal(): void
    {
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        [$status, $output] = (new Script("eval('namespace Workerman\\Mqtt; class Client {}'); require $autoload;"))->end(20);
        $this->assertNotSame(0, $status);
        $this->assertStringContainsString('The drop-in for workerman/mqtt was loaded beside the original', $output);
    }
}
