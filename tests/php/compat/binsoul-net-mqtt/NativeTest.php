<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\ConnectRequestPacket;
use BinSoul\Net\Mqtt\Packet\PublishAckPacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;
use Mqtt\Compat\ObjectCodec;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Twin.php';

/** The extension and the package's PHP code do the same, whatever comes. */
final class NativeTest extends TestCase
{
    protected function setUp(): void
    {
        mt_srand((int) (getenv('MQTT_TEST_SEED') ?: 1));
        // The extension learns a class with its first packet.
        foreach (range(1, 14) as $type) {
            ObjectCodec::learn($type, (new DefaultPacketFactory())->build($type));
        }
        ObjectCodec::learn(0, new PacketStream());
    }

    public function testTheExtensionReadsWhatIsOrdinary(): void
    {
        $read = 0;
        foreach (Twin::vectors() as $name => $bytes) {
            $list = ObjectCodec::decode(new PacketStream(), $bytes, $stopped);
            $read += count($list);
            if (str_starts_with($name, 'malformed') || str_starts_with($name, 'own')) {
                $this->assertSame([], array_slice($list, 1), $name);
            }
        }
        $this->assertGreaterThan(50, $read);
    }

    public function testTheExtensionWritesWhatIsOrdinary(): void
    {
        $factory = new DefaultPacketFactory();
        $written = [];
        foreach (Twin::vectors() as $name => $bytes) {
            if (str_starts_with($name, 'valid') && ord($bytes[0]) >> 4 < 15) {
                $packet = $factory->build(ord($bytes[0]) >> 4);
                $written[$packet->getPacketType()] ??= 0;
                if (isset(Twin::read(clone $packet, new PlainStream($bytes))['fields'])) {
                    $written[$packet->getPacketType()] += (int) (ObjectCodec::encode($this->readInto($packet, $bytes)[0]) !== null);
                }
            }
        }
        $this->assertGreaterThan(10, count($written));
        $this->assertNotContains(0, $written);
    }

    public function testParsersAgreeOnVectors(): void
    {
        foreach (Twin::vectors() as $name => $bytes) {
            $this->assertParsersAgree([$bytes], $name);
            // In the middle, so that what follows a refused packet is seen to be read.
            $this->assertParsersAgree(["\xD0\x00$bytes\xC0\x00"], "$name between others");
            if (strlen($bytes) < 300) {
                $this->assertParsersAgree(str_split("$bytes\xC0\x00"), "$name byte by byte");
            }
        }
    }

    public function testReadersAgreeOnVectors(): void
    {
        foreach (Twin::vectors() as $name => $bytes) {
            $type = ord($bytes[0] ?? "\0") >> 4;
            if ($type < 1 || $type > 14) {
                continue;
            }
            $factory = new DefaultPacketFactory();
            foreach ([$bytes, "$bytes\xC0\x00", substr($bytes, 0, -1)] as $input) {
                $expected = Twin::read($factory->build($type), new PlainStream($input));
                $this->assertSame($expected, Twin::read($factory->build($type), new PacketStream($input)), $name);
                if (isset($expected['fields'])) {
                    $this->assertWritersAgree($this->readInto($factory->build($type), $input), $name);
                }
            }
        }
    }

    public function testAllAgreeOnMutations(): void
    {
        $vectors = array_values(array_filter(Twin::vectors(), fn (string $bytes) => $bytes !== '' && strlen($bytes) < 300));
        $factory = new DefaultPacketFactory();
        $rounds = (int) (getenv('MQTT_TEST_MUTATIONS') ?: 5000);
        $packets = 0;
        for ($round = 0; $round < $rounds; $round++) {
            $bytes = '';
            for ($count = mt_rand(1, 3); $count > 0; $count--) {
                $bytes .= $this->mutated($vectors[mt_rand(0, count($vectors) - 1)]);
            }
            $this->assertParsersAgree($this->chunks($bytes), "round $round: " . bin2hex($bytes));
            $type = ord($bytes[0]) >> 4;
            if ($type >= 1 && $type <= 14) {
                $expected = Twin::read($factory->build($type), new PlainStream($bytes));
                $this->assertSame($expected, Twin::read($factory->build($type), new PacketStream($bytes)), bin2hex($bytes));
                if (isset($expected['fields'])) {
                    $packets++;
                    $this->assertWritersAgree($this->readInto($factory->build($type), $bytes), bin2hex($bytes));
                }
            }
        }
        $this->assertGreaterThan(0, $packets);
    }

