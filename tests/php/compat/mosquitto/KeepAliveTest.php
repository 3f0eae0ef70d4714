<?php
declare(strict_types=1);

namespace MosquittoTests;

require_once __DIR__ . '/MosquittoCase.php';

/** The shortest keep-alive is 5 seconds, so these take their time. */
final class KeepAliveTest extends MosquittoCase
{
    /** In the original only loop() sends pings: a script that computes is thrown out by the server. */
    public function testPingsGoOutWhileTheScriptIsBusyAndSilenceEndsTheConnection(): void
    {
        $server = new WireServer();
        $recorder = new Recorder('alive', logs: true);
        $recorder->client->connect('127.0.0.1', $server->port, 5);
        $server->accept();
        $server->say('20 02 00 00');
        $recorder->await('onConnect');
        $recorder->takeLines();
        // Nobody calls loop() while this waits.
        self::assertSame('c000', $server->packet());
        $server->say('d0 00');
        $recorder->client->loop();
        self::assertSame(['16 Client alive sending PINGREQ', '16 Client alive received PINGRESP'], $recorder->takeLines());
        // The loop is told of both although it may wait for longer.
        $client = $recorder->client;
        $client->onLog(function (int $level, string $text) use ($recorder): void {
            $recorder->lines[] = $text;
        });
        // As in the original, the text is the one of numbers without a text.
        self::assertThrows('Unknown error.', fn () => $client->loopForever(60_000));
        self::assertSame(['Client alive sending PINGREQ', 'onDisconnect [19]'], $recorder->lines);
        self::assertSame('c000', $server->packet());
        self::assertSame([[19]], $recorder->of('onDisconnect'));
        self::assertSame(-1, $recorder->client->getSocket());
    }
}
