<?php
declare(strict_types=1);

/**
 * Operations per second of a drop-in beside its original, and what each costs: turn and turn about in one run, each in a process of its own, as both declare
 * the same classes. The best round of each counts, since the machine may be busy.
 */
final class SideBySide
{
    /** Microseconds of processor time for each operation. */
    private static float $microseconds = 0.0;

    /** What a measuring script prints. */
    public static function answer(float|string $rate): string
    {
        return is_string($rate) ? $rate : "$rate " . self::$microseconds;
    }

    /** Seconds of user and system time of this process. */
    public static function cpu(): float
    {
        $usage = getrusage();
        return $usage['ru_utime.tv_sec'] + $usage['ru_stime.tv_sec'] + ($usage['ru_utime.tv_usec'] + $usage['ru_stime.tv_usec']) / 1e6;
    }

    /** Notes what so many operations since $cpu = cpu() cost. */
    public static function note(float $cpu, int $count): void
    {
        self::$microseconds = (self::cpu() - $cpu) * 1e6 / $count;
    }

    /**
     * Runs this script again for each row and side, with the arguments --measure ROW SOURCES PORT, and prints the table. SOURCES
     * is '' for the drop-in. The script prints answer().
     *
     * @param list<string> $rows
     * @param string|null  $original its source folder; null: not there
     */
    public static function compare(string $script, array $rows, ?string $original, int $rounds, int $port): void
    {
        printf("%-44s %12s %12s %7s %10s %10s %7s\n", '', 'drop-in', 'original', 'ratio', 'us of CPU', 'original', 'ratio');
        foreach ($rows as $row) {
            $best = $cpu = [];
            for ($round = 0; $round < $rounds; ++$round) {
                foreach (['drop-in' => ''] + ($original === null ? [] : ['original' => $original]) as $side => $sources) {
                    $answer = self::run([$script, '--measure', $row, $sources, (string) $port]);
                    if (preg_match('/^([\d.]+) ([\d.]+)$/', $answer, $match)) {
                        $best[$side] = max((float) $match[1], is_float($best[$side] ?? null) ? $best[$side] : 0.0);
                        $cpu[$side] = min((float) $match[2], $cpu[$side] ?? INF);
                    } else {
                        $best[$side] ??= $answer;
                    }
                }
            }
            $show = fn (mixed $value, int $decimals): string => is_float($value) ? number_format($value, $decimals) : (string) ($value ?? 'not there');
            $isBoth = count($cpu) === 2;
            printf(
                "%-44s %12s %12s %7s %10s %10s %7s\n", $row, $show($best['drop-in'] ?? null, 0), $show($best['original'] ?? null, 0),
                $isBoth ? sprintf('%.1f', $best['drop-in'] / $best['original']) : '', $show($cpu['drop-in'] ?? '', 1), $show($cpu['original'] ?? '', 1),
                $isBoth ? sprintf('%.1f', $cpu['original'] / $cpu['drop-in']) : '',
            );
        }
    }

    /**
     * Calls $operation for some time. It returns how many operations that were.
     *
     * @param callable(): int $operation
     */
    public static function rate(callable $operation, float $seconds = 1.0, int $warmUp = 0): float
    {
        while ($warmUp-- > 0) {
            $operation();
        }
        $count = 0;
        $cpu = self::cpu();
        $begin = hrtime(true);
        do {
            $count += $operation();
            $elapsed = (hrtime(true) - $begin) / 1e9;
        } while ($elapsed < $seconds);
        self::note($cpu, $count);
        return $count / $elapsed;
    }

    /** A process that publishes once somebody is there: COUNT messages of 64 bytes to a topic. */
    public static function feed(int $port, string $topic, int $qos, int $count): mixed
    {
        $code = <<<'PHP'
            [, $port, $topic, $qos, $count] = $argv;
            $client = new Mqtt\Client("mqtt://127.0.0.1:$port");
            $client->connect();
            $payload = str_repeat('x', 64);
            for ($i = 0; $i < $count; ++$i) { $client->publish($topic, $payload, (int) $qos); }
            $client->flush(60.0);
            PHP;
        return proc_open([...self::php(), '-r', $code, '--', (string) $port, $topic, (string) $qos, (string) $count], [1 => ['file', '/dev/null', 'w']], $pipes);
    }

    /** Waits for the end of a process. */
    public static function await(mixed $process): void
    {
        proc_close($process);
    }

    /** @param list<string> $arguments */
    private static function run(array $arguments): string
    {
        $process = proc_open([...self::php(), '-d', 'memory_limit=1G', '-d', 'display_errors=stderr', ...$arguments], [1 => ['pipe', 'w'], 2 => ['file', '/dev/null', 'w']], $pipes);
        $answer = trim((string) stream_get_contents($pipes[1]));
        return proc_close($process) === 0 && $answer !== '' ? $answer : 'fails';
    }

    /** @return list<string> */
    private static function php(): array
    {
        preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match);
        return [PHP_BINARY, '-d', "extension={$match[0]}"];
    }
}