    /** Packets built up with the setters, in any order, with values that are usual and not. */
    public function testWritersAgreeOnWhatSettersLeave(): void
    {
        $strings = ['', 'a', 'a/b', 'a/#/b', '+', "\u{0627}", "\xFF", "a\0", str_repeat('x', 300), '$share/g/a', '$share/g'];
        $numbers = [-1, 0, 1, 2, 3, 4, 5, 128, 255, 256, 65535, 65536];
        $lists = [[], ['a'], ['a', 'b', 'c'], ['x' => 'a', 'y' => 'b'], [3 => 'a'], [1, 2], [0, 128, 2], ['x' => 1], ['a/#/b']];
        $factory = new DefaultPacketFactory();
        for ($round = 0; $round < 3000; $round++) {
            $type = mt_rand(1, 14);
            [$one, $two] = [$factory->build($type), $factory->build($type)];
            $setters = array_values(array_filter(get_class_methods($one), fn (string $name) => str_starts_with($name, 'set')));
            $story = get_class($one);
            for ($count = mt_rand(0, 6); $count > 0 && $setters !== []; $count--) {
                $setter = $setters[mt_rand(0, count($setters) - 1)];
                $arguments = [];
                foreach ((new \ReflectionMethod($one, $setter))->getParameters() as $parameter) {
                    $arguments[] = match ($parameter->getType()->getName()) {
                        'string' => $strings[mt_rand(0, count($strings) - 1)],
                        'int' => $numbers[mt_rand(0, count($numbers) - 1)],
                        'bool' => mt_rand(0, 1) === 1,
                        'array' => $lists[mt_rand(0, count($lists) - 1)],
                    };
                }
                $story .= "->$setter(" . json_encode($arguments, JSON_PARTIAL_OUTPUT_ON_ERROR) . ')';
                $outcomes = [];
                foreach ([$one, $two] as $packet) {
                    try {
                        $packet->$setter(...$arguments);
                        $outcomes[] = null;
                    } catch (\Throwable $e) {
                        $outcomes[] = Twin::error($e);
                    }
                }
                $this->assertSame($outcomes[0], $outcomes[1], $story);
            }
            if (method_exists($one, 'setIdentifier') && $one->getIdentifier() === null) {
                $one->setIdentifier(7);
                $two->setIdentifier(7);
            }
            if ($one instanceof ConnectRequestPacket && $one->getClientID() === '') {
                $one->setClientID('c');
                $two->setClientID('c');
            }
            $this->assertWritersAgree([$one, $two], $story);
        }
    }

    /** Who overrides a method is asked, though the bytes are ordinary. */
    public function testASubclassOfAPacketIsHonoured(): void
    {
        $packet = new class() extends PublishRequestPacket {
            public function getTopic(): string
            {
                return 'mine';
            }

            public function write(PacketStream $stream): void
            {
                $stream->write('mine');
            }
        };
        $this->assertSame('mine', (string) $packet);
        $packet->read(new PacketStream("\x30\x03\x00\x01a"));
        $this->assertSame('mine', $packet->getTopic());
        $this->assertFalse(ObjectCodec::read($packet, new PacketStream("\x30\x03\x00\x01a")));
        $this->assertNull(ObjectCodec::encode($packet));
    }

    public function testASubclassOfTheFactoryIsHonoured(): void
    {
        $factory = new class() extends DefaultPacketFactory {
            public array $built = [];

            public function build(int $type): Packet
            {
                $this->built[] = $type;
                return parent::build($type);
            }
        };
        $packets = (new StreamParser($factory))->push("\xC0\x00\xD0\x00");
        $this->assertSame([12, 13], $factory->built);
        $this->assertCount(2, $packets);
    }

    public function testASubclassOfTheStreamIsHonoured(): void
    {
        $stream = new class() extends PacketStream {
            public int $bytesRead = 0;

            public function read(int $count): string
            {
                $this->bytesRead += $count;
                return parent::read($count);
            }
        };
        $this->assertCount(1, (new StreamParser(null, $stream))->push("\xC0\x00"));
        // The type is looked at before the packet is made.
        $this->assertSame(3, $stream->bytesRead);
    }

    /** A property that somebody has made a reference of is not written to behind the reference. */
    public function testReferencesAreLeftToPhp(): void
    {
        $packet = new PublishAckPacket();
        $borrow = \Closure::bind(function & () {
            return $this->identifier;
        }, $packet, PublishAckPacket::class);
        $identifier = &$borrow();
        $identifier = 5;
        $packet->read(new PacketStream("\x40\x02\x00\x09"));
        $this->assertSame(9, $identifier);
        $borrow = \Closure::bind(function & () {
            return $this->remainingPacketLength;
        }, $packet, PublishAckPacket::class);
        $length = &$borrow();
        $length = 0;
        $this->assertSame("\x40\x02\x00\x09", (string) $packet);
        $this->assertSame(2, $length);
    }

    public function testWhatIsNotLearntIsRefused(): void
    {
        $this->assertFalse(ObjectCodec::learn(3, new \stdClass()));
        $this->assertNull(ObjectCodec::encode(new PublishRequestPacket()), 'the class was forgotten with the one that cannot be used');
        $this->assertFalse(ObjectCodec::learn(4, new class() {
            protected int $packetFlags = 0;
            protected int $remainingPacketLength = 0;
            protected string $identifier = '';
        }), 'a string cannot hold a packet identifier');
        $this->assertFalse(ObjectCodec::learn(12, new class() {
            protected int $packetFlags = 0;
            protected static int $remainingPacketLength = 0;
        }), 'a static property is not the object\'s');
        $this->assertFalse(ObjectCodec::learn(0, new \ArrayObject()));
        $this->expectException(\Error::class);
        ObjectCodec::decode(new PlainStream(), 'x', $stopped);
    }

