<?php
declare(strict_types=1);

use Mqtt\Message;
use Mqtt\Properties;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Topic;
use Mqtt\Version;
use Mqtt\Will;
use PHPUnit\Framework\TestCase;

final class ValuesTest extends TestCase
{
    /** @param class-string<Throwable> $class */
    private static function thrown(string $class, callable $do, string ...$words): void
    {
        try {
            $do();
        } catch (Throwable $e) {
            self::assertSame($class, $e::class, $e->getMessage());
            foreach ($words as $word) {
                self::assertStringContainsString($word, $e->getMessage());
            }
            return;
        }
        self::fail("no $class was thrown");
    }

    public function testReasonCodes(): void
    {
        self::assertSame(0x87, ReasonCode::NotAuthorized->value);
        self::assertSame(ReasonCode::NotAuthorized, ReasonCode::from(0x87));
        self::assertNull(ReasonCode::tryFrom(0x7F));
        self::assertTrue(ReasonCode::UnspecifiedError->isError());
        self::assertFalse(ReasonCode::NoMatchingSubscribers->isError());
        self::assertSame('not authorized', ReasonCode::NotAuthorized->description());
        self::assertSame(ReasonCode::Success, ReasonCode::NormalDisconnection);
        self::assertSame(ReasonCode::Success, ReasonCode::GrantedQoS0);
        self::assertCount(43, ReasonCode::cases());
        self::assertSame([3, 4, 5], array_column(Version::cases(), 'value'));
    }

    public function testMessage(): void
    {
        $message = new Message('a/b', "\0\xFF", qos: 1, retain: true, properties: ['contentType' => 'text/plain', 'userProperties' => [['k', 'v'], ['k', 'w']]]);
        self::assertSame(['a/b', "\0\xFF", 1, true, false, [], null], [
            $message->topic, $message->payload, $message->qos, $message->retain, $message->dup, $message->subscriptionIdentifiers, $message->receivedAt,
        ]);
        self::assertSame('text/plain', $message->properties->contentType);
        self::assertSame([['k', 'v'], ['k', 'w']], $message->properties->userProperties);
        self::assertEquals($message, new Message('a/b', "\0\xFF", 1, true, false, new Properties(contentType: 'text/plain', userProperties: ['k' => ['v', 'w']])));
        self::assertNotEquals($message, new Message('a/b', "\0\xFE", 1, true));
        self::assertEquals(new Message('t'), new Message('t'));
        self::assertEquals($message, clone $message);
        self::assertEquals($message, unserialize(serialize($message)));
        self::assertFalse($message->ack(), 'there is nothing to acknowledge');
        self::thrown(LogicException::class, fn () => $message->reply('x'), 'response topic');
        self::thrown(Error::class, fn () => $message->topic = 'x', 'readonly');
        self::thrown(Error::class, fn () => $message->other = 'x', 'dynamic property');
        self::thrown(Error::class, fn () => $message->__construct('x'), 'readonly');
        self::assertSame('a/b', $message->topic);
        self::assertSame([1, 2], (new Message('t', subscriptionIdentifiers: [1, 2]))->subscriptionIdentifiers);
    }

    public function testBadMessages(): void
    {
        self::thrown(ValueError::class, fn () => new Message('a/+'), '#1 ($topic)', 'wildcard');
        self::thrown(ValueError::class, fn () => new Message(''), '#1 ($topic)', 'empty');
        self::thrown(ValueError::class, fn () => new Message("\xFF"), '#1 ($topic)', 'UTF-8');
        self::thrown(ValueError::class, fn () => new Message("a\0"), '#1 ($topic)', 'U+0000');
        self::thrown(ValueError::class, fn () => new Message('t', qos: 3), '#3 ($qos)', '0, 1 or 2');
        self::thrown(ValueError::class, fn () => new Message('t', qos: -1), '($qos)');
        self::thrown(ValueError::class, fn () => new Message('t', properties: ['content' => 'x']), '"content"');
        self::thrown(ValueError::class, fn () => new Message('t', properties: ['sessionExpiryInterval' => 1]), '($properties)', 'sessionExpiryInterval', 'PUBLISH');
        self::thrown(ValueError::class, fn () => new Message('t', properties: ['topicAlias' => 0]), 'topicAlias', 'between 1 and 65535');
        self::thrown(TypeError::class, fn () => new Message('t', properties: ['topicAlias' => []]), 'topicAlias', 'int, array given');
        self::thrown(TypeError::class, fn () => new Message('t', properties: 'x'), '($properties)', 'Mqtt\Properties|array|null, string given');
        self::thrown(TypeError::class, fn () => new Message(7), '#1 ($topic)', 'string, int given');
        self::thrown(TypeError::class, fn () => new Message('t', qos: '1'), '($qos)', 'int, string given');
        self::thrown(TypeError::class, fn () => new Message('t', []), '($payload)', 'array given');
        self::thrown(ArgumentCountError::class, fn () => new Message());
        self::thrown(Error::class, fn () => new Message('t', topik: 'x'), 'topik');
    }

