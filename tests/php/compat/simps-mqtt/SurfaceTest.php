<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Surface.php';

/** Names, constants, defaults and signatures are the original's: surface.txt, a paragraph a class. */
final class SurfaceTest extends TestCase
{
    public static function classes(): iterable
    {
        foreach (explode("\n\n", trim((string) file_get_contents(__DIR__ . '/surface.txt'))) as $paragraph) {
            preg_match('~(?:class|interface) (\S+)~', $paragraph, $match);
            yield $match[1] => [$match[1], explode("\n", $paragraph)];
        }
    }

    /** @dataProvider classes */
    public function testClass(string $class, array $lines): void
    {
        $this->assertEqualsCanonicalizing($lines, Surface::of($class));
    }

    public function testEveryClassIsThere(): void
    {
        $source = dirname(__DIR__, 4) . '/php/compat/simps-mqtt/src/';
        $files = new \RecursiveIteratorIterator(new \RecursiveDirectoryIterator($source, \FilesystemIterator::SKIP_DOTS));
        $classes = [];
        foreach ($files as $file) {
            $name = str_replace([$source, '/', '.php'], ['Simps\MQTT\\', '\\', ''], $file->getPathname());
            if (!preg_match('~\\\\(?:Internal|Concerns)\\\\~', $name) && !str_ends_with($name, '\constants')) {
                $classes[] = $name;
            }
        }
        $this->assertEqualsCanonicalizing(array_keys(iterator_to_array(self::classes())), $classes);
    }

    public function testSubclassesMayDoWithoutReturnTypes(): void
    {
        $client = new class extends \Simps\MQTT\BaseClient {
            protected function reConnect(): void
            {
            }

            public function send(array $data, bool $response = true)
            {
                return $data;
            }

            public function recv()
            {
                return true;
            }

            protected function getResponse()
            {
                return true;
            }
        };
        $this->assertSame(['type' => 12], $client->ping());
        $protocol = new class implements \Simps\MQTT\Protocol\ProtocolInterface {
            public static function pack(array $array): string
            {
                return '';
            }

            public static function unpack(string $data): array
            {
                return [];
            }
        };
        $this->assertSame('', $protocol::pack([]));
    }
}
