<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultSubscription;
use BinSoul\Net\Mqtt\TopicMatcher;
use BinSoul\Net\Mqtt\Validator;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

/** Messages, subscriptions, connections, identifiers, and what is checked. */
final class ValuesTest extends TestCase
{
    public function testAMessage(): void
    {
        $message = new DefaultMessage('a');
        $this->assertSame(['a', '', 0, false, false], $this->fields($message));
        $changed = $message->withTopic('b')->withPayload('p')->withQosLevel(1)->retain()->duplicate();
        $this->assertSame(['b', 'p', 1, true, true], $this->fields($changed));
        $this->assertSame(['b', 'p', 1, false, false], $this->fields($changed->release()->original()));
        $this->assertSame(['a', '', 0, false, false], $this->fields($message));
        $this->assertSame(['a', 'p', 2, true, true], $this->fields(new DefaultMessage('a', 'p', 2, true, true)));
    }

    /** The fourth parameter was $retain until 1.1, and is $isRetained since 2.0. */
    public function testBothNamesOfTheRetainParameter(): void
    {
        $this->assertTrue((new DefaultMessage('a', retain: true))->isRetained());
        $this->assertTrue((new DefaultMessage('a', isRetained: true))->isRetained());
        $this->expectException(\Error::class);
        $this->expectExceptionMessage('Unknown named parameter $retained');
        new DefaultMessage('a', retained: true);
    }

    /** @dataProvider refused */
    public function testWhatIsRefused(callable $make, string $message): void
    {
        $this->expectExceptionObject(new \InvalidArgumentException($message));
        $make();
    }

    public static function refused(): array
    {
        $qos = 'Expected a quality of service level between 0 and 2 but got 3.';
        return [
            [fn () => new DefaultMessage(''), 'The string is empty.'],
            [fn () => new DefaultMessage('a/+'), 'The topic contains wildcards.'],
            [fn () => (new DefaultMessage('a'))->withTopic('#'), 'The topic contains wildcards.'],
            [fn () => new DefaultMessage('a', '', 3), $qos],
            [fn () => (new DefaultMessage('a'))->withQosLevel(3), $qos],
            [fn () => new DefaultSubscription(''), 'The string is empty.'],
            [fn () => new DefaultSubscription("\xFF"), "The string \"\xFF\" is not well-formed UTF-8."],
            [fn () => (new DefaultSubscription('a'))->withFilter(''), 'The string is empty.'],
            [fn () => new DefaultSubscription('a', 3), $qos],
            [fn () => (new DefaultSubscription('a'))->withQosLevel(3), $qos],
            [fn () => (new DefaultConnection())->withProtocol(5), 'Expected protocol level 3 or 4 but got 5.'],
            [fn () => (new DefaultConnection())->withKeepAlive(65536), 'Expected keep alive between 0 and 65535 but got 65536.'],
            [fn () => (new DefaultConnection())->withKeepAlive(-1), 'Expected keep alive between 0 and 65535 but got -1.'],
        ];
    }

    public function testASubscription(): void
    {
        $subscription = new DefaultSubscription('a/#');
        $changed = $subscription->withFilter('b')->withQosLevel(2);
        $this->assertSame(['a/#', 0, 'b', 2], [$subscription->getFilter(), $subscription->getQosLevel(), $changed->getFilter(), $changed->getQosLevel()]);
    }

    public function testAConnection(): void
    {
        $fields = fn (DefaultConnection $c): array => [
            $c->getProtocol(), $c->getClientID(), $c->isCleanSession(), $c->getUsername(), $c->getPassword(), $c->getWill(), $c->getKeepAlive(),
        ];
        $connection = new DefaultConnection();
        $this->assertSame([4, '', true, '', '', null, 60], $fields($connection));
        $will = new DefaultMessage('w');
        $changed = $connection->withProtocol(3)->withClientID('i')->withCleanSession(false)->withCredentials('u', 'p')->withWill($will)->withKeepAlive(9);
        $this->assertSame([3, 'i', false, 'u', 'p', $will, 9], $fields($changed));
        $this->assertNull($changed->withWill()->getWill());
        $this->assertSame([4, '', true, '', '', null, 60], $fields($connection));
        $this->assertSame([3, 'i', false, 'u', 'p', $will, 9], $fields(new DefaultConnection('u', 'p', $will, 'i', 9, 3, false)));
    }

    /** A copy is of the class of the object, with all it has besides. */
    public function testCopiesKeepTheirClass(): void
    {
        $connection = new class() extends DefaultConnection {
            public string $host = 'there';
        };
        $copy = $connection->withClientID('i')->withKeepAlive(5);
        $this->assertInstanceOf(get_class($connection), $copy);
        $this->assertSame(['there', 'i', 5], [$copy->host, $copy->getClientID(), $copy->getKeepAlive()]);
    }

