<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

use PHPUnit\Framework\TestCase;

/** The example, its two halves in processes of their own. */
final class ExampleTest extends TestCase
{
    public function testTheExampleRuns(): void
    {
        $include = static fn (string ...$arguments): string => '$argv = ' . var_export(['example', ...$arguments], true) . '; require ' . var_export(dirname(__DIR__, 4) . '/examples/php/compat-imi-mqtt.php', true) . ';';
        $server = new \Script($include('server'));
        try {
            $port = $server->expect('~^port (\d+)$~m', 20);
            $client = new \Script($include('client', $port));
            $this->assertSame([0, "connectACK 0\nsubscribeACK 1\npublish a/b HELLO\nunsubscribeACK 2\nping\n"], $client->end(20));
        } finally {
            $server->signal(SIGKILL);
        }
    }
}
