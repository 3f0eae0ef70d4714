<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\ClientIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultFlowFactory;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\DefaultSubscription;
use BinSoul\Net\Mqtt\Flow;
use BinSoul\Net\Mqtt\Flow\AbstractFlow;
use BinSoul\Net\Mqtt\FlowFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketIdentifierGenerator;
use BinSoul\Net\Mqtt\PacketStream;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';

/** The exchanges: what each starts with, accepts, answers, and comes to. */
final class FlowTest extends TestCase
{
    private FlowFactory $flows;

    protected function setUp(): void
    {
        $generator = new class() implements ClientIdentifierGenerator, PacketIdentifierGenerator {
            public function generateClientIdentifier(): string
            {
                return 'made-up';
            }

            public function generatePacketIdentifier(): int
            {
                return 7;
            }
        };
        $this->flows = new DefaultFlowFactory($generator, $generator, new DefaultPacketFactory());
    }

    public function testOutgoingConnect(): void
    {
        $connection = new DefaultConnection('u', 'p', new DefaultMessage('w', 'm', 1, true), 'id', 5, 3, false);
        $flow = $this->flows->buildOutgoingConnectFlow($connection);
        $this->assertState($flow, 'connect');
        $this->assertSame("\x10\x1C\0\6MQIsdp\3\xEC\0\5\0\2id\0\1w\0\1m\0\1u\0\1p", (string) $flow->start());
        $this->assertState($flow, 'connect');
        $this->assertFalse($flow->accept($this->packet("\xD0\0")));
        $this->assertNull($this->answer($flow, "\x20\2\0\0"));
        $this->assertState($flow, 'connect', true, $connection);
    }

    public function testOutgoingConnectMakesUpAClientIdentifier(): void
    {
        $flow = $this->flows->buildOutgoingConnectFlow(new DefaultConnection());
        $this->assertSame("\x10\x13\0\4MQTT\4\2\0\x3C\0\7made-up", (string) $flow->start());
        $this->answer($flow, "\x20\2\1\0");
        $this->assertSame('made-up', $flow->getResult()->getClientID());
    }

    public function testOutgoingConnectRefused(): void
    {
        $flow = $this->flows->buildOutgoingConnectFlow(new DefaultConnection());
        $flow->start();
        $this->assertNull($this->answer($flow, "\x20\2\0\5"));
        $this->assertState($flow, 'connect', false, null, 'Not authorized');
    }

    public function testOutgoingDisconnect(): void
    {
        $connection = new DefaultConnection();
        $flow = $this->flows->buildOutgoingDisconnectFlow($connection);
        $this->assertState($flow, 'disconnect');
        $this->assertSame("\xE0\0", (string) $flow->start());
        $this->assertState($flow, 'disconnect', true, $connection);
        $this->assertFalse($flow->accept($this->packet("\xD0\0")));
        $this->assertNull($flow->next($this->packet("\xD0\0")));
    }

    public function testOutgoingPing(): void
    {
        $flow = $this->flows->buildOutgoingPingFlow();
        $this->assertSame("\xC0\0", (string) $flow->start());
        $this->assertState($flow, 'ping');
        $this->assertFalse($flow->accept($this->packet("\x40\2\0\1")));
        $this->assertNull($this->answer($flow, "\xD0\0"));
        $this->assertState($flow, 'ping', true);
    }

    public function testOutgoingPublishAtQos0(): void
    {
        $message = new DefaultMessage('t', 'p', 0, true);
        $flow = $this->flows->buildOutgoingPublishFlow($message);
        $this->assertState($flow, 'publish');
        $this->assertSame("\x31\4\0\1tp", (string) $flow->start());
        $this->assertState($flow, 'publish', true, $message);
        $this->assertFalse($flow->accept($this->packet("\x40\2\0\7")));
    }

    public function testOutgoingPublishAtQos1(): void
    {
        $message = new DefaultMessage('t', 'p', 1, false, true);
        $flow = $this->flows->buildOutgoingPublishFlow($message);
        $this->assertSame("\x3A\6\0\1t\0\7p", (string) $flow->start());
        $this->assertState($flow, 'publish');
        foreach (["\x40\2\0\x08", "\x50\2\0\7", "\x70\2\0\7", "\x62\2\0\7", "\xB0\2\0\7"] as $bytes) {
            $this->assertFalse($flow->accept($this->packet($bytes)));
        }
        $this->assertNull($this->answer($flow, "\x40\2\0\7"));
        $this->assertState($flow, 'publish', true, $message);
    }

