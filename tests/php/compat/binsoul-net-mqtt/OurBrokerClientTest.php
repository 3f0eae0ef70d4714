<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

require_once __DIR__ . '/ClientCase.php';

final class OurBrokerClientTest extends ClientCase
{
    protected static function program(): string
    {
        return 'mqtt';
    }
}