    public function testPropertiesKeepTypesAndRanges(): void
    {
        $all = [
            'payloadFormatIndicator' => 1, 'messageExpiryInterval' => 4294967295, 'contentType' => 'a', 'responseTopic' => 'b', 'correlationData' => "\0",
            'subscriptionIdentifier' => [1, 268435455], 'sessionExpiryInterval' => 0, 'assignedClientIdentifier' => 'c', 'serverKeepAlive' => 65535,
            'authenticationMethod' => 'd', 'authenticationData' => "\xFF", 'requestProblemInformation' => false, 'willDelayInterval' => 3,
            'requestResponseInformation' => true, 'responseInformation' => 'e', 'serverReference' => 'f', 'reasonString' => 'g', 'receiveMaximum' => 1,
            'topicAliasMaximum' => 0, 'topicAlias' => 1, 'maximumQoS' => 1, 'retainAvailable' => true, 'userProperties' => [['a', 'b'], ['a', 'b'], ['', '']],
            'maximumPacketSize' => 1, 'wildcardSubscriptionAvailable' => false, 'subscriptionIdentifierAvailable' => true, 'sharedSubscriptionAvailable' => false,
        ];
        $properties = new Properties(...$all);
        self::assertSame($all, $properties->toArray());
        self::assertSame($all, get_object_vars($properties));
        self::assertSame([], (new Properties())->toArray());
        self::assertSame(['subscriptionIdentifier' => 7], (new Properties(subscriptionIdentifier: [7]))->toArray());
        self::assertEquals($properties, unserialize(serialize($properties)));
        foreach ([
            ['payloadFormatIndicator', 2], ['messageExpiryInterval', -1], ['messageExpiryInterval', 4294967296], ['receiveMaximum', 0], ['topicAlias', 65536],
            ['maximumQoS', 2], ['maximumPacketSize', 0], ['subscriptionIdentifier', 0], ['subscriptionIdentifier', 268435456], ['contentType', "\xC0"],
            ['contentType', str_repeat('x', 65536)], ['reasonString', "a\0b"], ['userProperties', [['a']]], ['userProperties', [['a', 'b', 'c']]],
        ] as [$name, $value]) {
            self::thrown(ValueError::class, fn () => new Properties(...[$name => $value]), $name);
        }
    }

    /** Some constructors converted scalars for callers that say strict_types, as this file does. */
    public function testStrictTypesCount(): void
    {
        foreach ([
            fn () => new Properties(messageExpiryInterval: '1'), fn () => new Properties(contentType: 5), fn () => new Properties(requestProblemInformation: 1),
            fn () => new Properties(subscriptionIdentifier: '3'), fn () => new Properties(subscriptionIdentifier: ['3']), fn () => new Properties(userProperties: [['a', 1]]),
            fn () => new Mqtt\ClientOptions(version: '5'), fn () => new Mqtt\ClientOptions(reconnect: 1), fn () => new Mqtt\Packet\SubAck(1, ['0']),
            fn () => new Mqtt\Packet\Unsubscribe(1, [5]), fn () => new Mqtt\Packet\Subscribe(1, ['a' => '1']), fn () => new Message('a', subscriptionIdentifiers: ['1']),
            fn () => (new Mqtt\Client())->subscribe([1.5]), fn () => (new Mqtt\Client())->unsubscribe([5]),
        ] as $at => $make) {
            try {
                $make();
                self::fail("number $at was converted");
            } catch (TypeError $e) {
                self::assertStringContainsString('must be of type', $e->getMessage());
            }
        }
        self::assertTrue((new Mqtt\ClientOptions(reconnect: true))->reconnect);
    }

