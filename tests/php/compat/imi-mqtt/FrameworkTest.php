<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use PHPUnit\Framework\TestCase;

/** With the classes of the framework imi in the same process: MQTT_IMI is its source folder, the one with App.php. */
final class FrameworkTest extends TestCase
{
    public function testTheClassesFitTheInterfacesOfImi(): void
    {
        $imi = (string) getenv('MQTT_IMI');
        if ($imi === '') {
            $this->markTestSkipped('imi is not here: set MQTT_IMI to its source folder');
        }
        [$imi, $autoload] = [var_export(rtrim($imi, '/'), true), var_export(dirname(__DIR__) . '/autoload.php', true)];
        $script = new \Script("error_reporting(E_ALL & ~E_DEPRECATED);
            spl_autoload_register(function (string \$class): void {
                \$file = $imi . '/' . str_replace('\\\\', '/', substr(\$class, 4)) . '.php';
                str_starts_with(\$class, 'Imi\\\\') && is_file(\$file) && require_once \$file;
            });
            require $autoload;
            foreach (['Imi\\Server\\DataParser\\IParser', 'Imi\\Server\\TcpServer\\Message\\IReceiveData', 'Imi\\Util\\Socket\\IPEndPoint', 'Imi\\Server\\Server'] as \$class) {
                echo str_starts_with((new ReflectionClass(\$class))->getFileName(), $imi) ? 'imi ' : 'fallback ';
            }
            \$parser = new Imi\\Server\\MQTT\\DataParser\\MQTTDataParser();
            echo bin2hex(\$parser->encode(\$parser->decode(\"\\xC0\\x00\"))), ' ', is_a(Imi\\Server\\MQTT\\Message\\ReceiveData::class, Imi\\Server\\TcpServer\\Message\\IReceiveData::class, true) ? 'fits' : 'does not fit', \"\\n\";
            try { new Imi\\Server\\MQTT\\Server('main', ['port' => 0]); } catch (LogicException \$e) { echo \$e->getMessage(), \"\\n\"; }");
        [$status, $output] = $script->end(20);
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString("imi imi imi imi c000 fits\nThe framework imi is loaded", $output);
    }
}