    public function testPacketIdentifiers(): void
    {
        $one = new DefaultIdentifierGenerator();
        $this->assertSame([1, 2], [$one->generatePacketIdentifier(), $one->generatePacketIdentifier()]);
        for ($i = 3; $i <= 65535; $i++) {
            $last = $one->generatePacketIdentifier();
        }
        $this->assertSame([65535, 1], [$last, $one->generatePacketIdentifier()], '0 is none');
        $this->assertSame([1, 2], [DefaultIdentifierGenerator::buildPacketIdentifier(), DefaultIdentifierGenerator::buildPacketIdentifier()]);
    }

    /** In 1.1 and 2.0 all generators have one counter, which a new one sets back: two clients then use a number twice. */
    public function testGeneratorsDoNotDisturbEachOther(): void
    {
        $one = new DefaultIdentifierGenerator();
        $one->generatePacketIdentifier();
        $two = new DefaultIdentifierGenerator();
        $this->assertSame([1, 2, 2], [$two->generatePacketIdentifier(), $one->generatePacketIdentifier(), $two->generatePacketIdentifier()]);
    }

    public function testClientIdentifiers(): void
    {
        $generator = new DefaultIdentifierGenerator();
        foreach ([$generator->generateClientIdentifier(), DefaultIdentifierGenerator::buildClientIdentifier()] as $identifier) {
            $this->assertMatchesRegularExpression('/^binsoul[0-9a-f]{16}$/', $identifier);
        }
        $this->assertNotSame($generator->generateClientIdentifier(), $generator->generateClientIdentifier());
    }

    /** @dataProvider topics */
    public function testMatching(string $filter, string $topic, bool $matches): void
    {
        $this->assertSame($matches, (new TopicMatcher())->matches($filter, $topic));
    }

    public static function topics(): array
    {
        return [
            ['a', 'a', true], ['a', 'A', false], ['a', 'b', false], ['a/b', 'a/b/', false], ['#', 'a/b', true], ['+', 'a', true], ['+', 'a/b', false],
            ['a/+/c', 'a/b/c', true], ['a/+/c', 'a//c', true], ['a/+', 'a/b/c', false], ['/+', '/a', true], ['+/+', '/a', true], ['a/#', 'a/b/c', true],
            ['a/#', 'ab', false], ['$SYS/#', '$SYS/a', true], ['#', '$SYS/a', false],
            // The original has it otherwise.
            ['a/#', 'a', true], ['+/a', '$SYS/a', false], ['a.b', 'axb', false], ['#', 'a/$b', true], ['a(b', 'a(b', true], ['a', "a\n", false],
            ['a/#/b', 'a/x/b', false], ['', '', false],
        ];
    }

    /** The class of the exception is the one that was asked for; the original forgets it on the way. */
    public function testTheValidatorThrowsWhatItIsTold(): void
    {
        $long = str_repeat('x', 65536);
        $cases = [
            ['assertValidStringLength', $long], ['assertValidString', $long], ['assertValidString', "\xFF"], ['assertValidString', "\0"],
            ['assertValidNonEmptyString', ''], ['assertValidNonEmptyString', "\xFF"], ['assertValidTopic', ''], ['assertValidTopic', '+'],
            ['assertValidTopic', "\0"], ['assertValidTopic', $long], ['assertValidQosLevel', 3], ['assertValidQosLevel', -1], ['assertValidIdentifier', 0],
            ['assertValidIdentifier', 65536],
        ];
        foreach ($cases as [$method, $value]) {
            foreach ([[\InvalidArgumentException::class], [\DomainException::class, \DomainException::class]] as $expected) {
                $class = array_shift($expected);
                try {
                    Validator::$method($value, ...$expected);
                    $this->fail("$method " . substr((string) $value, 0, 10));
                } catch (\LogicException $e) {
                    $this->assertSame($class, get_class($e));
                }
            }
        }
        Validator::assertValidTopic('a/b');
        Validator::assertValidString('');
        Validator::assertValidStringLength(str_repeat('x', 65535));
        Validator::assertValidQosLevel(2);
        Validator::assertValidIdentifier(65535);
        $this->expectExceptionMessage('Expected an identifier between 1 and 65535 but got 0.');
        Validator::assertValidIdentifier(0);
    }

    private function fields(\BinSoul\Net\Mqtt\Message $message): array
    {
        return [$message->getTopic(), $message->getPayload(), $message->getQosLevel(), $message->isRetained(), $message->isDuplicate()];
    }
}
