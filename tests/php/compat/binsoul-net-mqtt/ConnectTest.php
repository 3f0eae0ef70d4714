<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\StrictConnectRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

/** CONNECT and CONNACK: what is beside the recorded answers, and each difference on purpose. */
final class ConnectTest extends TestCase
{
    public function testConnectByDefault(): void
    {
        $packet = new ConnectRequestPacket();
        $this->assertSame(
            [4, '', 60, true, false, 0, false, '', '', false, '', false, ''],
            [
                $packet->getProtocolLevel(), $packet->getClientID(), $packet->getKeepAlive(), $packet->isCleanSession(), $packet->hasWill(),
                $packet->getWillQosLevel(), $packet->isWillRetained(), $packet->getWillTopic(), $packet->getWillMessage(),
                $packet->hasUsername(), $packet->getUsername(), $packet->hasPassword(), $packet->getPassword(),
            ],
        );
    }

    public function testConnectMakesUpAClientIdentifierOnce(): void
    {
        $packet = new ConnectRequestPacket();
        $bytes = (string) $packet;
        $this->assertMatchesRegularExpression('/^binsoul[0-9a-f]{16}$/', $packet->getClientID());
        $this->assertSame($bytes, (string) $packet);
        $this->assertNotSame($bytes, (string) new ConnectRequestPacket());
    }

    public function testAnEmptyClientIdentifierMeansACleanSession(): void
    {
        $packet = new ConnectRequestPacket();
        $packet->setCleanSession(false);
        $packet->setClientID('');
        $this->assertTrue($packet->isCleanSession());
        $packet->setCleanSession(false);
        $this->assertSame("\x10\x0C\0\4MQTT\4\2\0\x3C\0\0", (string) $packet);
        $packet->setClientID('c');
        $packet->setCleanSession(false);
        $this->assertFalse($packet->isCleanSession());
    }

    /**
     * The original writes bit 6 for a user name and bit 7 for a password, which is the wrong way round: a client with a
     * user name alone was refused by every broker, as a password without a user name.
     */
    public function testUserNameAloneIsBit7(): void
    {
        $packet = new ConnectRequestPacket();
        $packet->setClientID('c');
        $packet->setUsername('u');
        $this->assertSame("\x10\x10\0\4MQTT\4\x82\0\x3C\0\1c\0\1u", (string) $packet);
        $this->assertSame('u', $this->read(new ConnectRequestPacket(), (string) $packet)->getUsername());
        $this->expectExceptionObject(new MalformedPacketException('The password flag must be zero if the username flag is zero.'));
        $this->read(new ConnectRequestPacket(), "\x10\x10\0\4MQTT\4\x42\0\x3C\0\1c\0\1u");
    }

    public function testAPasswordWithoutAUserNameIsNotWritten(): void
    {
        $packet = new ConnectRequestPacket();
        $packet->setClientID('c');
        $packet->setPassword('secret');
        $this->assertTrue($packet->hasPassword());
        $this->assertSame("\x10\x0D\0\4MQTT\4\2\0\x3C\0\1c", (string) $packet);
        $this->assertSame([false, ''], [$packet->hasPassword(), $packet->getPassword()]);
    }

    /** In the original a second QoS was ORed to the first: 1 and then 2 was 3, which is none. */
    public function testAnotherWillQosTakesThePlaceOfTheFirst(): void
    {
        $packet = new ConnectRequestPacket();
        $packet->setWill('a', 'b', 1, true);
        $packet->setWill('c', 'd', 2);
        $this->assertSame([2, false, 'c', 'd'], [$packet->getWillQosLevel(), $packet->isWillRetained(), $packet->getWillTopic(), $packet->getWillMessage()]);
        $packet->setWill('c', 'd');
        $this->assertSame(0, $packet->getWillQosLevel());
    }

    public function testStrictConnect(): void
    {
        $packet = new StrictConnectRequestPacket();
        $packet->setClientID(str_repeat('a', 23));
        $packet->setClientID('');
        foreach ([
            str_repeat('a', 24) => 'Expected client id shorter than 24 bytes but got "aaaaaaaaaaaaaaaaaaaaaaaa".',
            'a b' => 'Expected a client id containing characters 0-9, a-z or A-Z but got "a b".',
        ] as $identifier => $message) {
            try {
                $packet->setClientID($identifier);
                $this->fail($identifier);
            } catch (\InvalidArgumentException $e) {
                $this->assertSame($message, $e->getMessage());
            }
            $lax = new ConnectRequestPacket();
            $lax->setClientID($identifier);
            try {
                $this->read(new StrictConnectRequestPacket(), (string) $lax);
                $this->fail($identifier);
            } catch (MalformedPacketException $e) {
                $this->assertSame($message, $e->getMessage());
            }
        }
    }

    /** The original leaves them in the stream, where they were taken for the next packet. */
    public function testBytesLeftOverInConnect(): void
    {
        $this->expectExceptionObject(new MalformedPacketException('Expected remaining packet length of 13 bytes but got 15.'));
        $this->read(new ConnectRequestPacket(), "\x10\x0F\0\4MQTT\4\2\0\x3C\0\1d\0\0");
    }

    public function testStringsThatAreTooLong(): void
    {
        $long = str_repeat('z', 65536);
        foreach (['setUsername', 'setPassword'] as $setter) {
            try {
                (new ConnectRequestPacket())->$setter($long);
                $this->fail($setter);
            } catch (\InvalidArgumentException $e) {
                $this->assertSame('The string "' . str_repeat('z', 50) . '" is longer than 65535 byte.', $e->getMessage());
            }
        }
        // The client identifier is looked at when it is written.
        $packet = new ConnectRequestPacket();
        $packet->setClientID($long);
        $this->expectExceptionObject(new \InvalidArgumentException('The string length must be less than or equal to 65535 bytes'));
        (string) $packet;
    }

    public function testReturnCodesOfConnectHaveNames(): void
    {
        $names = [
            'Connection accepted', 'Unacceptable protocol version', 'Identifier rejected', 'Server unavailable', 'Bad user name or password',
            'Not authorized', 'Unknown 06', 255 => 'Unknown ff',
        ];
        foreach ($names as $code => $name) {
            $packet = $this->read(new ConnectResponsePacket(), "\x20\2\0" . chr($code));
            $this->assertSame([$code, $name, $code === 0, $code > 0], [$packet->getReturnCode(), $packet->getErrorName(), $packet->isSuccess(), $packet->isError()]);
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
