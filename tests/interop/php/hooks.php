<?php
/** hooks.php URI: a server whose hooks refuse, and throw, on request. */
declare(strict_types=1);
$server = new Mqtt\Server(['listen' => [$argv[1]]]);
$server->onConnect(function (Mqtt\Server\ConnectRequest $r): ?Mqtt\ReasonCode {
    return match (true) {
        str_starts_with($r->clientId, 'throw') => throw new RuntimeException("onConnect threw for {$r->clientId}"),
        str_starts_with($r->clientId, 'refuse') => Mqtt\ReasonCode::NotAuthorized,
        default => null,
    };
});
$server->onSubscribe(function (Mqtt\Server\SubscribeRequest $r) {
    foreach ($r->subscriptions as $subscription) {
        if (str_starts_with($subscription->filter, 'secret/')) {
            throw new RuntimeException("onSubscribe threw for {$subscription->filter}");
        }
    }
    return null;
});
$server->onPublish(function (Mqtt\Server\PublishRequest $r) {
    return match ($r->message->topic) {
        'commands/throw' => throw new RuntimeException('onPublish threw'),
        'commands/refuse' => Mqtt\ReasonCode::QuotaExceeded,
        'commands/replace' => new Mqtt\Message('commands/replaced', strtoupper($r->message->payload), qos: 1),
        default => null,
    };
}, topics: ['commands/#']);
pcntl_async_signals(true);
pcntl_signal(SIGTERM, fn () => $server->stop());
$server->run();
echo "stopped in order\n";
