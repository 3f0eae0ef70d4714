--TEST--
What is lost at the end of the script is told in a warning, also after exit and fatal errors
--EXTENSIONS--
mqtt
--FILE--
<?php
$code = <<<'PHP'
ini_set('mqtt.linger', '0.1');
$client = new Mqtt\Client('mqtt://127.0.0.1:1');
$client->publish('a', 'x', 1);
$client->publish('a', 'x', 1);
PHP;
preg_match('~\S+/(?:lib)?mqtt\.so$~m', file_get_contents('/proc/self/maps'), $match);
// Without an allocator of PHP there is no memory limit.
$memory = getenv('USE_ZEND_ALLOC') === '0' && getenv('USE_TRACKED_ALLOC') !== '1' ? ['', ''] : ['str_repeat("x", PHP_INT_MAX - 100);', 'function f() { f(); } ini_set("memory_limit", "8M"); f();'];
foreach (['', 'exit(0);', 'throw new Exception("on purpose");', 'trigger_error("on purpose", E_USER_ERROR);', ...$memory, '$client = null; echo "after\n";'] as $end) {
    // 24575 is all but deprecations: PHP 8.4 deprecates E_USER_ERROR.
    $php = PHP_BINARY . " -n -d display_errors=1 -d html_errors=0 -d log_errors=0 -d error_reporting=24575 -d extension=$match[0] -r " . escapeshellarg($code . $end);
    $output = (string) shell_exec("$php 2>&1");
    // A refused connection may end the wait before its time.
    preg_match_all('~Warning: .*(\d+ messages? \w+ not delivered to mqtt://127\.0\.0\.1:1) (?:within 0\.1 s|and given up after [\d.]+ s, because there was no hope)~', $output, $warnings);
    echo count($warnings[0]), ' ', $warnings[1][0] ?? $output, preg_match('~^after$~m', $output) ? ' after' : '', "\n";
}
?>
--EXPECT--
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1
1 2 messages were not delivered to mqtt://127.0.0.1:1 after
