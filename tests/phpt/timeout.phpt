--TEST--
The time limit of a script ends a call that waits
--EXTENSIONS--
mqtt
pcntl
posix
--FILE--
<?php
// The limit counts CPU time, of which a waiting script uses none: another process sends the signal of its timer.
set_time_limit(30);
$parent = getmypid();
if (pcntl_fork() === 0) {
    usleep(300_000);
    posix_kill($parent, SIGPROF);
    posix_kill(getmypid(), SIGKILL);
}
register_shutdown_function(fn () => print("shutdown\n"));
$client = new Mqtt\Client('mqtt://127.0.0.1:1', ['linger' => 0]);
$client->receive(20.0);
echo "not reached\n";
?>
--EXPECTF--
Fatal error: Maximum execution time of 30 seconds exceeded in %stimeout.php on line 12
shutdown
