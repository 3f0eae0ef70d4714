<?php
// A broker and a client in one process and one loop, without any library.
// usage: php -d extension=mqtt.so examples/php/loop-select.php
declare(strict_types=1);

spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/../../php/loop/src/' . str_replace('\\', '/', substr($class, 5)) . '.php';
    is_file($file) && require $file;
});

$loop = new Mqtt\Loop\SelectDriver();
$server = new Mqtt\Server(['listen' => 'mqtt://127.0.0.1:0']);
$server->onConnect(function (Mqtt\Server\ConnectRequest $request): ?Mqtt\ReasonCode {
    echo "connects: $request->clientId\n";
    return null;
});
$loop->watch($server, keepAlive: true);

$client = new Mqtt\Client('mqtt://127.0.0.1:' . $server->port());
$loop->watch($client, keepAlive: true);
$client->subscribe('ticks', 1, function (Mqtt\Message $message) use ($client, $server): void {
    echo "tick $message->payload\n";
    if ($message->payload === '3') {
        $client->disconnect(wait: false);
        $server->stop();
    }
}, wait: false);
for ($n = 1; $n <= 3; $n++) {
    $loop->delay($n * 0.1, fn () => $client->publish('ticks', (string) $n, 1));
}
$loop->run();
