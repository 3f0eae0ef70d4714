<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/**
 * A worker that answers many requests in one process without an end of request in between, as RoadRunner and FrankenPHP run
 * scripts: what belongs to a request ends with its objects, the connection does not.
 */
final class LongLivedWorkerTest extends TestCase
{
    /** The loop of a worker: each line of its input is a request. */
    private const WORKER = <<<'PHP'
        function request(string $uri, string $line): string {
            [$what, $text] = explode(' ', trim($line) . ' ');
            $client = new Mqtt\Client($uri, ['persistent' => 'worker', 'clientId' => 'worker-' . getmypid(), 'connectTimeout' => 1.0, 'reconnect' => ['minDelay' => 0.01, 'maxDelay' => 0.1]]);
            switch ($what) {
                case 'publish': return $client->wait($client->publish('worker/out', $text, 1), 10.0)->name;
                case 'hand': return (string) ($client->publish('worker/out', $text, 1) > 0);
                case 'subscribe':
                    $client->subscribe('worker/in', 1, function ($m) use ($text, $client) { $client->publish('worker/out', "handler of $text got $m->payload", 1); });
                    return 'subscribed';
                case 'dispatch': return (string) $client->loop(0.0);
                case 'receive': return $client->receive(10.0)?->payload ?? 'nothing';
                case 'other': new Mqtt\Client($uri, ['persistent' => 'worker', 'keepAlive' => 7]); return 'shared';
                case 'fail': $client->onMessage(fn () => throw new LogicException('of an earlier request')); throw new DomainException($text);
                case 'stats': $s = $client->stats(); return "$s[connections] $s[reconnects] $s[clientId]";
                case 'size': gc_collect_cycles(); return memory_get_usage() . ' ' . count(scandir('/proc/self/fd')) . ' ' . count(scandir('/proc/self/task'));
            }
        }
        while (($line = fgets(STDIN)) !== false) {
            $begin = hrtime(true);
            try {
                $answer = request($argv[1], $line);
            } catch (Throwable $e) {
                $answer = $e::class;
                unset($e);
            }
            // A handler that holds its client is a cycle, and there is no end of request that would break it.
            gc_collect_cycles();
            echo $answer, '|', (hrtime(true) - $begin) / 1e9, "\n";
        }
        PHP;

    /** @var resource */
    private $process;
    /** @var array<int, resource> */
    private array $pipes = [];
    private Broker $broker;
    private float $seconds;

    protected function setUp(): void
    {
        $this->broker = Broker::run();
        $command = [PHP_BINARY, '-d', 'extension=' . Broker::extension(), '-r', self::WORKER, '--', $this->broker->uri()];
        $this->process = proc_open($command, [['pipe', 'r'], ['pipe', 'w']], $this->pipes) ?: throw new RuntimeException('PHP does not start');
        stream_set_timeout($this->pipes[1], 30);
    }

    protected function tearDown(): void
    {
        proc_terminate($this->process, SIGKILL);
        proc_close($this->process);
        $this->broker->stop();
    }

    private function ask(string $line): string
    {
        fwrite($this->pipes[0], "$line\n");
        [$answer, $seconds] = explode('|', (string) fgets($this->pipes[1])) + [1 => 'no answer'];
        $this->seconds = (float) $seconds;
        return $answer;
    }

    public function testOneConnectionServesAllRequests(): void
    {
        $watcher = new Mqtt\Client($this->broker->uri());
        $watcher->subscribe('worker/out', 1);
        for ($i = 0; $i < 100; $i++) {
            self::assertContains($this->ask("publish $i"), ['Success', 'NoMatchingSubscribers']);
        }
        for ($i = 0; $i < 100; $i++) {
            self::assertSame((string) $i, $watcher->receive(20.0)?->payload);
        }
        self::assertSame('1 0 worker-' . proc_get_status($this->process)['pid'], $this->ask('stats'));
        self::assertSame('ValueError', $this->ask('other'), 'other options under the same name');
        // The end of the input is the end of the process: what it still had in hand arrives.
        for ($i = 0; $i < 50; $i++) {
            $this->ask("hand last-$i");
        }
        fclose($this->pipes[0]);
        for ($i = 0; $i < 50; $i++) {
            self::assertSame("last-$i", $watcher->receive(20.0)?->payload);
        }
    }

    public function testHandlersEndWithTheirRequestAndMessagesWait(): void
    {
        $watcher = new Mqtt\Client($this->broker->uri());
        $watcher->subscribe('worker/out', 1);
        self::assertSame('subscribed', $this->ask('subscribe first'));
        self::assertSame('DomainException', $this->ask('fail on-purpose'));
        $watcher->wait($watcher->publish('worker/in', 'between', 1), 20.0);
        self::assertSame('between', $this->ask('receive'), 'for the next request that asks; no handler of an earlier one took it');
        $watcher->wait($watcher->publish('worker/in', 'later', 1), 20.0);
        self::assertSame('subscribed', $this->ask('subscribe second'));
        self::assertSame('later', $this->ask('receive'));
        self::assertNull($watcher->receive(0.0), 'no handler has published anything');
    }

    public function testABrokerThatGoesAwayCostsOneBoundedTimeAndComesBack(): void
    {
        $this->ask('publish 1');
        $this->broker->stop();
        $this->ask('hand queued');
        self::assertLessThan(5.0, $this->seconds);
        $this->broker->start();
        self::assertContains($this->ask('publish 2'), ['Success', 'NoMatchingSubscribers'], 'the same connection, made anew');
        self::assertStringStartsWith('2 1 ', $this->ask('stats'));
    }

    public function testNothingGrows(): void
    {
        for ($i = 0; $i < 100; $i++) {
            $this->ask('subscribe x');
            $this->ask('fail x');
        }
        [$memory, $descriptors, $threads] = explode(' ', $this->ask('size'));
        for ($i = 0; $i < 1000; $i++) {
            $this->ask($i % 2 ? 'subscribe x' : 'fail x');
        }
        [$memoryAfter, $descriptorsAfter, $threadsAfter] = explode(' ', $this->ask('size'));
        self::assertSame([$descriptors, $threads], [$descriptorsAfter, $threadsAfter]);
        self::assertLessThan(20_000, $memoryAfter - $memory);
    }
}
