<?php
declare(strict_types=1);

use Mqtt\Message;
use Mqtt\Packet;
use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Connect;
use Mqtt\Packet\Publish;
use Mqtt\ReasonCode;
use Mqtt\Server\AuthenticateRequest;
use Mqtt\Server\AuthenticateStep;
use Mqtt\Server\ConnectRequest;
use Mqtt\Server\DeliverRequest;
use Mqtt\Server\DisconnectCause;
use Mqtt\Server\DisconnectNotice;
use Mqtt\Server\Handler;
use Mqtt\Server\PingNotice;
use Mqtt\Server\PublishRequest;
use Mqtt\Server\SessionNotice;
use Mqtt\Server\SubscribeRequest;
use Mqtt\Server\UnsubscribeRequest;
use Mqtt\Subscription;
use Mqtt\Version;
use Mqtt\Will;

/** What hooks see, and what becomes of their answers. */
final class ServerHooksTest extends ServerCase
{
    public function testTheConnectHookSeesTheClient(): void
    {
        $seen = null;
        $this->server()->onConnect(function (ConnectRequest $request) use (&$seen): void {
            $seen = $request;
        });
        $this->peer(new Connect(
            'meter-7',
            cleanStart: false,
            keepAlive: 33,
            will: new Will('meters/7', 'lost', 1, true),
            username: 'joe',
            password: "se\0cret",
            properties: ['userProperties' => ['a' => 'b'], 'sessionExpiryInterval' => 5],
        ));
        $this->assertInstanceOf(ConnectRequest::class, $seen);
        $this->assertSame(['meter-7', 'joe', "se\0cret"], [$seen->clientId, $seen->username, $seen->password]);
        $this->assertSame([Version::V5, false, 33], [$seen->version, $seen->cleanStart, $seen->keepAlive]);
        $this->assertEquals(new Will('meters/7', 'lost', 1, true), $seen->will);
        $this->assertSame([['a', 'b']], $seen->properties->userProperties);
        $this->assertSame(5, $seen->properties->sessionExpiryInterval);
        $this->assertMatchesRegularExpression('/^127\.0\.0\.1:\d+$/', (string) $seen->remoteAddress);
        $this->assertNull($seen->certificateSubject);
    }

    public function testAClientWithoutNameAndWillIsSeenAsSuch(): void
    {
        $seen = null;
        $this->server()->onConnect(function (ConnectRequest $request) use (&$seen): void {
            $seen = $request;
        });
        $this->peer(new Connect());
        $this->assertStringStartsWith('auto-', $seen->clientId, 'the one that the server chose');
        $this->assertSame([null, null, null], [$seen->username, $seen->password, $seen->will]);
    }

    public function testARefusalReachesAClient(): void
    {
        $this->server()->onConnect(fn (): ReasonCode => ReasonCode::Banned);
        $why = $this->connect($this->client(['clientId' => 'a']));
        $this->assertInstanceOf(Mqtt\Exception\ConnectException::class, $why);
        $this->assertSame(ReasonCode::Banned, $why->reasonCode);
        $this->assertSame([], [...$this->server->clients()]);
    }

    public function testARefusalReachesAClientOfMqtt3AsItsReturnCode(): void
    {
        $this->server()->onConnect(fn (): int => ReasonCode::BadUserNameOrPassword->value);
        $this->server->start();
        $peer = new Peer('tcp://127.0.0.1:' . $this->server->port(), Version::V3_1_1);
        $answer = $this->exchange($peer, new Connect('a', version: Version::V3_1_1));
        $this->assertInstanceOf(ConnAck::class, $answer);
        $this->assertSame(ReasonCode::BadUserNameOrPassword, $answer->reasonCode);
        $this->assertNull($this->next($peer), 'the server closes');
    }

    /** @return iterable<string, array{mixed, ReasonCode, array<string, mixed>}> */
    public function connectAnswers(): iterable
    {
        yield 'null' => [null, ReasonCode::Success, []];
        yield 'success' => [ReasonCode::Success, ReasonCode::Success, []];
        yield 'success as int' => [0, ReasonCode::Success, []];
        yield 'array' => [['reasonString' => 'hi', 'serverKeepAlive' => 7], ReasonCode::Success, ['reasonString' => 'hi', 'serverKeepAlive' => 7]];
        yield 'properties' => [new Mqtt\Properties(responseInformation: 'r/7'), ReasonCode::Success, ['responseInformation' => 'r/7']];
        yield 'code' => [ReasonCode::ServerBusy, ReasonCode::ServerBusy, []];
        yield 'int' => [0x9F, ReasonCode::ConnectionRateExceeded, []];
        $moved = new ConnAck(ReasonCode::ServerMoved, properties: ['serverReference' => 'mqtt://other', 'reasonString' => 'moved']);
        yield 'packet' => [$moved, ReasonCode::ServerMoved, ['serverReference' => 'mqtt://other', 'reasonString' => 'moved']];
        yield 'packet that accepts' => [new ConnAck(properties: ['reasonString' => 'in']), ReasonCode::Success, ['reasonString' => 'in']];
    }

