<?php
declare(strict_types=1);

use Mqtt\Client;
use Mqtt\Exception\ClosedException;
use Mqtt\Exception\ConnectException;
use Mqtt\Exception\ProtocolException;
use Mqtt\Exception\RefusedException;
use Mqtt\Packet\Disconnect;
use Mqtt\ReasonCode;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;

/** What the user of a client is told when the server says no. */
final class RefusalTest extends TestCase
{
    private const ACCEPT = '20 03 00 00 00';

    public function testARefusedConnection(): void
    {
        $broker = new ScriptedBroker([1 => '20 0C 00 87 09 1F 00 06 62 61 6E 6E 65 64']);
        try {
            (new Client($broker->uri, ['reconnect' => false]))->connect(5.0);
            self::fail('it connected');
        } catch (ConnectException $e) {
            self::assertSame([ReasonCode::NotAuthorized, 0x87], [$e->reasonCode, $e->getCode()]);
            self::assertSame('banned', $e->connAck->properties->reasonString);
            foreach (['banned', 'not authorized', substr($broker->uri, 7)] as $words) {
                self::assertStringContainsString($words, $e->getMessage());
            }
        }
        $broker = new ScriptedBroker([1 => '20 02 00 04']);
        try {
            (new Client($broker->uri, ['reconnect' => false, 'version' => Version::V3_1_1]))->connect(5.0);
            self::fail('it connected');
        } catch (ConnectException $e) {
            self::assertSame(ReasonCode::BadUserNameOrPassword, $e->reasonCode);
        }
    }

    public function testARefusedPublish(): void
    {
        $broker = new ScriptedBroker([1 => self::ACCEPT, 3 => '40 04 id 97 00', 14 => 'close']);
        $client = new Client($broker->uri);
        $done = [];
        $client->onPublished(function (int $token, ReasonCode $code) use (&$done) { $done[$token] = $code; });
        $token = $client->publish('a', 'x', 1);
        try {
            $client->wait($token, 5.0);
            self::fail('it was accepted');
        } catch (RefusedException $e) {
            self::assertSame([ReasonCode::QuotaExceeded, 0x97], [$e->reasonCode, $e->getCode()]);
            self::assertStringContainsString('quota exceeded', $e->getMessage());
        }
        $client->dispatch();
        self::assertSame([$token => ReasonCode::QuotaExceeded], $done);
        self::assertSame(0, $client->flush(1.0));
    }

    public function testARefusedSubscriptionKeepsTheOtherFilters(): void
    {
        $broker = new ScriptedBroker([1 => self::ACCEPT, 8 => '90 05 id 00 01 87', 14 => 'close']);
        $client = new Client($broker->uri);
        $ack = $client->subscribe(['a', 'b'], 1, fn () => null, timeout: 5.0);
        self::assertSame([ReasonCode::GrantedQoS1, ReasonCode::NotAuthorized], $ack->reasonCodes);
    }

    public function testTheServerSaysGoodbye(): void
    {
        $broker = new ScriptedBroker([1 => self::ACCEPT . 'E0 02 8B 00']);
        $client = new Client($broker->uri, ['reconnect' => false]);
        $told = null;
        $client->onDisconnect(function (Throwable $why, ?Disconnect $packet) use (&$told) { $told = [$why::class, $packet?->reasonCode]; });
        $client->connect(5.0);
        try {
            for ($i = 0; $i < 50 && $told === null; $i++) {
                $client->loop(0.1);
            }
        } catch (ClosedException) {
            $client->dispatch();
        }
        self::assertSame(ReasonCode::ServerShuttingDown, $told[1]);
    }

    public function testAServerThatDoesNotSpeakMqtt(): void
    {
        $broker = new ScriptedBroker([1 => bin2hex("HTTP/1.1 400 Bad Request\r\n\r\n")]);
        try {
            (new Client($broker->uri, ['reconnect' => false]))->connect(5.0);
            self::fail('it connected');
        } catch (ProtocolException $e) {
            self::assertNotNull($e->clause);
            self::assertStringContainsString(substr($broker->uri, 7), $e->getMessage());
        }
    }

    public function testAnExceptionOfACallbackComesWithItsOwnTrace(): void
    {
        $broker = new ScriptedBroker([1 => self::ACCEPT]);
        $client = new Client($broker->uri);
        $client->onConnect(fn () => throw new DomainException('on purpose'));
        $client->connect(5.0);
        try {
            $client->loop(5.0);
            self::fail('no exception');
        } catch (DomainException $e) {
            self::assertSame('on purpose', $e->getMessage());
            self::assertSame('loop', $e->getTrace()[1]['function']);
        }
    }
}
