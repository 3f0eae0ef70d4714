<?php
declare(strict_types=1);

require_once __DIR__ . '/SimpsClientCase.php';

final class SimpsOurBrokerClientTest extends SimpsClientCase
{
    protected static function start(): Broker
    {
        return Broker::run();
    }
}