    /**
     * @dataProvider connectAnswers
     * @param array<string, mixed> $properties
     */
    public function testAnswersToConnect(mixed $answer, ReasonCode $expected, array $properties): void
    {
        $this->server()->onConnect(fn (): mixed => $answer);
        $got = $this->exchange($this->stranger(), new Connect('a', properties: ['requestResponseInformation' => true]));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame($expected, $got->reasonCode);
        $this->assertEquals($properties, array_intersect_key($got->properties->toArray(), $properties + ['reasonString' => 0]));
        $this->assertSame([], $this->lines('error'));
    }

    /** @return iterable<string, array{mixed, string}> */
    public function nonsense(): iterable
    {
        yield 'float' => [3.5, 'float'];
        yield 'true' => [true, 'true'];
        yield 'false' => [false, 'false'];
        yield 'string' => ['yes', 'string'];
        yield 'no such code' => [7, 'int 7'];
        yield 'a code of another packet' => [ReasonCode::NoMatchingSubscribers, 'Mqtt\ReasonCode'];
        yield 'no such property' => [['colour' => 'red'], 'Unknown property "colour"'];
        yield 'a property of another packet' => [['topicAlias' => 1], 'topicAlias'];
        yield 'object' => [new stdClass(), 'stdClass'];
    }

    /** @dataProvider nonsense */
    public function testAnAnswerThatMakesNoSenseIsARefusalThatSaysWhy(mixed $answer, string $words): void
    {
        $this->server()->onConnect(fn (): mixed => $answer);
        $got = $this->exchange($this->stranger(), new Connect('meter-7'));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame(ReasonCode::ImplementationSpecificError, $got->reasonCode);
        $this->assertCount(1, $this->lines('error'));
        foreach (['onConnect', 'meter-7', $words] as $part) {
            $this->assertStringContainsString($part, $this->lines('error')[0]);
        }
    }

    public function testAnExceptionRefusesOneClientAndTheServerGoesOn(): void
    {
        $this->server()->onConnect(function (ConnectRequest $request): void {
            if ($request->clientId === 'bad') {
                throw new DomainException('no database');
            }
        });
        $got = $this->exchange($this->stranger(), new Connect('bad'));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame(ReasonCode::ImplementationSpecificError, $got->reasonCode);
        $this->assertStringContainsString('Hook onConnect failed for client "bad": DomainException: no database (' . __FILE__, $this->lines('error')[0]);
        $this->peer(new Connect('good'));
    }

    public function testAPsr3LoggerIsGivenTheException(): void
    {
        $logger = new class () {
            /** @var list<array{mixed, string, array<string, mixed>}> */
            public array $lines = [];

            /** @param array<string, mixed> $context */
            public function log(mixed $level, string|Stringable $message, array $context = []): void
            {
                $this->lines[] = [$level, (string) $message, $context];
            }
        };
        $thrown = new RuntimeException('no');
        $this->server(['logger' => $logger, 'logLevel' => 'error'])->onConnect(fn () => throw $thrown);
        $this->exchange($this->stranger(), new Connect('a'));
        $this->assertSame(['error', ['exception' => $thrown]], [$logger->lines[0][0], $logger->lines[0][2]]);
        $this->assertCount(1, $logger->lines, 'nothing below the level');
    }

    public function testWithoutALoggerAFailureIsAWarning(): void
    {
        $warnings = [];
        set_error_handler(function (int $level, string $text) use (&$warnings): bool {
            $warnings[] = [$level, $text];
            return true;
        });
        try {
            $this->server(['logger' => null])->onConnect(fn () => throw new RuntimeException('no'));
            $this->exchange($this->stranger(), new Connect('a'));
        } finally {
            restore_error_handler();
        }
        $this->assertCount(1, $warnings);
        $this->assertSame(E_WARNING, $warnings[0][0]);
        $this->assertStringContainsString('RuntimeException: no', $warnings[0][1]);
    }

