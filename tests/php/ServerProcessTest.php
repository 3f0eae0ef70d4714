<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/** Signals, exit and fork, each in a process of its own, with mosquitto's programs as clients where they are needed. */
final class ServerProcessTest extends TestCase
{
    private const START = <<<'PHP'
        $server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 2]);
        function ready() { global $server; $server->start(); echo "port ", $server->port(), ".\n"; }
        PHP;

    /** @requires extension pcntl */
    public function testASignalHandlerRunsInsideRunAndStopsIt(): void
    {
        $script = new Script(self::START . <<<'PHP'
            pcntl_async_signals(true);
            pcntl_signal(SIGTERM, function () use ($server) { echo "handler\n"; $server->stop(); });
            ready();
            $server->run();
            echo "after\n";
            PHP);
        $script->expect('/port (\d+)\./');
        $begin = microtime(true);
        $script->signal(SIGTERM);
        [$status, $output] = $script->end();
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString("handler\nafter\n", $output);
        $this->assertLessThan(2, microtime(true) - $begin);
    }

    /** @requires extension pcntl */
    public function testWithoutAsynchronousSignalsTooAndAHandlerMayThrow(): void
    {
        $script = new Script(self::START . <<<'PHP'
            pcntl_signal(SIGUSR1, function () { throw new LengthException('out'); });
            ready();
            try { $server->run(); } catch (LengthException $e) { echo "caught ", $e->getMessage(), $server->isRunning() ? ", it runs" : "", "\n"; }
            PHP);
        $script->expect('/port (\d+)\./');
        $script->signal(SIGUSR1);
        [$status, $output] = $script->end();
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString('caught out, it runs', $output);
    }

    public function testCtrlCEndsAScriptThatHandlesNoSignals(): void
    {
        $script = new Script(self::START . 'ready(); $server->run();');
        $script->expect('/port (\d+)\./');
        $script->signal(SIGINT);
        $this->assertSame(-SIGINT, $script->end()[0]);
    }

    /** @return iterable<string, array{string, int, string}> */
    public function ends(): iterable
    {
        yield 'exit in a hook' => ['exit(7)', 7, 'shutdown'];
        yield 'a fatal error in a hook' => ['str_repeat("x", PHP_INT_MAX - 100)', 255, 'shutdown'];
        yield 'memory ends in a hook' => ['ini_set("memory_limit", "8M") . str_repeat("x", 100_000_000)', 255, 'Allowed memory size'];
    }

    /** @dataProvider ends */
    public function testTheEndOfTheScriptInAHook(string $code, int $expected, string $words): void
    {
        $script = new Script(self::START . <<<PHP
            register_shutdown_function(function () { echo "shutdown\\n"; });
            \$server->onConnect(function () { $code; });
            ready();
            \$server->run();
            echo "not reached";
            PHP);
        $port = $script->expect('/port (\d+)\./');
        $client = proc_open(['mosquitto_pub', '-p', $port, '-t', 'a', '-m', 'x'], [1 => ['file', '/dev/null', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        $begin = microtime(true);
        [$status, $output] = $script->end();
        $this->assertSame($expected, $status, $output);
        $this->assertStringContainsString($words, $output);
        $this->assertStringNotContainsString('not reached', $output);
        $this->assertLessThan(3, microtime(true) - $begin);
        $this->assertNotSame(0, proc_close($client), 'the client was not let in');
    }

    public function testAScriptThatEndsWithoutStopEndsItsServer(): void
    {
        $script = new Script(self::START . 'ready(); echo "done\n";');
        $begin = microtime(true);
        [$status, $output] = $script->end();
        $this->assertSame(0, $status, $output);
        $this->assertLessThan(3, microtime(true) - $begin);
    }

    /** @requires extension pcntl */
    public function testAChildDoesNotTouchItsParentsServer(): void
    {
        $script = new Script(self::START . <<<'PHP'
            ready();
            $packets = new Mqtt\PacketServer();
            $child = pcntl_fork();
            if ($child === 0) {
                foreach (['start', 'run', 'dispatch', 'stop', 'stats', 'clients', 'stream', 'isRunning', 'addresses'] as $method) {
                    try { $server->$method(); echo "$method did not throw\n"; } catch (Mqtt\Exception\ForkException) { }
                }
                // These took a callable that nobody would ever call.
                foreach (['onConnect', 'onAuthenticate', 'onSubscribe', 'onUnsubscribe', 'onPublish', 'onDeliver', 'onDisconnect', 'onSessionCreated', 'onSessionEnded', 'onPing'] as $method) {
                    try { $server->$method(null); echo "$method did not throw\n"; } catch (Mqtt\Exception\ForkException) { }
                }
                $handler = new class implements Mqtt\Server\Handler { function onPing($notice) { } };
                try { $server->handler($handler); echo "handler did not throw\n"; } catch (Mqtt\Exception\ForkException) { }
                foreach (['onConnect', 'onPacket', 'onDisconnect'] as $method) {
                    try { $packets->$method(null); echo "PacketServer::$method did not throw\n"; } catch (Mqtt\Exception\ForkException) { }
                }
                $other = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0', 'shards' => 1]);
                $other->start();
                $client = new Mqtt\Client($other->addresses()[0]);
                $client->connect();
                echo "own server works\n";
                $client->disconnect();
                exit(3);
            }
            pcntl_waitpid($child, $status);
            echo "child ", pcntl_wexitstatus($status), ".\n";
            $client = new Mqtt\Client($server->addresses()[0]);
            $client->connect();
            echo "parent serves ", count([...$server->clients()]), "\n";
            $client->disconnect();
            PHP);
        [$status, $output] = $script->end();
        $this->assertSame(0, $status, $output);
        foreach (['own server works', 'child 3.', 'parent serves 1'] as $words) {
            $this->assertStringContainsString($words, $output);
        }
        $this->assertStringNotContainsString('did not throw', $output);
    }

    /** Hooks, publishing and stopping with the clients that people have. */
    public function testMosquittosClients(): void
    {
        $script = new Script(self::START . <<<'PHP'
            $server->onConnect(fn ($r) => $r->username === 'joe' && $r->password === 'secret' ? null : Mqtt\ReasonCode::NotAuthorized);
            $server->onSubscribe(function ($r) { foreach ($r->subscriptions as $s) echo "subscribe $r->clientId $s->filter\n"; });
            $server->onPublish(function ($r) use ($server) {
                if ($r->message->topic === 'stop') { $server->stop(); }
                return new Mqtt\Message($r->message->topic, strtoupper($r->message->payload), $r->message->qos);
            });
            ready();
            $server->run();
            echo "after\n";
            PHP);
        $port = $script->expect('/port (\d+)\./');
        $run = function (string ...$arguments) use ($port): array {
            $process = proc_open([...$arguments, '-p', $port], [1 => ['pipe', 'w'], 2 => ['redirect', 1]], $pipes);
            return [$process, $pipes[1]];
        };
        [$refused, $output] = $run('mosquitto_pub', '-t', 'a', '-m', 'x', '-u', 'joe', '-P', 'wrong');
        $this->assertStringContainsString('not authorised', strtolower((string) stream_get_contents($output)));
        $this->assertNotSame(0, proc_close($refused));

        [$reader, $lines] = $run('mosquitto_sub', '-t', 'a/#', '-C', '1', '-q', '1', '-u', 'joe', '-P', 'secret', '-i', 'reader');
        $script->expect('~subscribe reader a/#~');
        [$writer] = $run('mosquitto_pub', '-t', 'a/b', '-m', 'hello', '-q', '1', '-V', '5', '-u', 'joe', '-P', 'secret');
        $this->assertSame(0, proc_close($writer));
        $this->assertSame("HELLO\n", stream_get_contents($lines));
        $this->assertSame(0, proc_close($reader));

        proc_close($run('mosquitto_pub', '-t', 'stop', '-n', '-u', 'joe', '-P', 'secret')[0]);
        [$status, $output] = $script->end();
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString('after', $output);
    }
}
