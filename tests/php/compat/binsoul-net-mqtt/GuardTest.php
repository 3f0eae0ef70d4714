<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

final class GuardTest extends TestCase
{
    /** Composer takes the drop-in wherever one of the three generations is asked for. */
    public function testThePackageStandsInForTheOriginal(): void
    {
        $manifest = json_decode((string) file_get_contents(dirname(__DIR__, 4) . '/php/compat/binsoul-net-mqtt/composer.json'), true);
        $this->assertSame(['binsoul/net-mqtt' => '^0.8 || ^1.0 || ^2.0'], $manifest['replace']);
        $this->assertContains('guard.php', $manifest['autoload']['files']);
    }

    public function testEveryPacketTypeHasItsClass(): void
    {
        $factory = new DefaultPacketFactory();
        for ($type = Packet::TYPE_CONNECT; $type <= Packet::TYPE_DISCONNECT; $type++) {
            $this->assertSame($type, $factory->build($type)->getPacketType());
        }
    }
}
