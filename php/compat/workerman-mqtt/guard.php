<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('workerman/mqtt', Workerman\Mqtt\Client::class, __DIR__);

// The protocol "mqtt" of Workerman, so that `new Worker('mqtt://0.0.0.0:1883')` works without a client made before.
spl_autoload_register(static function (string $class): void {
    if ($class === 'Workerman\Protocols\Mqtt') {
        class_alias(Workerman\Mqtt\Protocols\Mqtt::class, $class);
    }
});
