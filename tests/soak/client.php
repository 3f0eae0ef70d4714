<?php
/**
 * client.php URI MESSAGES CONNECTS SLEEP: the PHP client for a long time in one process. Publishes and receives MESSAGES at QoS 1,
 * connects CONNECTS times, and sleeps SLEEP seconds while the broker is restarted by whoever reads the line "sleeping".
 * Fails when a message is lost, or when memory or descriptors grow. Its last line is the result, for docs/soak.md.
 */
declare(strict_types=1);
[, $uri, $messages, $connects, $sleep] = $argv;
[$messages, $connects, $sleep] = [(int) $messages, (int) $connects, (int) $sleep];

$fail = function (string $why): never {
    fwrite(STDERR, "$why\n");
    exit(1);
};
/** Resident KiB, descriptors, threads, bytes of PHP. */
$size = function (): array {
    gc_collect_cycles();
    preg_match('~^VmRSS:\s+(\d+)~m', (string) file_get_contents('/proc/self/status'), $rss);
    return [(int) $rss[1], count(scandir('/proc/self/fd')), count(scandir('/proc/self/task')), memory_get_usage()];
};
$flat = function (string $what, array $before, array $after) use ($fail): void {
    // A tenth of the resident memory and some pages are the allocator's own.
    if ($after[0] > $before[0] * 1.1 + 2048 || $after[1] > $before[1] || $after[2] > $before[2] || $after[3] > $before[3] + 50_000) {
        $fail("$what: it grows: " . json_encode([$before, $after]) . ' (resident KiB, descriptors, threads, bytes of PHP)');
    }
};

$client = new Mqtt\Client($uri, ['clientId' => 'soak-' . getmypid(), 'keepAlive' => 10, 'reconnect' => ['minDelay' => 0.05, 'maxDelay' => 1.0]]);
$got = 0;
$client->subscribe('soak/messages', 1, function (Mqtt\Message $m) use (&$got, $fail): void {
    (int) $m->payload === $got++ || $fail("message $m->payload came in the place of " . ($got - 1));
});
$begin = hrtime(true);
$before = null;
for ($sent = 0; $sent < $messages; ) {
    for ($i = 0; $i < 1000 && $sent < $messages; $i++) {
        $client->publish('soak/messages', (string) $sent++, 1);
    }
    $client->flush(60.0) === 0 || $fail("not acknowledged within 60 s after $sent messages");
    for ($end = hrtime(true) + 60_000_000_000; $got < $sent && hrtime(true) < $end;) {
        $client->loop(1.0);
    }
    $got === $sent || $fail("$got of $sent messages within 60 s");
    if ($sent >= $messages / 10) {
        $before ??= $size();
    }
}
$flat('messages', $before, $size());
$seconds = (hrtime(true) - $begin) / 1e9;
[$first, $last] = [$before, $size()];
printf("%d messages in %.0f s, %d KiB resident after a tenth, %d at the end\n", $messages, $seconds, $first[0], $last[0]);

$before = null;
for ($i = 1; $i <= $connects; $i++) {
    $other = new Mqtt\Client($uri, ['clientId' => "soak-connect-$i"]);
    $other->onDisconnect(fn () => $other->stats());
    $other->subscribe("soak/connect/$i", 1, function () use ($other) {});
    $other->publish('soak/connect', 'x', 1);
    $i % 2 ? $other->disconnect() : $other = null;
    if ($i % 100 === 0) {
        gc_collect_cycles();
    }
    if ($i === max(1, intdiv($connects, 10))) {
        $other = null;
        $before = $size();
    }
}
$other = null;
// The thread lets go of the last one when it wakes.
for ($end = hrtime(true) + 20_000_000_000, $after = $size(); $after[1] > $before[1] && hrtime(true) < $end; $after = $size()) {
    usleep(10_000);
}
$flat('connects', $before, $after);
printf("%d connects, %d KiB and %d descriptors after a tenth, %d and %d at the end\n", $connects, $before[0], $before[1], $after[0], $after[1]);

if ($sleep > 0) {
    // Nothing of the client is called while the script sleeps: its thread keeps alive, completes, and comes back after the restart.
    $reconnects = $client->stats()['reconnects'];
    $client->publish('soak/last', 'on its way', 1);
    echo "sleeping\n";
    sleep($sleep);
    $stats = $client->stats();
    $client->isConnected() || $fail('not connected after the sleep');
    $stats['reconnects'] === $reconnects + 1 || $fail("{$stats['reconnects']} reconnects after a restart, and $reconnects before");
    $stats['openTokens'] === 0 || $fail("{$stats['openTokens']} publishes are open after the sleep");
}
printf("| %s | %d | %.0f | %d, %d KiB | %d | %d, %d KiB | %d, %d | %d s |\n", gmdate('Y-m-d'), $messages, $messages / $seconds, $first[0], $last[0], $connects, $before[0], $after[0], $before[1], $after[1], $sleep);
