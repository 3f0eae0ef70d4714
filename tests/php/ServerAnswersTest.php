<?php
declare(strict_types=1);

use Mqtt\Message;
use Mqtt\Packet;
use Mqtt\Packet\ConnAck;
use Mqtt\Packet\Connect;
use Mqtt\Packet\Publish;
use Mqtt\Packet\Subscribe;
use Mqtt\ReasonCode;
use Mqtt\Server\Handler;
use Mqtt\Server\PublishRequest;
use Mqtt\Subscription;

/** Answers of hooks and arguments of a server that were once taken and led nowhere. */
final class ServerAnswersTest extends ServerCase
{
    private function subscriber(string $filter = '#'): Peer
    {
        $peer = $this->peer(new Connect('subscriber'));
        $this->exchange($peer, new Subscribe(1, [new Subscription($filter, 1)]));
        return $peer;
    }

    /** @return iterable<string, array{array<string, mixed>, string}> */
    public function unfit(): iterable
    {
        yield 'wildcard' => [['responseTopic' => 'a/+'], 'responseTopic'];
        yield 'empty' => [['responseTopic' => ''], 'responseTopic'];
        yield 'alias' => [['topicAlias' => 9], 'topicAlias'];
        yield 'identifier' => [['subscriptionIdentifier' => 5], 'subscriptionIdentifier'];
    }

    /**
     * Such a message was taken, and no subscriber of MQTT 5 ever got it, because it cannot be written for one.
     *
     * @dataProvider unfit
     * @param array<string, mixed> $properties
     */
    public function testPublishRefusesWhatNobodyCouldBeSent(array $properties, string $words): void
    {
        $this->server()->start();
        $this->expectException(ValueError::class);
        $this->expectExceptionMessage('Mqtt\Server::publish(): Argument #5 ($properties) cannot have ' . $words);
        $this->server->publish('t', 'x', 0, false, $properties);
    }

    public function testAHooksMessageThatNobodyCouldBeSentIsReported(): void
    {
        $bad = new Message('t', 'x', 1, properties: ['responseTopic' => 'a/+']);
        $this->server()->onPublish(fn (PublishRequest $request) => $request->message->topic === 'bad' ? $bad : null);
        $this->server->onDeliver(fn ($request) => $request->message->topic === 'undeliverable' ? $bad : null);
        $peer = $this->subscriber();
        $ack = $this->exchange($peer, new Publish('bad', 'x', 1, packetId: 1));
        $this->assertInstanceOf(Packet\PubAck::class, $ack);
        $this->assertSame(ReasonCode::ImplementationSpecificError, $ack->reasonCode);
        $this->exchange($peer, new Publish('undeliverable', 'x', 1, packetId: 1));
        $this->until(fn (): bool => count($this->lines('error')) === 2);
        foreach (['onPublish', 'onDeliver'] as $at => $hook) {
            $this->assertStringContainsString("Hook $hook failed", $this->lines('error')[$at]);
            $this->assertStringContainsString('responseTopic must be a topic name', $this->lines('error')[$at]);
        }
    }

    /** A message that a hook gives back with other properties keeps what it came with; each receiver gets its own. */
    public function testAliasAndIdentifierOfARequestAreNotPassedOn(): void
    {
        $rewrite = fn ($request) => new Message('r/' . $request->message->topic, 'new', 1, properties: $request->message->properties);
        $this->server(['limits' => ['topicAliasMaximum' => 9]])->onPublish($rewrite);
        $this->server->onDeliver($rewrite);
        $peer = $this->peer(new Connect('subscriber'));
        $this->exchange($peer, new Subscribe(1, ['#'], ['subscriptionIdentifier' => 7]));
        $peer->send(new Publish('t', 'x', properties: ['topicAlias' => 3, 'contentType' => 'c']));
        $got = $this->next($peer);
        $this->assertInstanceOf(Publish::class, $got);
        $this->assertSame(['r/r/t', 'new', 'c'], [$got->topic, $got->payload, $got->properties->contentType]);
        $this->assertSame([], $this->lines('error'));
    }

