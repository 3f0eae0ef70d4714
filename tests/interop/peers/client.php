<?php
/** Our PHP client behind JSON lines: one client, one request per line, one answer per line, in order. */
declare(strict_types=1);

$client = null;
$verbs = [
    'connect' => function (array $r) use (&$client): array {
        $options = $r['options'] + [
            'version' => Mqtt\Version::from($r['version']),
            'cleanStart' => !$r['keep'],
        ];
        if ($r['clientId'] !== '') {
            $options['clientId'] = $r['clientId'];
        }
        if ($r['version'] === 5) {
            $options['sessionExpiryInterval'] = $r['keep'];
        }
        if ($r['ca'] !== null) {
            $options['tls'] = ['caFile' => $r['ca']];
        }
        if ($r['will'] !== null) {
            $options['will'] = new Mqtt\Will($r['will']['topic'], base64_decode($r['will']['payload']), qos: $r['will']['qos']);
        }
        $client = new Mqtt\Client($r['uri'], $options);
        return ['sessionPresent' => $client->connect(15.0)->sessionPresent];
    },
    'subscribe' => function (array $r) use (&$client): array {
        $ack = $client->subscribe($r['filter'], qos: $r['qos']);
        return ['granted' => $ack->reasonCodes[0]->value];
    },
    'publish' => function (array $r) use (&$client): array {
        $token = $client->publish($r['topic'], base64_decode($r['payload']), qos: $r['qos'], retain: $r['retain']);
        return ['reason' => $client->wait($token, 15.0)->value];
    },
    'receive' => function (array $r) use (&$client): array {
        $message = $client->receive((float) $r['timeout']) ?? throw new RuntimeException("no message after {$r['timeout']} s");
        return ['topic' => $message->topic, 'payload' => base64_encode($message->payload), 'qos' => $message->qos, 'retain' => $message->retain];
    },
    'stats' => fn (array $r): array => ['stats' => $client->stats()],
    'disconnect' => function (array $r) use (&$client): array {
        $client->disconnect();
        return [];
    },
];

while (($line = fgets(STDIN)) !== false) {
    $request = json_decode($line, true, flags: JSON_THROW_ON_ERROR);
    try {
        $answer = $verbs[$request['verb']]($request);
    } catch (Throwable $error) {
        $answer = ['error' => $error::class . ': ' . $error->getMessage() . " ({$error->getFile()}:{$error->getLine()})"];
    }
    echo json_encode((object) $answer, JSON_THROW_ON_ERROR), "\n";
}
