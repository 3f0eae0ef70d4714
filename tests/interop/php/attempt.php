<?php
/** attempt.php URI OPTIONS: tries to connect and tells, as JSON, what came of it. */
declare(strict_types=1);
[, $uri, $options] = $argv;
$begin = hrtime(true);
try {
    $options = json_decode($options, true, flags: JSON_THROW_ON_ERROR);
    if (isset($options['version'])) {
        $options['version'] = Mqtt\Version::from($options['version']);
    }
    $client = new Mqtt\Client($uri, $options);
    $ack = $client->connect();
    $token = $client->publish('interop/attempt', 'x', qos: 1);
    $client->wait($token, 10.0);
    $answer = ['connected' => true];
    $client->disconnect();
} catch (Throwable $e) {
    $answer = [
        'connected' => false, 'class' => $e::class, 'message' => $e->getMessage(), 'line' => $e->getLine(), 'file' => basename($e->getFile()),
        'interface' => $e instanceof Mqtt\Exception\Exception, 'trace' => $e->getTraceAsString(),
        'reason' => $e instanceof Mqtt\Exception\ConnectException ? $e->reasonCode->name : null,
    ];
}
echo json_encode($answer + ['seconds' => (hrtime(true) - $begin) / 1e9]), "\n";