    /** A handler without onPublish made an onPublish() that had been registered for some topics be asked for all. */
    public function testAHandlerLeavesTheTopicsOfOtherHooks(): void
    {
        $asked = [];
        $this->server()->onPublish(function (PublishRequest $request) use (&$asked): void {
            $asked[] = $request->message->topic;
        }, 'commands/#');
        $this->server->handler(new class () implements Handler {
            public function onPing(): void
            {
            }
        });
        $peer = $this->peer();
        foreach (['a', 'commands/b'] as $topic) {
            $this->exchange($peer, new Publish($topic, 'x', 1, packetId: 1));
        }
        $this->assertSame(['commands/b'], $asked);
    }

    /** Questions that had been answered by their deadline were put to the hook all the same. */
    public function testAQuestionThatIsAnsweredIsNotPut(): void
    {
        $asked = 0;
        $this->server(['hookDeadline' => 0.2])->onPublish(function () use (&$asked): void {
            $asked++;
        });
        $peers = array_map(fn (string $id): Peer => $this->peer(new Connect($id)), ['a', 'b', 'c']);
        foreach ($peers as $peer) {
            $peer->send(new Publish('t', 'x', 1, packetId: 1));
        }
        usleep(400_000);
        $this->server->dispatch();
        foreach ($peers as $peer) {
            $ack = $this->next($peer);
            $this->assertInstanceOf(Packet\PubAck::class, $ack);
            $this->assertSame(ReasonCode::ImplementationSpecificError, $ack->reasonCode);
        }
        $this->assertSame(0, $asked);
        $this->assertStringContainsString('3 questions were not put to their hooks', implode("\n", $this->lines('warning')));
        $this->assertStringContainsString('Hook onPublish did not answer in time for client a.', implode("\n", $this->lines('warning')));
        $this->exchange($peers[0], new Publish('t', 'x', 1, packetId: 1));
        $this->assertSame(1, $asked);
    }

    /** @return iterable<string, array{?bool, string, ReasonCode}> */
    public function overdue(): iterable
    {
        yield 'nobody said who may' => [null, 'proceed', ReasonCode::NotAuthorized];
        yield 'nobody may' => [false, 'proceed', ReasonCode::NotAuthorized];
        yield 'everybody may' => [true, 'proceed', ReasonCode::Success];
        yield 'refused' => [true, 'refuse', ReasonCode::ServerUnavailable];
    }

    /**
     * A hook that hangs must not open the door: without it a client gets in where allowAnonymous says so, and only there.
     *
     * @dataProvider overdue
     */
    public function testAConnectHookThatIsOverdueLetsInWhomAllowAnonymousDoes(?bool $allow, string $rule, ReasonCode $expected): void
    {
        $this->server(['hookDeadline' => 0.1, 'hookOverdue' => $rule, 'allowAnonymous' => $allow])->onConnect(function (): void {
            usleep(300_000);
        });
        $ack = $this->exchange($this->stranger(), new Connect('a', username: 'joe'));
        $this->assertInstanceOf(ConnAck::class, $ack);
        $this->assertSame($expected, $ack->reasonCode);
    }

    /** Retained messages and counters did not show what the same script had published just before. */
    public function testWhatWasPublishedIsSeenAtOnce(): void
    {
        $server = $this->server(['shards' => 2, 'sysInterval' => 0]);
        $server->start();
        for ($i = 1; $i <= 50; $i++) {
            $server->publish("t/$i", 'x', 0, true);
            $this->assertCount($i, $server->retained());
            $this->assertSame($i, $server->stats()['retainedMessages']);
        }
        $server->publish('t/1', '', 0, true);
        $this->assertCount(49, $server->retained('t/#'));
    }

    /** The same for sessions, whose home may be another thread than the one that publishes. */
    public function testSessionsHaveWhatWasPublished(): void
    {
        $server = $this->server(['shards' => 4]);
        foreach (range(1, 6) as $i) {
            $peer = $this->peer(new Connect("c$i", properties: ['sessionExpiryInterval' => 60]));
            $this->exchange($peer, new Subscribe(1, [new Subscription('t/#', 1)]));
            $peer->drop();
        }
        $this->until(fn (): bool => $server->stats()['clientsConnected'] === 0);
        for ($n = 1; $n <= 50; $n++) {
            $server->publish("t/$n", 'x', 1);
            if ($n % 2 === 0) {
                $this->assertSame($n, $server->client('c' . ($n % 6 + 1))?->queued);
                continue;
            }
            $queued = [];
            foreach ($server->clients() as $info) {
                $queued[] = $info->queued;
            }
            $this->assertSame(array_fill(0, 6, $n), $queued);
        }
    }

