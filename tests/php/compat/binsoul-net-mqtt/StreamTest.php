<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\Exception\EndOfStreamException;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\Exception\UnknownPacketTypeException;
use BinSoul\Net\Mqtt\Packet\PingRequestPacket;
use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';

/** PacketStream and StreamParser. */
final class StreamTest extends TestCase
{
    public function testReadingMovesThePosition(): void
    {
        $stream = new PacketStream("\x01\x12\x34\0\3abcrest");
        $this->assertSame([1, 0x1234, 'abc'], [$stream->readByte(), $stream->readWord(), $stream->readString()]);
        $this->assertSame([8, 4, 12], [$stream->getPosition(), $stream->getRemainingBytes(), $stream->length()]);
        $this->assertSame(['', '', 'rest'], [$stream->read(0), $stream->read(-1), $stream->read(4)]);
    }

    public function testWritingAppends(): void
    {
        $stream = new PacketStream('abc');
        $stream->read(1);
        $stream->write('Z');
        $stream->writeByte(300);
        $stream->writeByte(-1);
        $stream->writeWord(0x12345);
        $stream->writeString("h\u{E9}");
        $this->assertSame("abcZ\x2C\xFF\x23\x45\0\3h\u{E9}", $stream->getData());
        $this->assertSame([1, $stream->getData()], [$stream->getPosition(), (string) $stream]);
        $this->expectExceptionObject(new \InvalidArgumentException('The string length must be less than or equal to 65535 bytes'));
        $stream->writeString(str_repeat('x', 65536));
    }

    public function testTheEndOfTheStream(): void
    {
        $stream = new PacketStream("\0\5ab");
        foreach (['readString' => [5, 2], 'readWord' => [null, 4], 'readByte' => [1, 4]] as $method => [$count, $position]) {
            try {
                $stream->$method();
                $this->assertNull($count);
            } catch (EndOfStreamException $e) {
                $this->assertSame("End of stream reached when trying to read $count bytes. content length=4, position=$position", $e->getMessage());
            }
            $this->assertSame($position, $stream->getPosition());
        }
    }

    public function testThePositionIsNeverBeforeTheBeginning(): void
    {
        $stream = new PacketStream('abcdef');
        $positions = [];
        foreach ([2, -1, -5, 100, -3] as $offset) {
            $stream->seek($offset);
            array_push($positions, $stream->getPosition(), $stream->getRemainingBytes());
        }
        $this->assertSame([2, 4, 1, 5, 0, 6, 100, 0, 97, 0], $positions);
        $stream->setPosition(-2);
        $this->assertSame('a', $stream->read(1));
        $stream->cut();
        $this->assertSame(['bcdef', 0], [$stream->getData(), $stream->getPosition()]);
        $stream->setPosition(9);
        $stream->cut();
        $this->assertSame(['', 0], [$stream->getData(), $stream->getPosition()]);
    }

    public function testPacketsInAnyChunks(): void
    {
        $bytes = "\xC0\0\x30\5\0\1ahi\xD0\0";
        foreach ([1, 2, 3, 5, 100] as $size) {
            $parser = new StreamParser();
            $types = [];
            foreach (str_split($bytes, $size) as $chunk) {
                foreach ($parser->push($chunk) as $packet) {
                    $types[] = $packet->getPacketType();
                }
            }
            $this->assertSame([12, 3, 13], $types);
        }
    }

    public function testTheListHasKeysFromZero(): void
    {
        $parser = new StreamParser();
        $this->assertSame([0, 1], array_keys($parser->push("\xC0\0\xD0\0")));
        $this->assertSame([], $parser->push(''));
        $this->assertSame([0], array_keys($parser->push("\0\xD0\0")));
    }

    /** @dataProvider refusals */
    public function testRefusals(string $hex, array $errors, array $types): void
    {
        foreach ([[hex2bin($hex)], str_split(hex2bin($hex))] as $chunks) {
            foreach ([new PacketStream(), new PlainStream()] as $stream) {
                $parser = new StreamParser(null, $stream);
                $heard = $got = [];
                $parser->onError(function (\Throwable $e) use (&$heard): void {
                    $heard[] = [substr(strrchr(get_class($e), '\\'), 1, 7), $e->getMessage()];
                });
                foreach ($chunks as $chunk) {
                    foreach ($parser->push($chunk) as $packet) {
                        $got[] = $packet->getPacketType();
                    }
                }
                $this->assertSame([$errors, $types], [$heard, $got]);
            }
        }
    }

