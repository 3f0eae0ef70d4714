<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

use PHPUnit\Framework\TestCase;
use Script;

require_once __DIR__ . '/autoload.php';

/** The drop-ins for php-mqtt/client, phpMQTT and SAM refuse their originals, and live together. */
final class GuardTest extends TestCase
{
    /** @return iterable<string, array{string, string}> the package's folder, a class of the original */
    public function originals(): iterable
    {
        yield 'php-mqtt/client' => ['php-mqtt-client', 'PhpMqtt\Client\MqttClient'];
        yield 'phpMQTT' => ['phpmqtt', 'Bluerhinos\phpMQTT'];
        yield 'phpMQTT without a namespace' => ['phpmqtt', 'phpMQTT'];
        yield 'SAMConnection' => ['sam', 'SAMConnection'];
        yield 'SAMMessage' => ['sam', 'SAMMessage'];
    }

    /** @dataProvider originals */
    public function testTheOriginalIsRefused(string $package, string $class): void
    {
        $folder = dirname(__DIR__, 4) . '/php/compat';
        $namespace = substr($class, 0, (int) strrpos($class, '\\'));
        $name = substr((string) strrchr("\\$class", '\\'), 1);
        $file = (string) tempnam(sys_get_temp_dir(), 'original');
        file_put_contents($file, '<?php ' . ($namespace === '' ? '' : "namespace $namespace; ") . "class $name {}");
        $script = new Script("require '$file'; require '$folder/common/src/Original.php'; try { require '$folder/$package/guard.php'; } catch (LogicException \$e) { echo \$e->getMessage(); }");
        [$status, $output] = $script->end(30);
        unlink($file);
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString("was loaded beside the original: $class is declared already, in $file", $output);
    }

    public function testTheyLiveTogether(): void
    {
        $this->assertTrue(class_exists(\PhpMqtt\Client\MqttClient::class));
        $this->assertTrue(class_exists(\phpMQTT::class));
        $this->assertTrue(class_exists(\SAMConnection::class));
    }

    /** What composer.json says is what Composer needs. */
    public function testTheManifests(): void
    {
        foreach (['php-mqtt-client' => ['php-mqtt/client' => '^2.0'], 'phpmqtt' => ['bluerhinos/phpmqtt' => '*'], 'sam' => null] as $package => $replaced) {
            $manifest = json_decode((string) file_get_contents(dirname(__DIR__, 4) . "/php/compat/$package/composer.json"), true, flags: JSON_THROW_ON_ERROR);
            $this->assertSame("mqtt/compat-$package", $manifest['name']);
            $this->assertSame($replaced, $manifest['replace'] ?? null);
            $this->assertSame(['MIT', 'Apache-2.0'], $manifest['license']);
            $this->assertSame(['>=8.1', '*', '*'], [$manifest['require']['php'], $manifest['require']['ext-mqtt'], $manifest['require']['mqtt/compat']]);
            $this->assertSame('guard.php', $manifest['autoload']['files'][0]);
        }
    }
}