    /**
     * Classes go with their request, and others may come to stand where they stood. A process that answers many requests
     * learns them anew in each.
     *
     * @dataProvider caches
     */
    public function testManyRequestsInOneProcess(string $cache): void
    {
        $socket = stream_socket_server('tcp://127.0.0.1:0');
        $address = (string) stream_socket_get_name($socket, false);
        fclose($socket);
        $script = (string) tempnam(sys_get_temp_dir(), 'request');
        file_put_contents($script, '<?php
            if (isset($_GET["junk"])) {
                for ($i = 0; $i < 50; $i++) { eval("class Junk$i { public \$a = [1]; public \$b = \"x\"; public \$c; public \$d; }"); $all[] = new ("Junk$i")(); }
            }
            require ' . var_export(dirname(__DIR__) . '/autoload.php', true) . ';
            foreach ((new BinSoul\Net\Mqtt\StreamParser())->push("\x32\x06\0\1a\0\7x\xC0\0\x32\x06\0\1b\0\x08y") as $packet) { echo bin2hex((string) $packet), " "; }
        ');
        $command = [PHP_BINARY, '-d', 'extension=' . \Broker::extension(), '-d', "opcache.enable_cli=$cache", '-S', $address, $script];
        $process = proc_open($command, [2 => ['pipe', 'w']], $pipes);
        while (!str_contains((string) fgets($pipes[2]), 'started')) {
            $this->assertFalse(feof($pipes[2]));
        }
        for ($request = 0; $request < 12; $request++) {
            $answer = file_get_contents("http://$address/" . ($request % 3 === 1 ? '?junk=1' : ''));
            $this->assertSame('3206000161000778 c000 3206000162000879 ', $answer);
        }
        proc_terminate($process, SIGKILL);
        proc_close($process);
        unlink($script);
    }

    public static function caches(): array
    {
        return ['without a cache' => ['0'], 'with a cache' => ['1']];
    }

    public function testNothingIsLost(): void
    {
        $parser = new StreamParser();
        $chunk = "\x32\x0A\x00\x03a/b\x00\x07xyz\xC0\x00\x82\x06\x00\x01\x00\x01a\x01";
        $parser->push($chunk);
        $before = memory_get_usage();
        for ($round = 0; $round < 2000; $round++) {
            foreach (str_split($chunk, 1 + $round % 7) as $part) {
                foreach ($parser->push($part) as $packet) {
                    (string) $packet;
                }
            }
        }
        $this->assertLessThan(20_000, memory_get_usage() - $before);
    }

    /** A payload that comes in many chunks is not copied with each of them. */
    public function testALargeMessageInSmallChunks(): void
    {
        $payload = random_bytes(3_000_000);
        $packet = new PublishRequestPacket();
        $packet->setTopic('large');
        $packet->setPayload($payload);
        $parser = new StreamParser();
        $packets = [];
        foreach (str_split($packet . "\xC0\x00", 4096) as $chunk) {
            array_push($packets, ...$parser->push($chunk));
        }
        $this->assertCount(2, $packets);
        $this->assertSame(hash('xxh64', $payload), hash('xxh64', $packets[0]->getPayload()));
    }

    private function assertParsersAgree(array $chunks, string $what): void
    {
        $this->assertSame(Twin::parse($chunks, new PlainStream()), Twin::parse($chunks, new PacketStream()), $what);
    }

    /** @param array{Packet, Packet} $twins the same packet twice */
    private function assertWritersAgree(array $twins, string $what): void
    {
        $before = Twin::fields($twins[1]);
        $expected = Twin::write($twins[0], new PlainStream());
        $this->assertSame($expected, Twin::write($twins[1], new PacketStream()), $what);
        if (isset($expected['bytes'])) {
            $this->assertSame($expected['bytes'], bin2hex((string) $twins[1]), $what);
        }
        $this->assertSame($before['class'], get_class($twins[1]));
    }

    /** @return array{Packet, Packet} */
    private function readInto(Packet $packet, string $bytes): array
    {
        $packet->read(new PlainStream($bytes));
        return [$packet, clone $packet];
    }

    private function mutated(string $bytes): string
    {
        for ($changes = mt_rand(0, 3); $changes > 0; $changes--) {
            $at = mt_rand(0, strlen($bytes) - 1);
            $bytes = match (mt_rand(0, 3)) {
                0 => substr_replace($bytes, chr(mt_rand(0, 255)), $at, 1),
                1 => substr_replace($bytes, '', $at, 1) ?: "\0",
                2 => substr_replace($bytes, chr(mt_rand(0, 255)), $at, 0),
                default => substr_replace($bytes, $bytes[$at] ^ chr(1 << mt_rand(0, 7)), $at, 1),
            };
        }
        return $bytes;
    }

    /** @return list<string> */
    private function chunks(string $bytes): array
    {
        $chunks = [];
        while ($bytes !== '') {
            $size = mt_rand(0, 3) === 0 ? strlen($bytes) : mt_rand(1, 20);
            $chunks[] = substr($bytes, 0, $size);
            $bytes = substr($bytes, $size);
        }
        return $chunks;
    }
}
