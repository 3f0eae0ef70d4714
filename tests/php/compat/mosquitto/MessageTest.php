<?php
declare(strict_types=1);

namespace MosquittoTests;

use Mosquitto\Message;
use ReflectionMethod;
use stdClass;

require_once __DIR__ . '/MosquittoCase.php';

final class MessageTest extends MosquittoCase
{
    private const DEFAULTS = ['mid' => 0, 'topic' => null, 'payload' => '', 'qos' => 0, 'retain' => false];

    public function testDefaultsAndOrder(): void
    {
        $message = new Message();
        self::assertSame(self::DEFAULTS, get_object_vars($message));
        $seen = [];
        foreach ($message as $name => $value) {
            $seen[$name] = $value;
        }
        self::assertSame(self::DEFAULTS, $seen);
        self::assertSame('{"mid":0,"topic":null,"payload":"","qos":0,"retain":false}', json_encode($message));
        self::assertSame('O:17:"Mosquitto\Message":5:{s:3:"mid";i:0;s:5:"topic";N;s:7:"payload";s:0:"";s:3:"qos";i:0;s:6:"retain";b:0;}', serialize($message));
        ob_start();
        var_dump($message);
        self::assertMatchesRegularExpression('/mid.*topic.*payload.*qos.*retain/s', (string) ob_get_clean());
        $error = self::assertThrows('Mosquitto\Message::__construct() expects exactly 0 arguments, 1 given', fn () => new Message(1), 0, \ArgumentCountError::class);
        self::assertNotNull($error);
    }

    /** @return iterable<array{string, mixed, mixed}> */
    public static function casts(): iterable
    {
        foreach (['mid', 'qos'] as $name) {
            yield [$name, '7x', 7];
            yield [$name, 2.9, 2];
            yield [$name, null, 0];
            yield [$name, true, 1];
            yield [$name, 'abc', 0];
            yield [$name, [], 0];
            yield [$name, [1], 1];
            yield [$name, -1, -1];
            // The original keeps 32 bits.
            yield [$name, PHP_INT_MAX, PHP_INT_MAX];
        }
        foreach (['topic', 'payload'] as $name) {
            yield [$name, 2.5, '2.5'];
            yield [$name, null, ''];
            yield [$name, true, '1'];
            yield [$name, false, ''];
            yield [$name, 12, '12'];
            yield [$name, "a\0b\xFF", "a\0b\xFF"];
            yield [$name, new class { public function __toString(): string { return 'text'; } }, 'text'];
        }
        foreach ([['0', false], ['', false], ['a', true], [0, false], [1, true], [[], false], [null, false]] as [$value, $expected]) {
            yield ['retain', $value, $expected];
        }
    }

    /** @dataProvider casts */
    public function testWhatIsWrittenIsCast(string $name, mixed $value, mixed $expected): void
    {
        $message = new Message();
        // The engine remembers at each place in the code where a property lies, once it was told: the second turn was not cast.
        for ($turn = 0; $turn < 3; $turn++) {
            $message->$name = $value;
            self::assertSame($expected, $message->$name);
        }
        self::assertSame(array_keys(self::DEFAULTS), array_keys(get_object_vars($message)));
    }

    public function testThePlainPlacesInCodeAreCastEachTime(): void
    {
        $message = new Message();
        foreach (['1', '2', '3'] as $value) {
            $message->mid = $value;
            $message->payload = (int) $value;
            $message->retain = $value;
            self::assertSame([(int) $value, $value, true], [$message->mid, $message->payload, $message->retain]);
        }
        $sub = new class extends Message {
            public function set(mixed $value): mixed
            {
                $before = isset($this->qos) ? $this->qos : null;
                $this->qos = $value;
                return [$before, $this->qos];
            }
        };
        self::assertSame([0, 1], $sub->set('1'));
        self::assertSame([1, 2], $sub->set('2'));
        self::assertSame([2, 3], $sub->set('3'));
    }

    public function testAnObjectWithoutTextIsNoText(): void
    {
        $message = new Message();
        $message->payload = 'before';
        self::assertThrows('Object of class stdClass could not be converted to string', fn () => $message->payload = new stdClass(), 0, \Error::class);
        self::assertSame('before', $message->payload);
    }