    public static function refusals(): array
    {
        $unknown = fn (int $type): array => ['Unknown', "Unknown packet type $type."];
        $length = ['Malform', 'Expected remaining packet length of 0 bytes but got 1.'];
        return [
            'one byte is left out for an unknown type' => ['00f0c000', [$unknown(0), $unknown(15)], [12]],
            // The original reads on in the body: "d0" and what comes behind it was a packet to it.
            'a malformed packet is left out whole' => ['c001d0d000', [$length], [13]],
            'its body may be long' => ['c00500000000' . '00d000', [['Malform', 'Expected remaining packet length of 0 bytes but got 5.']], [13]],
            'flags' => ['c100d000', [['Malform', 'Expected flags 00 but got 01.']], [13]],
            'a length of five bytes' => ['c0ffffffff01', [['Malform', 'Malformed remaining length.']], []],
            'what can be known at once is said at once' => ['c001', [$length], []],
            // The original throws these out of push().
            'an empty topic' => ['30020000c000', [['Malform', 'The string is empty.']], [12]],
            'a topic that is not UTF-8' => ['30030001ffc000', [['Malform', "The string \"\xFF\" is not well-formed UTF-8."]], [12]],
            'no identifier' => ['32050001610000c000', [['Malform', 'Expected an identifier between 1 and 65535 but got 0.']], [12]],
        ];
    }

    /** The original waits for ever, or takes the next packets for the rest of the topic. */
    public function testAFieldThatIsLongerThanItsPacket(): void
    {
        $parser = new StreamParser();
        $heard = [];
        $parser->onError(function (\Throwable $e) use (&$heard): void {
            $heard[] = $e;
        });
        $this->assertSame([], $parser->push("\x30\x02\0\5"));
        $this->assertInstanceOf(MalformedPacketException::class, $heard[0]);
        $this->assertInstanceOf(EndOfStreamException::class, $heard[0]->getPrevious());
        $this->assertCount(1, $parser->push("\xC0\0"));
    }

    /** Bytes that are left out are not kept. */
    public function testARefusedPacketTakesNoMemory(): void
    {
        $parser = new StreamParser();
        $parser->push("\xC0\xFF\xFF\xFF\x7F");
        $before = memory_get_usage();
        for ($i = 0; $i < 1000; $i++) {
            $parser->push(str_repeat('x', 10_000));
        }
        $this->assertLessThan(100_000, memory_get_usage() - $before);
    }

    public function testWithoutAnErrorCallbackErrorsAreSilent(): void
    {
        $this->assertCount(1, (new StreamParser())->push("\0\xC1\0\xC0\0"));
    }

    public function testWhatTheCallbackThrowsEndsPush(): void
    {
        $parser = new StreamParser();
        $parser->onError(function (): void {
            throw new \DomainException('from the callback');
        });
        try {
            $parser->push("\0\xC0\0");
            $this->fail('no exception');
        } catch (\DomainException) {
        }
        $this->assertInstanceOf(PingRequestPacket::class, $parser->push('')[0]);
    }

    /** A stream that a test made up is the one that is asked, in the order in which it always was. */
    public function testAMockedStreamIsAsked(): void
    {
        $stream = $this->createMock(PacketStream::class);
        $stream->expects($this->once())->method('write')->with('data');
        $stream->expects($this->exactly(2))->method('getRemainingBytes')->willReturnOnConsecutiveCalls(1, 0);
        $stream->expects($this->once())->method('readByte')->willReturn(0xF0);
        $parser = new StreamParser(null, $stream);
        $heard = [];
        $parser->onError(function (\Throwable $e) use (&$heard): void {
            $heard[] = get_class($e);
        });
        $this->assertSame([], $parser->push('data'));
        $this->assertSame([UnknownPacketTypeException::class], $heard);
    }

    public function testAMockedStreamThatEnds(): void
    {
        $stream = $this->createMock(PacketStream::class);
        $stream->method('getRemainingBytes')->willReturn(1);
        $stream->method('readByte')->willThrowException(new EndOfStreamException('end'));
        $this->assertSame([], (new StreamParser(null, $stream))->push(''));
    }

    public function testTheParserGoesOnAfterThousandsOfErrors(): void
    {
        $parser = new StreamParser();
        $errors = 0;
        $parser->onError(function () use (&$errors): void {
            $errors++;
        });
        $packets = $parser->push(str_repeat("\0\xC1\0\xD0\0", 5000));
        $this->assertSame(10_000, $errors);
        $this->assertCount(5000, $packets);
        $this->assertContainsOnlyInstancesOf(PingResponsePacket::class, $packets);
    }
}