    /** json_encode() made [] of Properties without any, and an object of all others. */
    public function testNoPropertiesAreAnObjectInJson(): void
    {
        self::assertSame('{}', json_encode(new Properties()));
        self::assertSame('{"userProperties":[["a","b"]]}', json_encode(new Properties(userProperties: ['a' => 'b'])));
        self::assertStringContainsString('"properties":{}', (string) json_encode(new Message('t')));
    }

    /** A list of names without values became user properties named "0", "1", ... */
    public function testUserPropertiesArePairs(): void
    {
        self::thrown(ValueError::class, fn () => new Properties(userProperties: ['x']), '($userProperties)', '[name, value] pairs');
        self::assertSame([['7', 'x'], ['-1', 'y']], (new Properties(userProperties: ['7' => 'x', '-1' => 'y']))->userProperties);
    }

    /** 65536 bytes were "packet is too large". */
    public function testLongTopicsAreSaidToBeLong(): void
    {
        $long = str_repeat('a', 65536);
        foreach ([fn () => new Message($long), fn () => new Will($long), fn () => new Subscription($long), fn () => (new Mqtt\Client())->publish($long), fn () => (new Mqtt\Client())->subscribe($long)] as $do) {
            self::thrown(ValueError::class, $do, 'Argument #1', 'longer than 65535 bytes');
        }
    }

    public function testAnArrayGivenIsNotChanged(): void
    {
        $array = ['topicAlias' => '7', 'userProperties' => ['n' => 1]];
        $message = new Message('t', properties: $array);
        self::assertSame(['topicAlias' => '7', 'userProperties' => ['n' => 1]], $array);
        self::assertSame(7, $message->properties->topicAlias);
        self::assertSame([['n', '1']], $message->properties->userProperties);
    }

    public function testWillAndSubscription(): void
    {
        $will = new Will('gone', 'x', 2, true, ['willDelayInterval' => 5]);
        self::assertSame(['gone', 'x', 2, true, 5], [$will->topic, $will->payload, $will->qos, $will->retain, $will->properties->willDelayInterval]);
        self::thrown(ValueError::class, fn () => new Will('a/#'), '($topic)');
        self::thrown(ValueError::class, fn () => new Will('a', str_repeat('x', 65536)), '($payload)');
        self::thrown(ValueError::class, fn () => new Will('a', properties: ['topicAlias' => 1]), 'topicAlias', 'a will');

        $subscription = new Subscription('$share/g/a/+', 1, retainHandling: 2, identifier: 9);
        self::assertSame(['$share/g/a/+', 1, false, false, 2, 9], array_values(get_object_vars($subscription)));
        self::thrown(ValueError::class, fn () => new Subscription('a/#/b'), '($filter)');
        self::thrown(ValueError::class, fn () => new Subscription('$share//a'), '($filter)');
        self::thrown(ValueError::class, fn () => new Subscription('$share/g/a', noLocal: true), '($noLocal)', 'MQTT-3.8.3-4');
        self::thrown(ValueError::class, fn () => new Subscription('a', retainHandling: 3), '($retainHandling)');
        self::thrown(ValueError::class, fn () => new Subscription('a', identifier: 0), '($identifier)');
    }

    public function testTopic(): void
    {
        self::assertTrue(Topic::matches('a/#', 'a'));
        self::assertTrue(Topic::matches('+/b', 'ä/b'));
        self::assertTrue(Topic::matches('$share/group/a/+', 'a/x'));
        self::assertFalse(Topic::matches('#', '$SYS/x'));
        self::assertFalse(Topic::matches('+', 'a/b'));
        self::assertTrue(Topic::isValidName('a//b') && Topic::isValidName('/') && !Topic::isValidName('') && !Topic::isValidName('a+'));
        self::assertTrue(Topic::isValidFilter('a/+/#') && !Topic::isValidFilter('a+') && !Topic::isValidFilter("\xFF") && !Topic::isValidFilter(''));
        self::assertSame(['a', '', 'b'], Topic::levels('a//b'));
        self::assertSame([''], Topic::levels(''));
        self::thrown(ValueError::class, fn () => Topic::matches('a#', 'a'), '($filter)');
        self::thrown(ValueError::class, fn () => Topic::matches('a', '#'), '($name)');
        self::thrown(Error::class, fn () => new Topic(), 'private');
    }

