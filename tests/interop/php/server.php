<?php
/** server.php OPTIONS: a server with these options (JSON), with hooks that let everything pass, until SIGTERM. */
declare(strict_types=1);
$server = new Mqtt\Server(json_decode($argv[1], true, flags: JSON_THROW_ON_ERROR));
$server->onConnect(fn (Mqtt\Server\ConnectRequest $r) => null);
$server->onPublish(fn (Mqtt\Server\PublishRequest $r) => null, topics: ['#']);
pcntl_async_signals(true);
pcntl_signal(SIGTERM, fn () => $server->stop());
$server->run();
echo "stopped in order\n";
