<?php
declare(strict_types=1);

// Operations per second of the drop-in beside imi-mqtt itself; both in the same run, turn and turn about, each in a process of
// its own, as they have the same classes. The source folders of the originals are arguments: that of imi-mqtt (with Client/),
// that of binsoul/net-mqtt 0.8 (with PacketStream.php), that of imi (with App.php).
//
//     php -d extension=target/release/mqtt.so tests/bench/php/compat/imi-mqtt.php [/imi-mqtt/src /net-mqtt/src /imi/src] [rounds]
//
// The client of the original needs Swoole: MQTT_SWOOLE says where its swoole.so is. It makes its objects with the container of imi;
// here they are made with new, so what the container costs is left out.
//
// CPU time of the process counts, and the best round: how long a broker takes to answer depends on what else the machine does.

use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\PingResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishCompletePacket;
use BinSoul\Net\Mqtt\Packet\PublishReceivedPacket;
use BinSoul\Net\Mqtt\Packet\PublishReleasePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeResponsePacket;
use BinSoul\Net\Mqtt\Packet\UnsubscribeResponsePacket;
use Imi\MQTT\Client\Contract\IMQTTClientListener;
use Imi\MQTT\Client\MQTTClient;
use Imi\Server\MQTT\DataParser\MQTTDataParser;

const OPERATIONS = 10_000;

if (($argv[1] ?? '') === '--measure') {
    echo json_encode(measure(json_decode($argv[2], true), (int) $argv[3]), JSON_THROW_ON_ERROR);
    exit;
}
$folders = count($argv) >= 4 ? array_slice($argv, 1, 3) : [];
compare($folders, (int) ($argv[$folders === [] ? 1 : 4] ?? 5));

/** @param list<string> $folders */
function compare(array $folders, int $rounds): void
{
    require dirname(__DIR__, 3) . '/php/support/Broker.php';
    $broker = Broker::run();
    $best = [];
    for ($round = 0; $round < $rounds; $round++) {
        foreach (['drop-in' => []] + ($folders === [] ? [] : ['original' => $folders]) as $side => $sources) {
            foreach (run($sources, $broker->port) as $row => $seconds) {
                $best[$row][$side] = min($best[$row][$side] ?? INF, $seconds);
            }
        }
    }
    printf("%-44s %14s %14s %8s\n", 'operations per second', 'drop-in', 'original', 'ratio');
    foreach ($best as $row => $seconds) {
        $there = isset($seconds['original']);
        printf(
            "%-44s %14s %14s %8s\n",
            $row,
            number_format(OPERATIONS / $seconds['drop-in']),
            $there ? number_format(OPERATIONS / $seconds['original']) : 'not there',
            $there ? sprintf('%.1f', $seconds['original'] / $seconds['drop-in']) : '',
        );
    }
}

/**
 * @param list<string> $sources
 *
 * @return array<string, float> seconds by row
 */
function run(array $sources, int $port): array
{
    preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match);
    $command = [PHP_BINARY, '-d', 'error_reporting=8191', '-d', "extension={$match[0]}"];
    $swoole = (string) getenv('MQTT_SWOOLE');
    if ($sources !== [] && $swoole !== '' && !extension_loaded('swoole')) {
        array_push($command, '-d', "extension=$swoole");
    }
    $process = proc_open([...$command, __FILE__, '--measure', json_encode($sources), (string) $port], [1 => ['pipe', 'w']], $pipes);
    $output = (string) stream_get_contents($pipes[1]);
    proc_close($process);
    return json_decode($output, true) ?? exit("$output\n");
}

/**
 * @param list<string> $sources
 *
 * @return array<string, float> seconds by row
 */
function measure(array $sources, int $port): array
{
    $sources === [] ? dropIn() : load(...$sources);
    $rows = codec();
    if ($sources === []) {
        return $rows + client($port);
    }
    if (extension_loaded('swoole')) {
        Swoole\Coroutine\run(function () use (&$rows, $port): void {
            $rows += client($port);
        });
    }
    return $rows;
}

function dropIn(): void
{
    require dirname(__DIR__, 3) . '/php/compat/autoload.php';
}

