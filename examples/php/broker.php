<?php
/**
 * A broker in a PHP process: the Rust broker on its own threads, with its embedded defaults.
 *
 *     php -d extension=target/release/mqtt.so examples/php/broker.php [URI...]
 *
 * Without an argument it listens on 127.0.0.1:1883. Ctrl-C ends it.
 */
declare(strict_types=1);

$uris = array_slice($argv, 1);
$server = $uris === [] ? new Mqtt\Server() : new Mqtt\Server(['listen' => $uris]);

// A closure decides who may connect: null lets the client in, a reason code refuses it.
$server->onConnect(function (Mqtt\Server\ConnectRequest $request): ?Mqtt\ReasonCode {
    fprintf(STDERR, "connect: %s\n", $request->clientId);
    return $request->username === 'banned' ? Mqtt\ReasonCode::NotAuthorized : null;
});

// Ctrl-C and SIGTERM end it in order: clients are told, what waits is written.
if (function_exists('pcntl_signal')) {
    pcntl_async_signals(true);
    foreach ([SIGINT, SIGTERM] as $signal) {
        pcntl_signal($signal, fn () => $server->stop());
    }
}

$server->run();