    public function testDumpsAreReadable(): void
    {
        ob_start();
        var_dump(new Message('t', properties: ['contentType' => 'x']));
        $dump = (string) ob_get_clean();
        self::assertStringContainsString('["contentType"]', $dump);
        self::assertStringNotContainsString('sharedSubscriptionAvailable', $dump, 'what is not there is not shown');
    }

    public function testPropertiesAreCountedIteratedAndWrittenAsJson(): void
    {
        $properties = new Properties(contentType: 'text', userProperties: [['a', 'b'], ['a', 'c']], topicAlias: 7);
        $expected = ['contentType' => 'text', 'topicAlias' => 7, 'userProperties' => [['a', 'b'], ['a', 'c']]];
        $this->assertSame($expected, iterator_to_array($properties));
        $this->assertCount(3, $properties);
        $this->assertSame(json_encode($expected), json_encode($properties));
        $this->assertCount(0, new Properties());
        foreach ($properties as $name => $value) {
            foreach ($properties as $again => $_) {
                $names[] = "$name.$again";
            }
        }
        $this->assertCount(9, $names, 'iterators of one object do not disturb each other');
    }

    public function testValuesSurviveSerializationAndCloning(): void
    {
        foreach (self::values() as $value) {
            $this->assertEquals($value, unserialize(serialize($value)));
            $this->assertEquals($value, clone $value);
        }
    }

    /** @return list<object> One of every class, and more. */
    private static function values(): array
    {
        $properties = ['reasonString' => 'x', 'userProperties' => [['k', 'v'], ['k', 'w']]];
        return [
            new Message('a', "\0", 1, true, properties: ['contentType' => 'x', 'userProperties' => ['k' => 'v']]),
            new Message('a', subscriptionIdentifiers: [1, 2], receivedAt: 1.5),
            new Properties(contentType: 'x'),
            new Properties(subscriptionIdentifier: [1, 2], requestProblemInformation: false),
            new Properties(),
            new Will('a', 'b', 2, properties: ['willDelayInterval' => 5]),
            new Subscription('a/#', 1, noLocal: true),
            new Mqtt\ClientOptions(version: 5, password: 'x', will: new Will('a'), reconnect: false, tls: ['caFile' => 'x'], logger: 'error_log'),
            new Mqtt\Packet\Connect('c', will: new Will('a'), password: 'x', version: Version::V3_1_1),
            new Mqtt\Packet\ConnAck(Mqtt\ReasonCode::Banned, properties: $properties),
            new Mqtt\Packet\Publish('a', 'b', 1, packetId: 7),
            new Mqtt\Packet\PubAck(1, 0x10, $properties),
            new Mqtt\Packet\PubRec(2),
            new Mqtt\Packet\PubRel(3),
            new Mqtt\Packet\PubComp(4),
            new Mqtt\Packet\Subscribe(5, ['a', new Subscription('b', 1, identifier: 7)]),
            new Mqtt\Packet\SubAck(6, [0, 0x87]),
            new Mqtt\Packet\Unsubscribe(7, ['a', 'b']),
            new Mqtt\Packet\UnsubAck(8, [0x11]),
            new Mqtt\Packet\PingReq(),
            new Mqtt\Packet\PingResp(),
            new Mqtt\Packet\Disconnect(0x8B),
            new Mqtt\Packet\Auth(0x18, ['authenticationMethod' => 'm', 'authenticationData' => "\xFF"]),
        ];
    }

