<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Flow\OutgoingConnectFlow;
use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Message;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\BasePacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

/** Code that was written for 0.8, 1.x or 2.x. */
final class GenerationsTest extends TestCase
{
    public function testSubscribeWithOneFilter(): void
    {
        $packet = new SubscribeRequestPacket();
        $this->assertSame(['', 0], [$packet->getTopic(), $packet->getQosLevel()]);
        $packet->setIdentifier(3);
        // In either order.
        $packet->setQosLevel(2);
        $packet->setTopic('a/+');
        $this->assertSame("\x82\x08\0\3\0\3a/+\2", (string) $packet);
        $packet->setTopic('b');
        $packet->setQosLevel(1);
        $this->assertSame("\x82\x06\0\3\0\1b\1", (string) $packet);
        $this->assertSame([['b'], [1], 'b', 1], [$packet->getFilters(), $packet->getQosLevels(), $packet->getTopic(), $packet->getQosLevel()]);
    }

    /** 0.8 and 1.0 left all filters but the first in the stream, and took them for packets. */
    public function testSeveralFiltersThroughTheFunctionsForOne(): void
    {
        $packet = new SubscribeRequestPacket();
        $packet->read(new PacketStream("\x82\x0A\0\3\0\1a\1\0\1b\2"));
        $this->assertSame(['a', 1, ['a', 'b']], [$packet->getTopic(), $packet->getQosLevel(), $packet->getFilters()]);
        $packet->setFilters(['x' => 'c', 'y' => 'd']);
        $packet->setQosLevels(['x' => 2]);
        $this->assertSame(['c', 2], [$packet->getTopic(), $packet->getQosLevel()]);
    }

    public function testErrorsOfTheFormerFunctions(): void
    {
        foreach ([
            [new SubscribeRequestPacket(), 'setTopic', '', 'The topic must not be empty.'],
            [new SubscribeRequestPacket(), 'setTopic', "\xFF", "The string \"\xFF\" is not well-formed UTF-8."],
            [new SubscribeRequestPacket(), 'setQosLevel', 3, 'Expected a quality of service level between 0 and 2 but got 3.'],
            [new UnsubscribeRequestPacket(), 'setTopics', ['a', ''], 'The topic 1 must not be empty.'],
            [new UnsubscribeRequestPacket(), 'setTopics', ["\xFF"], "Topic 0: The string \"\xFF\" is not well-formed UTF-8."],
        ] as [$packet, $method, $value, $message]) {
            try {
                $packet->$method($value);
                $this->fail($message);
            } catch (\InvalidArgumentException $e) {
                $this->assertSame($message, $e->getMessage());
            }
        }
    }

    public function testUnsubscribeFromTopics(): void
    {
        $packet = new UnsubscribeRequestPacket();
        $packet->setIdentifier(3);
        $packet->setTopics(['a', 'b']);
        $this->assertSame("\xA2\x08\0\3\0\1a\0\1b", (string) $packet);
        $this->assertSame([['a', 'b'], ['a', 'b']], [$packet->getTopics(), $packet->getFilters()]);
    }

    /** The checks that 0.8 and 1.0 offered to subclasses. */
    public function testChecksOfTheBaseClass(): void
    {
        $packet = new class() extends BasePacket {
            protected static int $packetType = 15;

            public function check(string $method, mixed $value): void
            {
                $this->$method($value);
            }
        };
        $packet->check('assertValidString', 'a');
        foreach (['assertValidStringLength' => str_repeat('x', 65536), 'assertValidString' => "\xFF", 'assertValidQosLevel' => 3] as $method => $value) {
            try {
                $packet->check($method, $value);
                $this->fail($method);
            } catch (MalformedPacketException) {
            }
        }
        $this->assertSame("\xF0\0", (string) $packet);
    }

    /** with...() gave the interface in 0.8 and 1.0, self since 1.1. */
    public function testSubclassesOfAllGenerations(): void
    {
        $former = new class() extends DefaultConnection {
            public function withProtocol(int $protocol): Connection
            {
                return parent::withProtocol($protocol);
            }

            public function withWill(?Message $will = null): Connection
            {
                return parent::withWill($will);
            }
        };
        $recent = new class() extends DefaultConnection {
            public function withProtocol(int $protocol): self
            {
                return parent::withProtocol($protocol);
            }

            public function withWill(?Message $will = null): self
            {
                return parent::withWill($will);
            }
        };
        foreach ([$former, $recent] as $connection) {
            $this->assertSame(3, $connection->withProtocol(3)->withWill()->getProtocol());
        }
    }

    /** getResult() had no type before 2.0. */
    public function testFlowsOfAllGenerations(): void
    {
        $former = new class(new DefaultPacketFactory()) extends \BinSoul\Net\Mqtt\Flow\AbstractFlow {
            public function getCode(): string
            {
                return 'former';
            }

            public function start(): ?Packet
            {
                return null;
            }

            public function getResult()
            {
                return 1;
            }

            protected function succeed($result = null): void
            {
            }
        };
        $recent = new class(new DefaultPacketFactory()) extends \BinSoul\Net\Mqtt\Flow\AbstractFlow {
            public function getCode(): string
            {
                return 'recent';
            }

            public function start(): ?Packet
            {
                return null;
            }

            public function getResult(): mixed
            {
                return 1;
            }

            protected function succeed(mixed $result = null): void
            {
            }
        };
        $this->assertSame([1, 1], [$former->getResult(), $recent->getResult()]);
    }

    /** Interfaces say their types, so that a mock without instructions answers with something of the type. */
    public function testMocksOfTheInterfaces(): void
    {
        $connection = $this->createMock(Connection::class);
        $connection->method('getProtocol')->willReturn(4);
        $flow = new OutgoingConnectFlow(new DefaultPacketFactory(), $connection, new DefaultIdentifierGenerator());
        $this->assertInstanceOf(Connection::class, $connection->withClientID('x'));
        $this->assertSame('connect', $flow->getCode());
    }
}