/** Finds the classes of the originals, and does without the container of imi. */
function load(string $imiMqtt, string $binsoul, string $imi): void
{
    spl_autoload_register(static function (string $class) use ($imiMqtt, $binsoul, $imi): void {
        foreach (['Imi\MQTT\\' => $imiMqtt, 'Imi\Server\MQTT\\' => "$imiMqtt/imi/Server/MQTT", 'BinSoul\Net\Mqtt\\' => $binsoul, 'Imi\\' => $imi] as $prefix => $folder) {
            $file = $folder . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
            if (str_starts_with($class, $prefix) && is_file($file)) {
                require_once $file;
                return;
            }
        }
    });
    eval('namespace Imi { class App { public static function getBean(string $name) { return new $name(); } } }
        namespace Imi\Util { class Imi { public static function getClassShortName(string $name): string { return $name; } } }
        namespace Imi\Swoole\Util { class Swoole { public static function getTcpSockTypeByHost(string $host): int { return SWOOLE_SOCK_TCP; } } }');
}

/** @return array<string, float> */
function codec(): array
{
    $parser = new MQTTDataParser();
    $property = new ReflectionProperty($parser, 'packetFactory');
    $property->setAccessible(true);
    $property->isInitialized($parser) ?: $property->setValue($parser, new BinSoul\Net\Mqtt\DefaultPacketFactory());
    $publish = new PublishRequestPacket();
    $publish->setTopic('bench/topic/of/some/length');
    $publish->setPayload(str_repeat('x', 64));
    $publish->setQosLevel(1);
    $publish->setIdentifier(10);
    $bytes = $parser->encode($publish);
    return [
        'server: PUBLISH read by the parser' => cpu(fn () => $parser->decode($bytes)),
        'server: PUBLISH written by the parser' => cpu(fn () => $parser->encode($publish)),
        'server: PINGREQ read, PINGRESP written' => cpu(function () use ($parser): void {
            $parser->decode("\xC0\x00");
            $parser->encode(new PingResponsePacket());
        }),
    ];
}

/** @return array<string, float> */
function client(int $port): array
{
    $listener = new class() implements IMQTTClientListener {
        public function connectACK(MQTTClient $client, ConnectResponsePacket $packet): void {}
        public function publish(MQTTClient $client, PublishRequestPacket $packet): void {}
        public function publishAck(MQTTClient $client, PublishAckPacket $packet): void {}
        public function publishReceived(MQTTClient $client, PublishReceivedPacket $packet): void {}
        public function publishRelease(MQTTClient $client, PublishReleasePacket $packet): void {}
        public function publishComplete(MQTTClient $client, PublishCompletePacket $packet): void {}
        public function subscribeACK(MQTTClient $client, SubscribeResponsePacket $packet): void {}
        public function unsubscribeACK(MQTTClient $client, UnsubscribeResponsePacket $packet): void {}
        public function ping(MQTTClient $client, PingResponsePacket $packet): void {}
    };
    $client = new MQTTClient(['host' => '127.0.0.1', 'port' => $port, 'clientId' => 'bench' . getmypid(), 'timeout' => 20], $listener);
    $client->connect();
    $payload = str_repeat('x', 64);
    $rows = [
        'client: publish QoS 0' => cpu(fn () => $client->publish('bench/one', $payload)),
        'client: publish QoS 1 and wait for PUBACK' => cpu(function () use ($client, $payload): void {
            $client->publish('bench/one', $payload, 1);
            $client->recv();
        }),
    ];
    $client->subscribe('bench/two');
    $client->recv();
    $count = 0;
    $rows['client: receive QoS 0, published 100 at a time'] = cpu(function () use ($client, $payload, &$count): void {
        if ($count++ % 100 === 0) {
            for ($i = 0; $i < 100; $i++) {
                $client->publish('bench/two', $payload);
            }
        }
        $client->recv();
    });
    $client->disconnect();
    return $rows;
}

/** CPU seconds of so many calls. */
function cpu(callable $work): float
{
    $now = static fn (): float => array_sum(array_map(static fn (string $kind): float => getrusage()["ru_$kind.tv_sec"] + getrusage()["ru_$kind.tv_usec"] / 1e6, ['utime', 'stime']));
    for ($i = 0; $i < OPERATIONS / 10; $i++) {
        $work();
    }
    $start = $now();
    for ($i = 0; $i < OPERATIONS; $i++) {
        $work();
    }
    return $now() - $start;
}
