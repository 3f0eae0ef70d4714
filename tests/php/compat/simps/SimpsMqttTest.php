<?php
declare(strict_types=1);

require_once dirname(__DIR__) . '/autoload.php';

use PHPUnit\Framework\TestCase;
use Simps\Exception\Protocol\MQTTException;
use Simps\Server\Protocol\MQTT;

/** The codec of the Simps framework. */
final class SimpsMqttTest extends TestCase
{
    /** @dataProvider packets */
    public function testPackets(array $packet, ?array $decoded = null): void
    {
        $bytes = MQTT::encode($packet);
        $this->assertSame($bytes, MQTT::getAck($packet));
        $this->assertSame($decoded ?? $packet, MQTT::decode($bytes));
        $this->assertSame(strlen($bytes), MQTT::input("{$bytes}more"));
        $this->assertSame(0, MQTT::input(substr($bytes, 0, -1)));
        $this->assertSame($packet['cmd'], MQTT::getCmd($bytes));
    }

    public static function packets(): iterable
    {
        yield 'CONNECT' => [['cmd' => MQTT::CONNECT, 'protocol_name' => 'MQTT', 'protocol_level' => 4, 'clean_session' => 0, 'will' => ['qos' => 2, 'retain' => 0, 'topic' => 'w', 'content' => 'gone'], 'username' => 'joe', 'password' => 'x', 'keepalive' => 10, 'client_id' => 'me']];
        yield 'CONNACK' => [['cmd' => MQTT::CONNACK, 'code' => 0, 'session_present' => 0], ['cmd' => 2, 'session_present' => 0, 'code' => 0]];
        yield 'PUBLISH' => [['cmd' => MQTT::PUBLISH, 'topic' => 'a', 'content' => 'x', 'dup' => 0, 'qos' => 1, 'retain' => 0, 'message_id' => 4]];
        yield 'PUBLISH, QoS 0' => [['cmd' => MQTT::PUBLISH, 'topic' => 'a', 'content' => 'x', 'dup' => 0, 'qos' => 0, 'retain' => 1]];
        foreach ([MQTT::PUBACK, MQTT::PUBREC, MQTT::PUBREL, MQTT::PUBCOMP, MQTT::UNSUBACK] as $type) {
            yield "type $type" => [['cmd' => $type, 'message_id' => 3]];
        }
        yield 'SUBSCRIBE' => [['cmd' => MQTT::SUBSCRIBE, 'message_id' => 3, 'topics' => ['a' => 0, '1' => 2]]];
        yield 'SUBACK' => [['cmd' => MQTT::SUBACK, 'message_id' => 3, 'payload' => [0, 128]], ['cmd' => 9, 'message_id' => 3, 'codes' => [0, 128]]];
        yield 'SUBACK, codes' => [['cmd' => MQTT::SUBACK, 'message_id' => 3, 'codes' => [1]]];
        yield 'UNSUBSCRIBE' => [['cmd' => MQTT::UNSUBSCRIBE, 'message_id' => 3, 'topics' => ['a', 'b']]];
        foreach ([MQTT::PINGREQ, MQTT::PINGRESP, MQTT::DISCONNECT] as $type) {
            yield "type $type" => [['cmd' => $type]];
        }
    }

    public function testTypesThatAreNone(): void
    {
        $this->assertSame('', MQTT::encode(['cmd' => 15]));
        $this->assertSame('', MQTT::encode(['cmd' => 0]));
        $this->assertSame("\xF0\0", MQTT::decode("\xF0\0"));
        $this->assertSame("\0\0", MQTT::decode("\0\0"));
    }

    /** @dataProvider nonsense */
    public function testWhatIsNoMqtt(string $bytes): void
    {
        $this->expectException(MQTTException::class);
        MQTT::decode($bytes);
    }

    public static function nonsense(): iterable
    {
        yield 'nothing' => [''];
        yield 'a part' => ["\x30\x05\0\x01a"];
        yield 'a string that is longer than the packet' => ["\x30\x03\0\x09a"];
        yield 'QoS 3' => ["\x36\x05\0\x01a\0\x01"];
    }

    public function testHelpers(): void
    {
        $this->assertSame("\0\x02hi", MQTT::packString('hi'));
        $this->assertSame(321, MQTT::getBodyLength("\x30\xC1\x02", $head));
        $this->assertSame(3, $head);
        $this->assertSame(0, MQTT::getBodyLength("\x30\xC1", $head));
        $this->assertSame(0, $head);
        $this->assertSame('ab', MQTT::getBody("\x30\x02abc"));
        $buffer = "\0\x02hirest";
        $this->assertSame('hi', MQTT::readString($buffer));
        $this->assertSame(0x7265, MQTT::readShortInt($buffer));
        $this->assertSame("\x3D\xC1\x02", MQTT::packHead(3, 321, 1, 2, 1));
        $this->expectOutputString("   0: 01000001 : 0x41 : 65 : A \n   1: 00000001 : 0x01 : 1 :   \n");
        MQTT::printStr("A\x01");
        $short = "\0\x09a";
        $this->expectException(RuntimeException::class);
        $this->expectExceptionMessage('buffer:000961 length:9 not enough for unpackString');
        MQTT::readString($short);
    }

    public function testTheDropInIsNotLoadedBesideTheOriginal(): void
    {
        $autoload = var_export(dirname(__DIR__) . '/autoload.php', true);
        [$status, $output] = (new Script("eval('namespace Simps; class Application {}'); require $autoload;"))->end(20);
        $this->assertNotSame(0, $status);
        $this->assertStringContainsString('The drop-in for simple-swoole/simps was loaded beside the original', $output);
    }
}
