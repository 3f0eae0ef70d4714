<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanCase.php';

use Workerman\Connection\AsyncTcpConnection;

/** The codec beside that of workerman/mqtt: the same bytes, and the same arrays with their keys in the same order. */
final class WorkermanVectorsTest extends WorkermanCase
{
    /** @dataProvider vectors */
    public function testVector(string $class, array $packet, string $bytes, array|bool|null $decoded): void
    {
        $link = new AsyncTcpConnection('tcp://127.0.0.1:1');
        $class = "Workerman\\Mqtt\\Protocols\\$class";
        $this->assertSame($bytes, bin2hex($class::encode($packet, $link)));
        if ($decoded !== null) {
            $read = $class::decode((string) hex2bin($bytes), $link);
            // The payload of a will stood under "message" there, under MQTT 5 only.
            if (is_array($decoded) && isset($decoded['will']['message'])) {
                $decoded['will']['content'] = $decoded['will']['message'];
                unset($decoded['will']['message']);
            }
            $this->assertSame($decoded === true ? $packet : $decoded, $read);
        }
    }

    public static function vectors(): iterable
    {
        $file = dirname(__DIR__, 3) . '/vectors/compat/workerman-mqtt.json';
        foreach (json_decode((string) file_get_contents($file), true, flags: JSON_THROW_ON_ERROR)['vectors'] as $index => $vector) {
            yield "$index, type {$vector['packet']['cmd']}" => [$vector['class'], $vector['packet'], $vector['bytes'], $vector['decoded'] ?? null];
        }
    }
}