    /** Frameworks make an exception of every warning: a client must not end the server with it. */
    public function testAnErrorHandlerThatThrowsDoesNotEndTheServer(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'mqtt');
        $before = ini_set('error_log', $file);
        set_error_handler(fn (int $level, string $text) => throw new ErrorException($text));
        try {
            $this->server(['logger' => null])->onConnect(fn () => throw new RuntimeException('no'));
            $this->exchange($this->stranger(), new Connect('a'));
        } finally {
            restore_error_handler();
            ini_set('error_log', (string) $before);
        }
        $this->assertStringContainsString('RuntimeException: no', (string) file_get_contents($file));
        unlink($file);
        $this->assertTrue($this->server->isRunning());
    }

    public function testALoggerThatThrowsDoesNotEndTheServer(): void
    {
        $file = (string) tempnam(sys_get_temp_dir(), 'mqtt');
        $before = ini_set('error_log', $file);
        $this->server(['logger' => fn () => throw new LogicException('the disk is full')]);
        $peer = $this->peer();
        $this->until(fn (): bool => str_contains((string) file_get_contents($file), 'as peer (p5'));
        ini_set('error_log', (string) $before);
        $peer->drop();
        unlink($file);
    }

    /** @return iterable<string, array{?bool, ?string, mixed, ReasonCode}> */
    public function anonymous(): iterable
    {
        yield 'a hook that says null lets in' => [null, null, null, ReasonCode::Success];
        yield 'anonymous clients are refused before null' => [false, null, null, ReasonCode::NotAuthorized];
        yield 'null lets in who has a name' => [false, 'joe', null, ReasonCode::Success];
        yield 'success lets in anonymous clients' => [false, null, ReasonCode::Success, ReasonCode::Success];
    }

    /** @dataProvider anonymous */
    public function testAnonymousClients(?bool $allow, ?string $name, mixed $answer, ReasonCode $expected): void
    {
        $this->server(['allowAnonymous' => $allow])->onConnect(fn (): mixed => $answer);
        $got = $this->exchange($this->stranger(), new Connect('a', username: $name));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame($expected, $got->reasonCode);
    }

    public function testWithoutAHookAllowAnonymousDecides(): void
    {
        $this->server(['allowAnonymous' => false]);
        $got = $this->exchange($this->stranger(), new Connect('a', username: 'joe', password: 'x'));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame(ReasonCode::NotAuthorized, $got->reasonCode);
    }

    public function testExtendedAuthenticationInTwoSteps(): void
    {
        $seen = [];
        $this->server()->onAuthenticate(function (AuthenticateRequest $request) use (&$seen): mixed {
            $seen[] = [$request->clientId, $request->step, $request->method, $request->data, $request->connection];
            return match ($request->data) {
                'hello' => 'challenge',
                'response' => new Packet\Auth(properties: ['authenticationData' => 'welcome']),
                default => ReasonCode::NotAuthorized,
            };
        });
        $peer = $this->stranger();
        $step = $this->exchange($peer, new Connect('a', properties: ['authenticationMethod' => 'M', 'authenticationData' => 'hello']));
        $this->assertInstanceOf(Packet\Auth::class, $step);
        $this->assertSame([ReasonCode::ContinueAuthentication, 'challenge'], [$step->reasonCode, $step->properties->authenticationData]);
        $in = $this->exchange($peer, new Packet\Auth(ReasonCode::ContinueAuthentication, ['authenticationMethod' => 'M', 'authenticationData' => 'response']));
        $this->assertInstanceOf(ConnAck::class, $in);
        $this->assertSame([ReasonCode::Success, 'welcome'], [$in->reasonCode, $in->properties->authenticationData]);
        $this->assertSame(['a', AuthenticateStep::Begin, 'M', 'hello'], array_slice($seen[0], 0, 4));
        $this->assertSame(['a', AuthenticateStep::Continue, 'M', 'response'], array_slice($seen[1], 0, 4));
        $this->assertSame($seen[0][4], $seen[1][4], 'the number of the connection');
    }

    public function testExtendedAuthenticationIsRefused(): void
    {
        $this->server()->onAuthenticate(fn (AuthenticateRequest $request): ?ReasonCode => $request->method === 'known' ? ReasonCode::NotAuthorized : null);
        foreach (['known' => ReasonCode::NotAuthorized, 'other' => ReasonCode::BadAuthenticationMethod] as $method => $expected) {
            $got = $this->exchange($this->stranger(), new Connect('a', properties: ['authenticationMethod' => $method]));
            $this->assertInstanceOf(ConnAck::class, $got);
            $this->assertSame($expected, $got->reasonCode);
        }
    }

    /** @return iterable<string, array{mixed, list<ReasonCode>}> */
    public function subscribeAnswers(): iterable
    {
        $asked = [ReasonCode::GrantedQoS2, ReasonCode::GrantedQoS1, ReasonCode::Success];
        $failed = array_fill(0, 3, ReasonCode::ImplementationSpecificError);
        yield 'null' => [null, $asked];
        yield 'one error' => [ReasonCode::NotAuthorized, array_fill(0, 3, ReasonCode::NotAuthorized)];
        yield 'one bound' => [1, [ReasonCode::GrantedQoS1, ReasonCode::GrantedQoS1, ReasonCode::Success]];
        yield 'each' => [[null, 0, ReasonCode::QuotaExceeded], [ReasonCode::GrantedQoS2, ReasonCode::Success, ReasonCode::QuotaExceeded]];
        yield 'too few' => [[null, null], $failed];
        yield 'too many' => [[null, null, null, null], $failed];
        yield 'more than asked for' => [[null, 2, null], $failed];
        yield 'a code of another packet' => [ReasonCode::Banned, $failed];
        yield 'nonsense' => ['all', $failed];
    }

    /**
     * @dataProvider subscribeAnswers
     * @param list<ReasonCode> $expected
     */
    public function testAnswersToSubscribe(mixed $answer, array $expected): void
    {
        $seen = null;
        $this->server()->onSubscribe(function (SubscribeRequest $request) use (&$seen, $answer): mixed {
            $seen = $request;
            return $answer;
        });
        $filters = [new Subscription('a/#', 2, noLocal: true), new Subscription('b', 1), new Subscription('c', 0, retainHandling: 2)];
        $peer = $this->peer(new Connect('peer', username: 'joe'));
        $ack = $this->exchange($peer, new Packet\Subscribe(7, $filters, ['subscriptionIdentifier' => 9]));
        $this->assertInstanceOf(Packet\SubAck::class, $ack);
        $this->assertSame($expected, $ack->reasonCodes);
        $this->assertSame(['peer', 'joe', Version::V5], [$seen->clientId, $seen->username, $seen->version]);
        $this->assertSame(['a/#', 2, true, 9], [$seen->subscriptions[0]->filter, $seen->subscriptions[0]->qos, $seen->subscriptions[0]->noLocal, $seen->subscriptions[0]->identifier]);
        $this->assertSame(2, $seen->subscriptions[2]->retainHandling);
        $granted = array_filter($expected, fn (ReasonCode $code): bool => !$code->isError());
        $this->assertCount(count($granted), [...$this->server->subscriptions()]);
    }

    public function testAnErrorKeepsASubscription(): void
    {
        $seen = null;
        $this->server()->onUnsubscribe(function (UnsubscribeRequest $request) use (&$seen): array {
            $seen = $request->filters;
            return [ReasonCode::NotAuthorized, null];
        });
        $peer = $this->peer();
        $this->exchange($peer, new Packet\Subscribe(1, ['a', 'b']));
        $ack = $this->exchange($peer, new Packet\Unsubscribe(2, ['a', 'b']));
        $this->assertInstanceOf(Packet\UnsubAck::class, $ack);
        $this->assertSame([ReasonCode::NotAuthorized, ReasonCode::Success], $ack->reasonCodes);
        $this->assertSame(['a', 'b'], $seen);
        $this->assertSame(['a'], array_map(fn ($info) => $info->subscription->filter, [...$this->server->subscriptions()]));
    }

    public function testPublishIsRefusedReplacedOrLetGo(): void
    {
        $seen = [];
        $this->server()->onPublish(function (PublishRequest $request) use (&$seen): mixed {
            $seen[] = $request->message->topic;
            return match ($request->message->topic) {
                'x/refuse' => ReasonCode::QuotaExceeded,
                'x/replace' => new Message('y/replaced', strrev($request->message->payload), 1, properties: ['contentType' => 'text/plain']),
                'x/nobody' => ReasonCode::NoMatchingSubscribers,
                'x/fine' => ReasonCode::Success,
                'x/throw' => throw new RuntimeException('no'),
                'x/odd' => [],
                default => null,
            };
        }, topics: ['x/#']);
        $got = [];
        $reader = $this->connected(['clientId' => 'reader']);
        $reader->onMessage(function (Message $message) use (&$got): void {
            $got[] = [$message->topic, $message->payload, $message->properties->contentType];
        });
        $reader->subscribe('#', 1, wait: false);
        $this->until(fn (): bool => [...$this->server->subscriptions()] !== []);

        $writer = $this->connected(['clientId' => 'writer']);
        $codes = [];
        foreach (['x/refuse', 'x/replace', 'x/nobody', 'x/fine', 'x/throw', 'x/odd', 'x/null', 'z'] as $topic) {
            $codes[$topic] = $this->publish($writer, $topic, 'abc');
        }
        $this->assertSame([
            'x/refuse' => ReasonCode::QuotaExceeded,
            'x/replace' => ReasonCode::Success,
            'x/nobody' => ReasonCode::NoMatchingSubscribers,
            'x/fine' => ReasonCode::Success,
            'x/throw' => ReasonCode::ImplementationSpecificError,
            'x/odd' => ReasonCode::ImplementationSpecificError,
            'x/null' => ReasonCode::Success,
            'z' => ReasonCode::Success,
        ], $codes);
        $this->until(function () use (&$got): bool {
            return count($got) === 4;
        });
        $expected = [['y/replaced', 'cba', 'text/plain'], ['x/fine', 'abc', null], ['x/null', 'abc', null], ['z', 'abc', null]];
        $this->assertSame($expected, $got);
        $this->assertNotContains('z', $seen, 'asked only for the topics named');
        $this->assertCount(2, $this->lines('error'));
    }

    public function testThePublishHookSeesTheMessage(): void
    {
        $seen = null;
        $this->server()->onPublish(function (PublishRequest $request) use (&$seen): void {
            $seen = $request;
        });
        $peer = $this->peer(new Connect('peer', username: 'joe'));
        $this->exchange($peer, new Publish('a/b', "\xFF\0", 1, true, false, 5, ['userProperties' => ['k' => 'v']]));
        $this->assertSame(['peer', 'joe', 'a/b', "\xFF\0", 1, true], [$seen->clientId, $seen->username, $seen->message->topic, $seen->message->payload, $seen->message->qos, $seen->message->retain]);
        $this->assertSame([['k', 'v']], $seen->message->properties->userProperties);
        $this->assertEqualsWithDelta(microtime(true), $seen->message->receivedAt, 5);
    }

    public function testEndsOfConnectionsAreTold(): void
    {
        $told = [];
        $server = $this->server();
        $server->onDisconnect(function (DisconnectNotice $notice) use (&$told): void {
            $told[$notice->clientId] = [$notice->cause, $notice->reasonCode];
        });
        $this->peer(new Connect('left'))->send(new Packet\Disconnect(ReasonCode::DisconnectWithWill));
        $this->peer(new Connect('lost'))->drop();
        $peer = $this->peer(new Connect('kicked'));
        $this->assertTrue($server->disconnect('kicked', ReasonCode::MaximumConnectTime));
        $last = $this->next($peer);
        $this->assertInstanceOf(Packet\Disconnect::class, $last);
        $this->assertSame(ReasonCode::MaximumConnectTime, $last->reasonCode);
        $this->until(function () use (&$told): bool {
            return count($told) === 3;
        });
        ksort($told);
        $this->assertSame([
            'kicked' => [DisconnectCause::Server, ReasonCode::MaximumConnectTime],
            'left' => [DisconnectCause::Client, ReasonCode::DisconnectWithWill],
            'lost' => [DisconnectCause::Network, null],
        ], $told);
    }

    public function testSessionsAreTold(): void
    {
        $told = [];
        $this->server()->onSessionCreated(function (SessionNotice $notice) use (&$told): void {
            $told[] = "created $notice->clientId";
        });
        $this->server->onSessionEnded(function (SessionNotice $notice) use (&$told): void {
            $told[] = "ended $notice->clientId";
        });
        $this->peer(new Connect('a'))->send(new Packet\Disconnect());
        $this->until(function () use (&$told): bool {
            return count($told) === 2;
        });
        $this->assertSame(['created a', 'ended a'], $told);
    }

    public function testAHookMayUseItsServer(): void
    {
        $server = $this->server();
        $server->onPublish(function (PublishRequest $request) use ($server): ReasonCode {
            $server->publish('from/hook', (string) count([...$server->clients()]), retain: true);
            $server->disconnect($request->clientId, ReasonCode::AdministrativeAction);
            return ReasonCode::NotAuthorized;
        }, 'x');
        $peer = $this->peer();
        $refused = $this->exchange($peer, new Publish('x', '', 1, packetId: 1));
        $this->assertInstanceOf(Packet\PubAck::class, $refused, 'what was asked comes first');
        $this->assertSame(ReasonCode::NotAuthorized, $refused->reasonCode);
        $last = $this->next($peer);
        $this->assertInstanceOf(Packet\Disconnect::class, $last);
        $this->assertSame(ReasonCode::AdministrativeAction, $last->reasonCode);
        $this->until(fn (): bool => [...$server->retained('from/#')] !== []);
        $this->assertSame('1', [...$server->retained('from/#')][0]->payload);
    }

    public function testAHookMayStopItsServer(): void
    {
        $told = false;
        $server = $this->server();
        $server->onPublish(fn () => $server->stop() ? null : null, 'x');
        $server->onDisconnect(function () use (&$told): void {
            $told = true;
        });
        $this->peer()->send(new Publish('x', '', 1, packetId: 1));
        $begin = microtime(true);
        $server->run(5);
        $this->assertLessThan(2, microtime(true) - $begin);
        $this->assertFalse($server->isRunning());
        $this->assertTrue($told, 'what the end had to tell was told by run()');
    }

    public function testAHandlerIsAskedForWhatItHas(): void
    {
        $handler = new class () implements Handler {
            /** @var list<string> */
            public array $seen = [];

            public function onConnect(ConnectRequest $request): void
            {
                $this->seen[] = "connect $request->clientId";
            }

            public function onPublish(PublishRequest $request): void
            {
                $this->seen[] = "publish {$request->message->topic}";
            }
        };
        $this->server()->handler($handler, topics: ['a/#', 'b']);
        $peer = $this->peer();
        foreach (['a/1', 'c', 'b'] as $topic) {
            $this->exchange($peer, new Publish($topic, '', 1, packetId: 1));
        }
        $this->assertSame(['connect peer', 'publish a/1', 'publish b'], $handler->seen);
    }

    public function testAHandlerAsOption(): void
    {
        $handler = new class () implements Handler {
            public function onConnect(): ReasonCode
            {
                return ReasonCode::Banned;
            }
        };
        $this->server(['handler' => $handler]);
        $got = $this->exchange($this->stranger(), new Connect('a'));
        $this->assertInstanceOf(ConnAck::class, $got);
        $this->assertSame(ReasonCode::Banned, $got->reasonCode);
    }

    public function testAHandlerWithoutHooksIsAnError(): void
    {
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('onConnect, onAuthenticate');
        $this->server()->handler(new class () implements Handler {
            private function onConnect(): void {}
        });
    }

    public function testHooksAreRegisteredBeforeTheStart(): void
    {
        $server = $this->server();
        $server->start();
        $server->onConnect(null);
        try {
            $server->onSubscribe(fn () => null);
            $this->fail('no error');
        } catch (Error $error) {
            $this->assertStringContainsString('onSubscribe must be registered before the server is started', $error->getMessage());
        }
        $server->stop();
        $server->onSubscribe(fn () => ReasonCode::NotAuthorized);
        $ack = $this->exchange($this->peer(), new Packet\Subscribe(1, ['a']));
        $this->assertInstanceOf(Packet\SubAck::class, $ack);
        $this->assertSame([ReasonCode::NotAuthorized], $ack->reasonCodes);
    }

    public function testAHookThatIsTakenBackIsNotAskedAnyMore(): void
    {
        $server = $this->server();
        $server->onConnect(fn () => ReasonCode::Banned);
        $server->onPublish(fn () => ReasonCode::NotAuthorized);
        $server->start();
        $server->onConnect(null);
        $server->onPublish(null);
        $ack = $this->exchange($this->peer(), new Publish('a', '', 1, packetId: 1));
        $this->assertInstanceOf(Packet\PubAck::class, $ack);
        $this->assertNotSame(ReasonCode::NotAuthorized, $ack->reasonCode);
    }

    /** @return iterable<string, array{string, ReasonCode}> */
    public function overdue(): iterable
    {
        yield 'refuse' => ['refuse', ReasonCode::ImplementationSpecificError];
        yield 'proceed' => ['proceed', ReasonCode::NoMatchingSubscribers];
    }

    /** @dataProvider overdue */
    public function testAHookThatTakesTooLongIsAnsweredFor(string $rule, ReasonCode $expected): void
    {
        $asked = false;
        $this->server(['hookDeadline' => 0.05, 'hookOverdue' => $rule])->onPublish(function () use (&$asked): ReasonCode {
            $asked = true;
            return ReasonCode::NotAuthorized;
        });
        $peer = $this->peer();
        $peer->send(new Publish('a', '', 1, packetId: 1));
        // Nobody dispatches: the broker answers by itself.
        for ($end = microtime(true) + 5; !$peer->isReady() && microtime(true) < $end;) {
            usleep(5_000);
        }
        $ack = $peer->take();
        $this->assertInstanceOf(Packet\PubAck::class, $ack);
        $this->assertSame($expected, $ack->reasonCode);
        $this->server->dispatch();
        $this->assertFalse($asked, 'the client has had its answer');
        $this->assertStringContainsString('onPublish did not answer in time', implode($this->lines('warning')));
    }

    public function testDispatchTakesNoMoreThanItIsTold(): void
    {
        $seen = 0;
        $this->server(['logger' => null])->onConnect(function () use (&$seen): void {
            $seen++;
        });
        $peers = [];
        for ($i = 0; $i < 3; $i++) {
            ($peers[] = $this->stranger())->send(new Connect("c$i"));
        }
        $read = [$this->server->stream()];
        $write = $except = null;
        $this->assertSame(0, $this->server->dispatch(0));
        while ($seen < 3) {
            $ready = $read;
            $this->assertSame(1, stream_select($ready, $write, $except, 5), 'readable while there is something to do');
            $before = $seen;
            $this->assertSame(1, $this->server->dispatch(1));
            $this->assertSame($before + 1, $seen);
        }
        $this->assertSame(0, stream_select($read, $write, $except, 0), 'not readable with nothing to do');
    }

    /** With a loop of fibers a hook waits for a database, and the other clients do not wait for it. */
    public function testAHookMaySuspendItsFiber(): void
    {
        $suspended = null;
        $server = $this->server();
        $server->onConnect(function (ConnectRequest $request) use (&$suspended): ?ReasonCode {
            if ($request->clientId !== 'slow') {
                return null;
            }
            $suspended = Fiber::getCurrent();
            return Fiber::suspend();
        });
        $slow = $this->stranger();
        $slow->send(new Connect('slow'));
        $read = [$server->stream()];
        $write = $except = null;
        while ($suspended === null) {
            $ready = $read;
            stream_select($ready, $write, $except, 5);
            (new Fiber(fn () => $server->dispatch()))->start();
        }
        $this->peer(new Connect('quick'));
        $this->assertFalse($slow->isReady());
        $suspended->resume(ReasonCode::Banned);
        $answer = $this->next($slow);
        $this->assertInstanceOf(ConnAck::class, $answer);
        $this->assertSame(ReasonCode::Banned, $answer->reasonCode);
        $this->assertTrue($suspended->isTerminated());
    }

    public function testAFiberThatIsNeverResumedRefuses(): void
    {
        $fiber = null;
        $server = $this->server();
        $server->onConnect(function (ConnectRequest $request) use (&$fiber) {
            if ($request->clientId !== 'slow') {
                return null;
            }
            $fiber = Fiber::getCurrent();
            Fiber::suspend();
        });
        $slow = $this->stranger();
        $slow->send(new Connect('slow'));
        while ($fiber === null) {
            (new Fiber(fn () => $server->dispatch()))->start();
        }
        $begin = microtime(true);
        $fiber = null;
        $answer = $this->next($slow);
        $this->assertLessThan(2, microtime(true) - $begin, 'at once, not at the deadline');
        $this->assertInstanceOf(ConnAck::class, $answer);
        $this->assertTrue($answer->reasonCode->isError());
        $this->peer(new Connect('next'));
    }

    /** @return iterable<string, array{mixed, ?string, ?string}> */
    public function deliverAnswers(): iterable
    {
        yield 'null' => [null, 'kept/t', 'x'];
        yield 'success' => [ReasonCode::Success, 'kept/t', 'x'];
        yield 'code' => [ReasonCode::NotAuthorized, null, null];
        yield 'int' => [0x10, null, null];
        yield 'message' => [new Message('other', 'y', properties: ['contentType' => 'z']), 'other', 'y'];
    }

    /** @dataProvider deliverAnswers */
    public function testAnswersToDeliver(mixed $answer, ?string $topic, ?string $payload): void
    {
        $seen = [];
        $this->server()->onDeliver(function (DeliverRequest $request) use ($answer, &$seen): mixed {
            $seen[] = $request;
            return $request->clientId === 'judged' ? $answer : null;
        }, 'kept/#');
        [$judged, $free] = [$this->peer(new Connect('judged')), $this->peer(new Connect('free'))];
        foreach ([$judged, $free] as $peer) {
            $this->exchange($peer, new Packet\Subscribe(1, [new Subscription('#', 0, identifier: 7)]));
        }
        $this->server->publish('kept/t', 'x', 1);
        $this->server->publish('end', 'e');
        if ($topic !== null) {
            $got = $this->next($judged);
            $this->assertInstanceOf(Publish::class, $got);
            $this->assertSame([$topic, $payload, 0], [$got->topic, $got->payload, $got->qos]);
            $this->assertSame($topic === 'other' ? 'z' : null, $got->properties->contentType);
        }
        $this->assertSame('end', $this->next($judged)->topic, 'it keeps its place');
        $this->assertSame(['kept/t', 'end'], [$this->next($free)->topic, $this->next($free)->topic]);
        $this->assertCount(2, $seen, 'PHP is asked once for each receiver, and only for its topics');
        [$message] = array_column(array_filter($seen, fn (DeliverRequest $r): bool => $r->clientId === 'judged'), 'message');
        $this->assertSame(['kept/t', 'x', 0, false], [$message->topic, $message->payload, $message->qos, $message->retain]);
        // A list of the clients comes after the turn that counted.
        $this->server->clients();
        $this->assertSame($topic === null ? 1 : 0, $this->server->stats()['messagesDropped']);
    }

    public function testADeliverHookThatThrowsKeepsTheMessageFromThatClient(): void
    {
        $this->server()->onDeliver(fn (DeliverRequest $request) => throw new RuntimeException('no way'), 'a/#');
        $peer = $this->peer(new Connect('meter-7'));
        $this->exchange($peer, new Packet\Subscribe(1, [new Subscription('#')]));
        $this->server->publish('a/b', 'x');
        $this->server->publish('end', 'e');
        $this->assertSame('end', $this->next($peer)->topic);
        foreach (['onDeliver', 'meter-7', 'no way'] as $word) {
            $this->assertStringContainsString($word, $this->lines('error')[0]);
        }
    }

    /** Hooks that take no answer in time are answered for, and what waited behind goes on. */
    public function testADeliverHookHasADeadline(): void
    {
        $this->server(['hookDeadline' => 0.05, 'hookOverdue' => 'proceed'])->onDeliver(function (): void {
            usleep(200_000);
        }, 'slow');
        $peer = $this->peer();
        $this->exchange($peer, new Packet\Subscribe(1, [new Subscription('#')]));
        $this->server->publish('slow', '1');
        $this->server->publish('quick', '2');
        $this->assertSame(['slow', 'quick'], [$this->next($peer)->topic, $this->next($peer)->topic]);
        $this->assertNotSame([], array_filter(array_column($this->log, 1), fn (string $line): bool => str_contains($line, 'onDeliver')));
    }

    public function testPingsAreTold(): void
    {
        $pings = [];
        $this->server()->onPing(function (PingNotice $notice) use (&$pings): void {
            $pings[] = [$notice->clientId, $notice->username, $notice->version];
        });
        $peer = $this->peer(new Connect('meter-7', username: 'joe'));
        $this->assertInstanceOf(Packet\PingResp::class, $this->exchange($peer, new Packet\PingReq()));
        $this->until(function () use (&$pings): bool {
            return $pings !== [];
        });
        $this->assertSame([['meter-7', 'joe', Version::V5]], $pings);
    }

    public function testAHandlersDeliverMethodIsAskedForItsTopics(): void
    {
        $handler = new class implements Handler {
            /** @var list<string> */
            public array $seen = [];

            public function onDeliver(DeliverRequest $request): ?ReasonCode
            {
                $this->seen[] = $request->message->topic;
                return ReasonCode::NotAuthorized;
            }
        };
        $this->server()->handler($handler, deliverTopics: ['secret/#']);
        $peer = $this->peer();
        $this->exchange($peer, new Packet\Subscribe(1, [new Subscription('#')]));
        $this->server->publish('secret/x');
        $this->server->publish('open');
        $this->assertSame('open', $this->next($peer)->topic);
        $this->assertSame(['secret/x'], $handler->seen);
    }
}
