<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use Broker;
use PHPUnit\Framework\TestCase;
use Script;

/** The program that users of the original have. */
final class ExampleTest extends TestCase
{
    public function testTheExample(): void
    {
        $broker = Broker::run();
        $example = var_export(dirname(__DIR__, 4) . '/examples/php/compat-simps-mqtt.php', true);
        $script = new Script("\$argv = ['example', '127.0.0.1', '{$broker->port}']; require $example;");
        [$status, $output] = $script->end(30);
        $this->assertSame(0, $status, $output);
        $this->assertStringContainsString("connect: Success\n", $output);
        $this->assertStringContainsString("simps/users/001/status: online (example)\n", $output);
    }
}