    /** In the original isset() says no to every property, and += and .= lose what is written. */
    public function testIssetAndOperatorsAreTrue(): void
    {
        $message = new Message();
        self::assertTrue(isset($message->mid, $message->payload, $message->retain));
        self::assertFalse(isset($message->topic));
        self::assertTrue(empty($message->payload));
        $message->mid = 5;
        $message->mid++;
        $message->mid += 4;
        $message->payload = 'a';
        $message->payload .= 'b';
        $message->topic ??= 'from nothing';
        self::assertSame([10, 'ab', 'from nothing'], [$message->mid, $message->payload, $message->topic]);
        $message->qos = 1;
        $reference = &$message->qos;
        $reference = 'not cast';
        self::assertSame(1, $message->qos);
    }

    public function testUnsetDoesNothingAndMorePropertiesAreAllowed(): void
    {
        $message = new Message();
        $message->mid = 5;
        unset($message->mid);
        self::assertSame(5, $message->mid);
        @$message->extra = 'more';
        self::assertSame('more', $message->extra);
        unset($message->extra);
        self::assertFalse(isset($message->extra));
    }

    public function testACloneIsItsOwn(): void
    {
        $message = new Message();
        $message->payload = 'first';
        $clone = clone $message;
        $clone->payload = 2;
        self::assertSame(['first', '2'], [$message->payload, $clone->payload]);
        self::assertEquals(new Message(), new Message());
        self::assertEquals($message, unserialize(serialize($message)));
    }

    /** @return iterable<array{string, string, bool}> topic, filter, whether they match */
    public static function pairs(): iterable
    {
        yield from [
            ['a', 'a/#', true], ['a/', 'a/+', true], ['/a', '+/+', true], ['/a', '/+', true], ['/a', '+', false],
            ['$SYS/x', '#', false], ['$SYS/x', '+/x', false], ['$SYS/x', '$SYS/#', true], ['a+', 'a+', false], ['#', '#', false],
            ['', '', false], ['a', '', false], ['', '#', false], ['a', 'a/#/b', false], ['a/b', 'a/+b', false], ['a/b/c', 'a/+/#', true],
            ['a/b', '#', true], ['/', '#', true], ['/', '/', true], ['/', '+/+', true], ['a//b', 'a/+/b', true], ['a', 'A', false],
            ['a/b', 'a/b/#', true], ['a', 'a#', false], ['ab', 'a#', false], ['$share/g/a', '$share/g/a', true], ['a', '$share/g/a', false],
            ['a', 'a/b', false], ['a/b', 'a', false], ['a/', 'a', false], ['a', 'a/', false], ['a', 'a/+', false], ['a/b/c', 'a/+', false], ['$a', '+', false],
            ['$a/b', '$a/+', true], ['a/b+', 'a/#', false], ['é/ü', 'é/+', true], ['a/b/c/d', '+/b/+/d', true], ['//', '+/+/+', true], ['a/b', '+', false],
            // The original stops at a NUL and does not look at UTF-8.
            ["a\0b", 'a', false], ["\xFF", '#', false],
        ];
    }

    /** @dataProvider pairs */
    public function testTopicMatchesSub(string $topic, string $filter, bool $expected): void
    {
        self::assertSame($expected, Message::topicMatchesSub($topic, $filter));
        self::assertSame($expected, Message::topicMatchesSub(subscription: $filter, topic: $topic));
    }

    public function testTokeniseTopic(): void
    {
        self::assertSame(['a', null, 'b'], Message::tokeniseTopic('a//b'));
        self::assertSame([null, 'foo', 'bar'], Message::tokeniseTopic('/foo/bar'));
        self::assertSame(['a', null], Message::tokeniseTopic('a/'));
        self::assertSame([null], Message::tokeniseTopic(''));
        self::assertSame([null, null], Message::tokeniseTopic('/'));
        self::assertSame(['+', '#'], Message::tokeniseTopic('+/#'));
        self::assertSame(["\xFF", 'a'], Message::tokeniseTopic("\xFF/a"));
        self::assertSame(["a\0b"], Message::tokeniseTopic("a\0b"));
        self::assertTrue((new ReflectionMethod(Message::class, 'tokeniseTopic'))->isStatic());
    }
}
