<?php
/** What a loop cost: wall time, CPU of this thread, CPU of the whole process. */
declare(strict_types=1);

final class Measure
{
    private int $wall;
    private int $thread;
    private float $process;

    public function __construct()
    {
        $this->process = self::processCpu();
        $this->thread = self::threadCpu();
        $this->wall = hrtime(true);
    }

    /** @return array{count: int, wallNs: float, threadNs: float, processNs: float, perSecond: float} per message, but count and perSecond */
    public function stop(int $count): array
    {
        $wall = hrtime(true) - $this->wall;
        $thread = self::threadCpu() - $this->thread;
        $process = (self::processCpu() - $this->process) * 1e9;
        return [
            'count' => $count, 'wallNs' => round($wall / $count, 1), 'threadNs' => round($thread / $count, 1),
            'processNs' => round($process / $count, 1), 'perSecond' => round($count / ($wall / 1e9)),
        ];
    }

    /** Nanoseconds that the main thread was on a core. PHP has no RUSAGE_THREAD; the kernel tells it here, brought up to date at each switch of tasks. */
    private static function threadCpu(): int
    {
        usleep(1);                      // gives the core away, so that the figure is that of this moment
        $pid = getmypid();
        return (int) file_get_contents("/proc/self/task/$pid/schedstat");
    }

    /** Seconds of user and system time of all threads. */
    private static function processCpu(): float
    {
        $r = getrusage();
        return $r['ru_utime.tv_sec'] + $r['ru_stime.tv_sec'] + ($r['ru_utime.tv_usec'] + $r['ru_stime.tv_usec']) / 1e6;
    }
}
