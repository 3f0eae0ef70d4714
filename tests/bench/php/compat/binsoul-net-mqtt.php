<?php
declare(strict_types=1);

// Operations per second of the drop-in beside binsoul/net-mqtt itself, whose source folder (the one with PacketStream.php)
// is the argument; both in the same run, turn and turn about, each in a process of its own, as they have the same classes.
//
//     php -d extension=target/release/mqtt.so tests/bench/php/compat/binsoul-net-mqtt.php [/path/to/net-mqtt/src] [rounds]
//
// CPU time of the best round counts: the machine may be busy.

use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultFlowFactory;
use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\Packet\SubscribeRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;

const OPERATIONS = 20_000;

if (($argv[1] ?? '') === '--measure') {
    echo json_encode(measure($argv[2]));
    exit;
}
compare($argv[1] ?? null, (int) ($argv[2] ?? 7));

function compare(?string $original, int $rounds): void
{
    $sides = ['drop-in' => ''] + ($original === null ? [] : ['original' => $original]);
    $best = [];
    for ($round = 0; $round < $rounds; $round++) {
        foreach ($sides as $side => $sources) {
            foreach (run($sources) as $row => $seconds) {
                $best[$row][$side] = min($best[$row][$side] ?? INF, $seconds);
            }
        }
    }
    printf("%-38s %14s %14s %8s\n", 'operations per second', 'drop-in', 'original', 'ratio');
    foreach ($best as $row => $seconds) {
        $there = isset($seconds['original']);
        if (!$there && $original !== null) {
            // Another generation has it.
            continue;
        }
        printf(
            "%-38s %14s %14s %8s\n",
            $row,
            number_format(OPERATIONS / $seconds['drop-in']),
            $there ? number_format(OPERATIONS / $seconds['original']) : 'not there',
            $there ? sprintf('%.1f', $seconds['original'] / $seconds['drop-in']) : '',
        );
    }
}

/** @return array<string, float> seconds by row */
function run(string $sources): array
{
    preg_match('~\S+/(?:lib)?mqtt\.so$~m', (string) file_get_contents('/proc/self/maps'), $match);
    $command = [PHP_BINARY, '-d', "extension={$match[0]}"];
    foreach (['opcache.enable_cli', 'opcache.jit', 'opcache.jit_buffer_size'] as $name) {
        array_push($command, '-d', "$name=" . ini_get($name));
    }
    $process = proc_open([...$command, __FILE__, '--measure', $sources], [1 => ['pipe', 'w']], $pipes);
    $rows = json_decode((string) stream_get_contents($pipes[1]), true, flags: JSON_THROW_ON_ERROR);
    proc_close($process);
    return $rows;
}

/** @return array<string, float> seconds by row */
function measure(string $sources): array
{
    if ($sources === '') {
        require dirname(__DIR__, 3) . '/php/compat/autoload.php';
    } else {
        spl_autoload_register(static function (string $class) use ($sources): void {
            require $sources . '/' . str_replace('\\', '/', substr($class, strlen('BinSoul\Net\Mqtt\\'))) . '.php';
        });
    }
    $rows = [];
    foreach (work() as $row => $work) {
        $work(OPERATIONS / 10);
        $start = getrusage();
        $work(OPERATIONS);
        $end = getrusage();
        $rows[$row] = ($end['ru_utime.tv_sec'] - $start['ru_utime.tv_sec']) + ($end['ru_utime.tv_usec'] - $start['ru_utime.tv_usec']) / 1e6
            + ($end['ru_stime.tv_sec'] - $start['ru_stime.tv_sec']) + ($end['ru_stime.tv_usec'] - $start['ru_stime.tv_usec']) / 1e6;
    }
    return $rows;
}

