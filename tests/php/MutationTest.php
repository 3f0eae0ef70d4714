<?php
declare(strict_types=1);

use Mqtt\Codec;
use Mqtt\Decoder;
use Mqtt\Exception\ProtocolException;
use Mqtt\Version;
use PHPUnit\Framework\TestCase;

/** Packets with a few bytes changed: refused, or read and written back to what reads the same. */
final class MutationTest extends TestCase
{
    public function testMutatedPackets(): void
    {
        mt_srand((int) (getenv('MQTT_TEST_SEED') ?: 1));
        $vectors = array_values(array_filter(
            json_decode((string) file_get_contents(dirname(__DIR__) . '/vectors/valid.json'), true, flags: JSON_THROW_ON_ERROR),
            fn (array $v) => is_string($v['hex']) && strlen($v['hex']) < 600,
        ));
        $accepted = 0;
        $memory = memory_get_usage();
        for ($i = (int) (getenv('MQTT_TEST_MUTATIONS') ?: 5000); $i > 0; $i--) {
            $vector = $vectors[mt_rand(0, count($vectors) - 1)];
            $bytes = (string) hex2bin($vector['hex']);
            for ($changes = mt_rand(1, 4); $changes > 0; $changes--) {
                $at = mt_rand(0, strlen($bytes) - 1);
                $bytes = match (mt_rand(0, 3)) {
                    0 => substr_replace($bytes, chr(mt_rand(0, 255)), $at, 1),
                    1 => substr_replace($bytes, '', $at, 1) ?: "\0",
                    2 => substr_replace($bytes, chr(mt_rand(0, 255)), $at, 0),
                    default => substr_replace($bytes, $bytes[$at] ^ chr(1 << mt_rand(0, 7)), $at, 1),
                };
            }
            $version = Version::from($vector['version']);
            $decoder = new Decoder($version);
            $decoder->push($bytes);
            try {
                foreach ($decoder as $packet) {
                    $accepted++;
                    // Only CONNECT says its version itself.
                    $spoken = $packet instanceof Mqtt\Packet\Connect ? $packet->version : $version;
                    $again = Codec::decode($packet->encode($spoken), $spoken);
                    self::assertEquals($packet, $again, bin2hex($bytes));
                    if ($packet instanceof Mqtt\Packet\Connect) {
                        break;
                    }
                }
            } catch (ProtocolException $e) {
                self::assertNotSame('', $e->getMessage());
            }
        }
        self::assertGreaterThan(0, $accepted);
        self::assertLessThan(4_000_000, memory_get_usage() - $memory);
    }
}