    /**
     * unserialize() checked nothing: bytes from a stranger made a subscription to "#/a#", and packets without anything in
     * them. Now they go through the constructor.
     */
    public function testUnserializeRefusesWhatTheConstructorRefuses(): void
    {
        $made = fn (string $class, array $data): string => preg_replace('/^a/', sprintf('O:%d:"%s"', strlen($class), $class), serialize($data));
        foreach ([
            [Subscription::class, ['filter' => '#/a#']], [Will::class, ['topic' => '#']], [Properties::class, ['receiveMaximum' => -7]], [Message::class, ['topic' => 'a', 'qos' => 3]],
            [Mqtt\Packet\Publish::class, ['topic' => 'a', 'packetId' => 70000]], [Mqtt\Packet\Publish::class, []], [Mqtt\Packet\SubAck::class, []],
            [Mqtt\Packet\PubAck::class, ['packetId' => 1, 'nothing' => 1]], [Mqtt\ClientOptions::class, ['keepAlive' => -1]], [Message::class, ['topic' => []]],
        ] as [$class, $data]) {
            $value = null;
            try {
                $value = unserialize($made($class, $data));
            } catch (Error) {
            }
            $this->assertNull($value, $class);
        }
        foreach (self::values() as $value) {
            $class = $value::class;
            self::thrown(Exception::class, fn () => @unserialize(sprintf('C:%d:"%s":0:{}', strlen($class), $class)), $class);
        }
        $this->assertEquals(new Will('a', qos: 2), unserialize($made(Will::class, ['qos' => 2, 'topic' => 'a'])), 'in any order');
        try {
            (new Will('a'))->__unserialize(['topic' => 'b']);
            $this->fail('an object was changed');
        } catch (Error $error) {
            $this->assertStringContainsString('readonly', $error->getMessage());
        }
    }

    /** var_export() writes __set_state(), which no class had. */
    public function testWhatIsExportedCanBeRead(): void
    {
        foreach (self::values() as $value) {
            $this->assertEquals($value, eval('return ' . var_export($value, true) . ';'));
        }
        self::thrown(ValueError::class, fn () => Subscription::__set_state(['filter' => '#/a#']), '($filter)');
        self::thrown(Error::class, fn () => Will::__set_state(['topic' => 'a', 'nothing' => 1]), 'nothing');
    }

    /** Of some classes reflection made empty objects. */
    public function testNoValueIsMadeWithoutItsConstructor(): void
    {
        foreach (self::values() as $value) {
            self::thrown(ReflectionException::class, fn () => (new ReflectionClass($value))->newInstanceWithoutConstructor(), $value::class);
        }
    }

    /** Dumps and JSON of options and of CONNECT showed the password. */
    public function testPasswordsAreNotShown(): void
    {
        $connect = new Mqtt\Packet\Connect('c', username: 'joe', password: 'hunter2');
        $values = [
            $connect, clone $connect, Mqtt\Codec::decode($connect->encode(), 5),
            new Mqtt\ClientOptions(username: 'joe', password: 'hunter2', tls: ['keyPassphrase' => 'hunter2', 'caFile' => '/x'], authenticationMethod: 'm', authenticationData: 'hunter2'),
        ];
        foreach ($values as $value) {
            ob_start();
            var_dump($value);
            $dump = ob_get_clean() . print_r($value, true) . json_encode($value);
            $this->assertStringNotContainsString('hunter2', $dump);
            $this->assertStringContainsString('(hidden)', $dump);
            $this->assertStringContainsString('joe', $dump);
            $this->assertSame('hunter2', $value->password);
            $this->assertSame('hunter2', ((array) $value)['password']);
            $this->assertEquals($value, unserialize(serialize($value)));
        }
        $this->assertSame('hunter2', $values[3]->tls['keyPassphrase']);
        $this->assertStringNotContainsString('hidden', print_r(new Mqtt\Packet\Connect(), true));
    }

    public function testVersionsAreCasesOrInts(): void
    {
        $publish = new Mqtt\Packet\Publish('a', 'b');
        foreach (Version::cases() as $version) {
            $this->assertSame($publish->encode($version), $publish->encode($version->value));
            $this->assertSame($publish->encode($version), Mqtt\Codec::encode([$publish], $version->value));
            $this->assertEquals($publish, Mqtt\Codec::decode($publish->encode($version), $version->value));
            $decoder = new Mqtt\Decoder($version->value);
            $this->assertSame($version, $decoder->version());
        }
        $this->assertSame(Version::V3_1_1, (new Mqtt\Packet\Connect('c', version: 4))->version);
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('Argument #1 ($version) must be Mqtt\Version, 3, 4 or 5, 6 given');
        $publish->encode(6);
    }

    public function testAClientShowsItselfWithoutItsPassword(): void
    {
        $client = new Mqtt\Client('mqtt://joe:secret@127.0.0.1:1', ['clientId' => 'meter-7']);
        $dump = print_r($client, true);
        foreach (['mqtt://127.0.0.1:1', 'meter-7', 'connected'] as $word) {
            $this->assertStringContainsString($word, $dump);
        }
        $this->assertStringNotContainsString('secret', $dump);
    }
}
