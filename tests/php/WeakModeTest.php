<?php
// No strict_types here: scalars are converted as for any function of PHP.

use Mqtt\Message;
use Mqtt\Packet\Publish;
use PHPUnit\Framework\TestCase;

final class WeakModeTest extends TestCase
{
    public function testScalarsAreConverted()
    {
        $text = new class {
            public function __toString(): string
            {
                return 'from/object';
            }
        };
        $message = new Message($text, 12.5, '1', 1);
        self::assertSame(['from/object', '12.5', 1, true], [$message->topic, $message->payload, $message->qos, $message->retain]);
        $publish = new Publish(7, true, qos: 1.0, packetId: '9');
        self::assertSame(['7', '1', 1, 9], [$publish->topic, $publish->payload, $publish->qos, $publish->packetId]);
    }

    public function testSoAreThoseOfOptionsPropertiesAndLists()
    {
        $options = new Mqtt\ClientOptions(version: '5', reconnect: 1);
        self::assertSame([5, true], [$options->version, $options->reconnect]);
        self::assertSame([1, '5'], [(new Mqtt\Properties(messageExpiryInterval: '1'))->messageExpiryInterval, (new Mqtt\Properties(contentType: 5))->contentType]);
        self::assertSame(Mqtt\ReasonCode::Success, (new Mqtt\Packet\SubAck(1, ['0']))->reasonCodes[0]);
        new Mqtt\Client(options: ['reconnect' => 1, 'keepAlive' => '5']);
    }

    public function testWhatCannotBeConvertedIsATypeError()
    {
        $this->expectException(TypeError::class);
        $this->expectExceptionMessage('Argument #3 ($qos) must be of type int, string given');
        new Message('t', '', 'one');
    }

    public function testAReferenceIsFollowed()
    {
        $topic = 'a';
        $reference = &$topic;
        self::assertSame('a', (new Message($reference))->topic);
    }
}
