--TEST--
The time limit of a script ends a call that waits
--EXTENSIONS--
mqtt
pcntl
posix
--FILE--
<?php
require_once __DIR__ . '/../php/support/patience.php';
// The limit counts CPU time, of which a waiting script uses none: another process sends the signal of its timer.
set_time_limit(30);
$parent = getmypid();
if (pcntl_fork() === 0) {
    usleep((int) (patience(0.3) * 1e6));
    posix_kill($parent, SIGPROF);
    // By another process: valgrind would take a process that kills itself for one that ends.
    exec('kill -9 ' . getmypid());
}
register_shutdown_function(fn () => print("shutdown\n"));
$client = new Mqtt\Client('mqtt://127.0.0.1:1', ['linger' => 0]);
$client->receive(patience(20));
echo "not reached\n";
?>
--EXPECTF--
Fatal error: Maximum execution time of 30 seconds exceeded in %stimeout.php on line 14
shutdown
