<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use Broker;

require_once __DIR__ . '/BrokerCase.php';

final class OurBrokerTest extends BrokerCase
{
    protected static function program(): string
    {
        if (!is_executable(dirname(Broker::extension()) . '/mqtt')) {
            self::markTestSkipped('the program mqtt does not lie beside the extension');
        }

        return 'mqtt';
    }
}