    /** stop() waited its whole time for clients that do not close, and said false though everything was written. */
    public function testStopDoesNotWaitForClientsThatStay(): void
    {
        $server = $this->server();
        $peer = $this->peer();
        $begin = microtime(true);
        $this->assertTrue($server->stop(5));
        $this->assertLessThan(2, microtime(true) - $begin);
        $left = $this->next($peer);
        $this->assertInstanceOf(Packet\Disconnect::class, $left);
        $this->assertSame(ReasonCode::ServerShuttingDown, $left->reasonCode);
    }

    /** A hook that ended the connection of its publisher and let the message go lost it. */
    public function testAMessageGoesOnWhenItsPublisherIsSentAway(): void
    {
        $server = $this->server();
        $server->onPublish(fn (PublishRequest $request) => $server->disconnect($request->clientId) ? null : ReasonCode::UnspecifiedError, 't');
        $subscriber = $this->subscriber();
        $publisher = $this->peer(new Connect('publisher'));
        $publisher->send(new Publish('t', 'x'));
        $got = $this->next($subscriber);
        $this->assertInstanceOf(Publish::class, $got);
        $this->assertSame('x', $got->payload);
        $left = $this->next($publisher);
        $this->assertInstanceOf(Packet\Disconnect::class, $left);
        $this->assertSame(ReasonCode::AdministrativeAction, $left->reasonCode);
    }

    public function testSubscriptionsTellRetainHandling(): void
    {
        $this->server();
        $asked = new Subscription('a', 2, noLocal: true, retainAsPublished: true, retainHandling: 2);
        $peer = $this->peer();
        $this->exchange($peer, new Subscribe(1, [$asked]));
        foreach ($this->server->subscriptions() as $info) {
            $this->assertEquals($asked, $info->subscription);
        }
    }

    /** An identifier for a client that names none; CONNACK lost all its properties, and the session had another one. */
    public function testAHookChoosesTheIdentifier(): void
    {
        $this->server()->onConnect(fn (): array => ['assignedClientIdentifier' => 'chosen', 'sessionExpiryInterval' => 9, 'sharedSubscriptionAvailable' => true]);
        $peer = $this->stranger();
        $ack = $this->exchange($peer, new Connect());
        $this->assertInstanceOf(ConnAck::class, $ack);
        $this->assertSame(['chosen', 9], [$ack->properties->assignedClientIdentifier, $ack->properties->sessionExpiryInterval]);
        $this->assertSame(9, $this->server->client('chosen')?->sessionExpiryInterval);
        $other = $this->stranger();
        $this->assertNull($this->exchange($other, new Connect('own'))->properties->assignedClientIdentifier);
        $this->assertSame(
            ['Hook onConnect for client own: assignedClientIdentifier is for clients that name none, so it was left out.'],
            $this->lines('error'),
        );
    }

    /** What an Auth of a hook says besides its data was lost. */
    public function testAnAuthOfAHookIsSentWhole(): void
    {
        $this->server()->onAuthenticate(fn ($request): Packet\Auth => new Packet\Auth(
            $request->data === null ? ReasonCode::ContinueAuthentication : ReasonCode::Success,
            ['authenticationMethod' => 'M', 'authenticationData' => 'd', 'reasonString' => 'why', 'userProperties' => ['a' => 'b']],
        ));
        $peer = $this->stranger();
        foreach ([new Connect('a', properties: ['authenticationMethod' => 'M']), new Packet\Auth(properties: ['authenticationMethod' => 'M', 'authenticationData' => 'x'])] as $packet) {
            $answer = $this->exchange($peer, $packet instanceof Packet\Auth ? new Packet\Auth(ReasonCode::ContinueAuthentication, $packet->properties) : $packet);
            $properties = $answer instanceof Packet\Auth || $answer instanceof ConnAck ? $answer->properties : null;
            $this->assertSame(['d', 'why', [['a', 'b']]], [$properties?->authenticationData, $properties?->reasonString, $properties?->userProperties]);
        }
    }
}
