<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

require_once __DIR__ . '/BrokerCase.php';

final class OurBrokerTest extends BrokerCase
{
    protected static function start(): \Broker
    {
        return \Broker::run();
    }
}
