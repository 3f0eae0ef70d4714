<?php
/**
 * A client over a plain socket, written for binsoul/net-mqtt: the packets, the parser and the flows are the library's, the
 * socket is the program's. It subscribes, publishes a message at each QoS to itself, and leaves.
 *
 *     php -d extension=target/release/mqtt.so examples/php/compat-binsoul-net-mqtt.php [HOST [PORT]]
 *
 * It needs `composer require mqtt/compat-binsoul-net-mqtt`.
 */
declare(strict_types=1);

use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultFlowFactory;
use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\DefaultSubscription;
use BinSoul\Net\Mqtt\Flow;
use BinSoul\Net\Mqtt\Message;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\StreamParser;

require getenv('MQTT_AUTOLOAD') ?: 'vendor/autoload.php';

$generator = new DefaultIdentifierGenerator();
$flows = new DefaultFlowFactory($generator, $generator, new DefaultPacketFactory());
$parser = new StreamParser(new DefaultPacketFactory());
$parser->onError(function (Throwable $error): void {
    fwrite(STDERR, $error->getMessage() . "\n");
});
$socket = stream_socket_client('tcp://' . ($argv[1] ?? '127.0.0.1') . ':' . ($argv[2] ?? 1883), timeout: 10.0) ?: exit(1);

/** @var Flow[] $open flows that wait for an answer */
$open = [];
/** @var Flow[] $messages of the messages that arrived */
$messages = [];

$start = function (Flow $flow) use (&$open, $socket): Flow {
    if ($packet = $flow->start()) {
        fwrite($socket, (string) $packet);
    }
    if (!$flow->isFinished()) {
        $open[] = $flow;
    }
    return $flow;
};
$handle = function (Packet $packet) use (&$open, &$messages, $socket, $flows, $start): void {
    if ($packet instanceof PublishRequestPacket) {
        $message = new DefaultMessage($packet->getTopic(), $packet->getPayload(), $packet->getQosLevel(), $packet->isRetained(), $packet->isDuplicate());
        $messages[] = $start($flows->buildIncomingPublishFlow($message, $packet->getIdentifier()));
        return;
    }
    foreach ($open as $index => $flow) {
        if ($flow->accept($packet)) {
            if ($answer = $flow->next($packet)) {
                fwrite($socket, (string) $answer);
            }
            if ($flow->isFinished()) {
                unset($open[$index]);
            }
            return;
        }
    }
};
$until = function (callable $done) use ($socket, $parser, $handle): void {
    while (!$done()) {
        $bytes = fread($socket, 65536);
        if ($bytes === '' || $bytes === false) {
            exit("the server has closed the connection\n");
        }
        foreach ($parser->push($bytes) as $packet) {
            $handle($packet);
        }
    }
};
$finish = function (Flow $flow) use ($until): Flow {
    $until(fn () => $flow->isFinished());
    $flow->isSuccess() || exit("{$flow->getCode()}: {$flow->getErrorMessage()}\n");
    return $flow;
};

/** @var Connection $connection */
$connection = $finish($start($flows->buildOutgoingConnectFlow(new DefaultConnection('example'))))->getResult();
echo "connected as {$connection->getClientID()}\n";
$finish($start($flows->buildOutgoingSubscribeFlow([new DefaultSubscription('binsoul/example/#', 2)])));
foreach ([0, 1, 2] as $level) {
    $finish($start($flows->buildOutgoingPublishFlow(new DefaultMessage("binsoul/example/$level", "hello at QoS $level", $level))));
}
$until(fn () => count(array_filter($messages, fn (Flow $flow) => $flow->isFinished())) === 3);
foreach ($messages as $flow) {
    /** @var Message $message */
    $message = $flow->getResult();
    printf("%s: %s\n", $message->getTopic(), $message->getPayload());
}
$start($flows->buildOutgoingDisconnectFlow($connection));
fclose($socket);
