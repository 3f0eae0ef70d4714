<?php
// requests: 2 2
// Two threads use one name with other options, and close what they have: neither hears of the other.
declare(strict_types=1);

$client = new Mqtt\Client('mqtt://127.0.0.1:1', ['persistent' => 'name', 'username' => 'user ' . thread(), 'linger' => 0.0]);
check(array_keys(Mqtt\Client::persistent()) === ['name'], 'one persistent client');
try {
    new Mqtt\Client('mqtt://127.0.0.1:1', ['persistent' => 'name', 'username' => 'another', 'linger' => 0.0]);
    check(false, 'other options in the same thread');
} catch (ValueError $error) {
    check(str_contains($error->getMessage(), '"name"'), $error->getMessage());
}
meet();
if (thread() === 1) {
    $client->disconnect();
}
meet();
check(array_keys(Mqtt\Client::persistent()) === ['name'], 'still there');
ob_start();
(new ReflectionExtension('mqtt'))->info();
check(substr_count((string) ob_get_clean(), 'Persistent client') === 1, 'phpinfo() has those of this thread');