    public function testOutgoingPublishAtQos2(): void
    {
        $message = new DefaultMessage('t', 'p', 2);
        $flow = $this->flows->buildOutgoingPublishFlow($message);
        $this->assertSame("\x34\6\0\1t\0\7p", (string) $flow->start());
        foreach (["\x50\2\0\x08", "\x40\2\0\7", "\x70\2\0\7"] as $bytes) {
            $this->assertFalse($flow->accept($this->packet($bytes)), 'PUBCOMP comes only after PUBREC');
        }
        $this->assertSame("\x62\2\0\7", (string) $this->answer($flow, "\x50\2\0\7"));
        $this->assertState($flow, 'publish');
        // A server that did not get the PUBREL says it again.
        $this->assertSame("\x62\2\0\7", (string) $this->answer($flow, "\x50\2\0\7"));
        $this->assertNull($this->answer($flow, "\x70\2\0\7"));
        $this->assertState($flow, 'publish', true, $message);
    }

    public function testOutgoingSubscribe(): void
    {
        $subscriptions = [new DefaultSubscription('a', 1), new DefaultSubscription('b', 2)];
        $flow = $this->flows->buildOutgoingSubscribeFlow(['x' => $subscriptions[0], 'y' => $subscriptions[1]]);
        $this->assertSame("\x82\x0A\0\7\0\1a\1\0\1b\2", (string) $flow->start());
        $this->assertState($flow, 'subscribe');
        foreach (["\x90\4\0\x08\1\2", "\xB0\2\0\7"] as $bytes) {
            $this->assertFalse($flow->accept($this->packet($bytes)));
        }
        $this->assertNull($this->answer($flow, "\x90\4\0\7\0\1"));
        $this->assertState($flow, 'subscribe', true, $subscriptions);
    }

    public function testOutgoingSubscribeRefused(): void
    {
        $flow = $this->flows->buildOutgoingSubscribeFlow([new DefaultSubscription('a', 1), new DefaultSubscription('b', 2)]);
        $flow->start();
        $this->answer($flow, "\x90\4\0\7\1\x80");
        $this->assertState($flow, 'subscribe', false, null, 'Failed to subscribe to "b".');
    }

    public function testOutgoingSubscribeWithTheWrongAnswer(): void
    {
        $flow = $this->flows->buildOutgoingSubscribeFlow([new DefaultSubscription('a', 1), new DefaultSubscription('b', 2)]);
        $flow->start();
        try {
            $this->answer($flow, "\x90\3\0\7\1");
            $this->fail('accepted');
        } catch (\LogicException $e) {
            $this->assertSame('SUBACK: Expected 2 return codes but got 1.', $e->getMessage());
        }
        $this->assertState($flow, 'subscribe');
        $this->expectExceptionObject(new \RuntimeException('SUBACK: Expected packet of class BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket but got BinSoul\Net\Mqtt\Packet\PingResponsePacket.'));
        $flow->next($this->packet("\xD0\0"));
    }

    public function testOutgoingUnsubscribe(): void
    {
        $subscriptions = [new DefaultSubscription('a', 1), new DefaultSubscription('b', 2)];
        $flow = $this->flows->buildOutgoingUnsubscribeFlow($subscriptions);
        $this->assertSame("\xA2\x08\0\7\0\1a\0\1b", (string) $flow->start());
        $this->assertFalse($flow->accept($this->packet("\xB0\2\0\x08")));
        $this->assertNull($this->answer($flow, "\xB0\2\0\7"));
        $this->assertState($flow, 'unsubscribe', true, $subscriptions);
    }

    public function testIncomingConnect(): void
    {
        $connection = new DefaultConnection();
        $flow = $this->flows->buildIncomingConnectFlow($connection, 5, true);
        $this->assertState($flow, 'connect');
        $this->assertSame("\x20\2\1\5", (string) $flow->start());
        $this->assertState($flow, 'connect', true, $connection);
    }

