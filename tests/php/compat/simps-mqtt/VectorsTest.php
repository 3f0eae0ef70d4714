<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use PHPUnit\Framework\TestCase;
use Simps\MQTT\Protocol\V3;
use Simps\MQTT\Protocol\V5;

require_once dirname(__DIR__) . '/autoload.php';

/** The same bytes, arrays and texts as the original gave, for everything that MQTT allows. */
final class VectorsTest extends TestCase
{
    private static function vectors(string $kind): array
    {
        $text = (string) file_get_contents(dirname(__DIR__, 3) . '/vectors/compat/simps.json');

        return json_decode($text, true, flags: JSON_THROW_ON_ERROR)[$kind];
    }

    public static function packets(): iterable
    {
        foreach (self::vectors('packets') as $vector) {
            yield "{$vector['protocol']}: {$vector['name']}" => [$vector];
        }
    }

    /** @dataProvider packets */
    public function testPackets(array $vector): void
    {
        $protocol = $vector['protocol'] === 'V3' ? V3::class : V5::class;
        $this->assertSame($vector['bytes'], bin2hex($protocol::pack($vector['array'])));
        // Types and the order of the keys too.
        $this->assertSame($vector['decoded'], $protocol::unpack((string) hex2bin($vector['bytes'])));
    }

    public static function calls(): iterable
    {
        foreach (self::vectors('calls') as $vector) {
            yield $vector['call'] . ' ' . json_encode($vector['arguments']) => [$vector];
        }
    }

    /** @dataProvider calls */
    public function testCalls(array $vector): void
    {
        ob_start();
        try {
            $result = ('Simps\\MQTT\\' . $vector['call'])(...$vector['arguments']);
        } finally {
            $output = (string) ob_get_clean();
        }
        $this->assertSame($vector['hex'] ?? $vector['result'], isset($vector['hex']) ? bin2hex($result) : $result);
        $this->assertSame($vector['output'] ?? '', bin2hex($output));
    }

    public static function messages(): iterable
    {
        foreach (self::vectors('messages') as $vector) {
            yield $vector['class'] . ' ' . json_encode($vector['data']) => [$vector];
        }
    }

    /** @dataProvider messages */
    public function testMessages(array $vector): void
    {
        $class = 'Simps\\MQTT\\Message\\' . $vector['class'];
        $message = new $class($vector['data']);
        $this->assertSame($vector['array'], $message->toArray());
        $this->assertSame($vector['array'], $message->getContents(true));
        if (isset($vector['bytes'])) {
            $this->assertSame($vector['bytes'], bin2hex((string) $message));
            $this->assertSame($vector['bytes'], bin2hex($message->getContents()));
        }
    }
}
