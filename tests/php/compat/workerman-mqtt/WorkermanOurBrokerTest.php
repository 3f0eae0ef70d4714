<?php
declare(strict_types=1);

require_once __DIR__ . '/WorkermanBrokerCase.php';

final class WorkermanOurBrokerTest extends WorkermanBrokerCase
{
    protected static function start(): Broker
    {
        return Broker::run();
    }
}