    public function testIncomingDisconnect(): void
    {
        $connection = new DefaultConnection();
        $flow = $this->flows->buildIncomingDisconnectFlow($connection);
        $this->assertNull($flow->start());
        $this->assertState($flow, 'disconnect', true, $connection);
    }

    public function testIncomingPing(): void
    {
        $flow = $this->flows->buildIncomingPingFlow();
        $this->assertState($flow, 'pong');
        $this->assertSame("\xD0\0", (string) $flow->start());
        $this->assertState($flow, 'pong', true);
    }

    public function testIncomingPublish(): void
    {
        foreach ([0 => null, 1 => "\x40\2\0\x09"] as $level => $answer) {
            $message = new DefaultMessage('t', 'p', $level);
            $flow = $this->flows->buildIncomingPublishFlow($message, 9);
            $this->assertState($flow, 'message');
            $packet = $flow->start();
            $this->assertSame($answer, $packet === null ? null : (string) $packet);
            $this->assertState($flow, 'message', true, $message);
            $this->assertFalse($flow->accept($this->packet("\x62\2\0\x09")));
        }
    }

    public function testIncomingPublishAtQos2(): void
    {
        $message = new DefaultMessage('t', 'p', 2);
        $flow = $this->flows->buildIncomingPublishFlow($message, 9);
        $this->assertSame("\x50\2\0\x09", (string) $flow->start());
        $this->assertState($flow, 'message');
        $this->assertFalse($flow->accept($this->packet("\x62\2\0\x08")));
        $this->assertSame("\x70\2\0\x09", (string) $this->answer($flow, "\x62\2\0\x09"));
        $this->assertState($flow, 'message', true, $message);
    }

    public function testIncomingSubscribeAndUnsubscribe(): void
    {
        $subscriptions = [new DefaultSubscription('a', 1), new DefaultSubscription('b', 2)];
        $flow = $this->flows->buildIncomingSubscribeFlow($subscriptions, ['x' => 1, 'y' => 128], 5);
        $this->assertSame("\x90\4\0\5\1\x80", (string) $flow->start());
        $this->assertState($flow, 'subscribe', true, $subscriptions);
        $flow = $this->flows->buildIncomingUnsubscribeFlow(['x' => $subscriptions[0]], 5);
        $this->assertSame("\xB0\2\0\5", (string) $flow->start());
        $this->assertState($flow, 'unsubscribe', true, [$subscriptions[0]]);
    }

    public function testAFlowOfOnesOwn(): void
    {
        $flow = new class(new DefaultPacketFactory()) extends AbstractFlow {
            public function getCode(): string
            {
                return 'own';
            }

            public function start(): ?Packet
            {
                return $this->generatePacket(Packet::TYPE_PINGREQ);
            }

            public function end(bool $well, mixed ...$arguments): void
            {
                $well ? $this->succeed(...$arguments) : $this->fail(...$arguments);
            }
        };
        $this->assertSame("\xC0\0", (string) $flow->start());
        $this->assertFalse($flow->accept($this->packet("\xD0\0")));
        $this->assertNull($flow->next($this->packet("\xD0\0")));
        $this->assertState($flow, 'own');
        $flow->end(false);
        $this->assertState($flow, 'own', false);
        $flow->end(false, 'bad');
        $this->assertState($flow, 'own', false, null, 'bad');
        $flow->end(true, 5);
        $this->assertSame([true, 5], [$flow->isSuccess(), $flow->getResult()]);
    }

    private function packet(string $bytes): Packet
    {
        $packet = (new DefaultPacketFactory())->build(ord($bytes[0]) >> 4);
        $packet->read(new PacketStream($bytes));
        return $packet;
    }

    private function answer(Flow $flow, string $bytes): ?Packet
    {
        $packet = $this->packet($bytes);
        $this->assertTrue($flow->accept($packet));
        return $flow->next($packet);
    }

    /** @param bool|null $success null: it goes on */
    private function assertState(Flow $flow, string $code, ?bool $success = null, mixed $result = null, string $error = ''): void
    {
        $this->assertSame(
            [$code, $success !== null, $success ?? false, $result, $error],
            [$flow->getCode(), $flow->isFinished(), $flow->isSuccess(), $flow->getResult(), $flow->getErrorMessage()],
        );
    }
}
