<?php
declare(strict_types=1);

namespace MosquittoTests;

use Broker;

require_once __DIR__ . '/BrokerSuite.php';

final class OurBrokerTest extends BrokerSuite
{
    protected static function start(): Broker
    {
        return Broker::run('mqtt');
    }
}