/** @return array<string, callable(int): void> */
function work(): array
{
    $payload = str_repeat('x', 64);
    $connect = static function (): ConnectRequestPacket {
        $packet = new ConnectRequestPacket();
        $packet->setClientID('bench-client');
        $packet->setUsername('user');
        $packet->setPassword('secret');
        $packet->setWill('will/topic', 'gone', 1, true);
        return $packet;
    };
    $publish = static function () use ($payload): PublishRequestPacket {
        $packet = new PublishRequestPacket();
        $packet->setTopic('bench/topic/of/some/length');
        $packet->setPayload($payload);
        $packet->setQosLevel(1);
        $packet->setIdentifier(10);
        return $packet;
    };
    $subscribe = static function (): SubscribeRequestPacket {
        $packet = new SubscribeRequestPacket();
        $packet->setFilters(['bench/one', 'bench/+/two', 'bench/three/#']);
        $packet->setQosLevels([0, 1, 2]);
        $packet->setIdentifier(10);
        return $packet;
    };
    $subscribeOne = static function (): SubscribeRequestPacket {
        $packet = new SubscribeRequestPacket();
        $packet->setTopic('bench/+/two');
        $packet->setQosLevel(1);
        $packet->setIdentifier(10);
        return $packet;
    };
    $makers = ['CONNECT' => $connect, 'PUBLISH QoS 1' => $publish];
    if (method_exists(SubscribeRequestPacket::class, 'setFilters')) {
        $makers['SUBSCRIBE x3'] = $subscribe;
    }
    if (method_exists(SubscribeRequestPacket::class, 'setTopic')) {
        $makers['SUBSCRIBE x1 of 0.8'] = $subscribeOne;
    }
    $rows = [];
    foreach ($makers as $name => $make) {
        $bytes = (string) $make();
        $class = get_class($make());
        $rows["$name: make and encode"] = static function (int $count) use ($make): void {
            for ($i = 0; $i < $count; $i++) {
                (string) $make();
            }
        };
        $packet = $make();
        $rows["$name: encode"] = static function (int $count) use ($packet): void {
            for ($i = 0; $i < $count; $i++) {
                (string) $packet;
            }
        };
        $rows["$name: read"] = static function (int $count) use ($bytes, $class): void {
            for ($i = 0; $i < $count; $i++) {
                (new $class())->read(new PacketStream($bytes));
            }
        };
        $rows["$name: parse one by one"] = static function (int $count) use ($bytes): void {
            $parser = new StreamParser(new DefaultPacketFactory());
            for ($i = 0; $i < $count; $i++) {
                $parser->push($bytes);
            }
        };
    }
    $bytes = (string) $publish();
    $rows['PUBLISH QoS 1: parse 50 at a time'] = static function (int $count) use ($bytes): void {
        $parser = new StreamParser(new DefaultPacketFactory());
        $chunk = str_repeat($bytes, 50);
        for ($i = 0; $i < $count; $i += 50) {
            $parser->push($chunk);
        }
    };
    $rows['PUBLISH QoS 1: parse in two halves'] = static function (int $count) use ($bytes): void {
        $parser = new StreamParser(new DefaultPacketFactory());
        [$one, $two] = str_split($bytes, 40);
        $rest = substr($bytes, 80);
        for ($i = 0; $i < $count; $i++) {
            $parser->push($one);
            $parser->push($two . $rest);
        }
    };
    $rows['PUBACK: parse one by one'] = static function (int $count): void {
        $parser = new StreamParser(new DefaultPacketFactory());
        for ($i = 0; $i < $count; $i++) {
            $parser->push("\x40\x02\x00\x0A");
        }
    };
    $rows['flow: publish QoS 1, PUBACK'] = static function (int $count): void {
        $generator = new DefaultIdentifierGenerator();
        $flows = new DefaultFlowFactory($generator, $generator, new DefaultPacketFactory());
        $parser = new StreamParser(new DefaultPacketFactory());
        $message = new DefaultMessage('bench/topic', 'payload', 1);
        for ($i = 0; $i < $count; $i++) {
            $flow = $flows->buildOutgoingPublishFlow($message);
            $packet = $flow->start();
            (string) $packet;
            foreach ($parser->push("\x40\x02" . pack('n', $packet->getIdentifier())) as $answer) {
                if ($flow->accept($answer)) {
                    $flow->next($answer);
                }
            }
        }
    };
    $rows['flow: connect'] = static function (int $count): void {
        $generator = new DefaultIdentifierGenerator();
        $flows = new DefaultFlowFactory($generator, $generator, new DefaultPacketFactory());
        $connection = new DefaultConnection('user', 'secret', null, 'bench');
        for ($i = 0; $i < $count; $i++) {
            (string) $flows->buildOutgoingConnectFlow($connection)->start();
        }
    };
    return $rows;
}
