<?php
declare(strict_types=1);

namespace MosquittoTests;

use Broker;

require_once __DIR__ . '/BrokerSuite.php';

final class DebianBrokerTest extends BrokerSuite
{
    protected static function start(): Broker
    {
        if (!is_executable('/usr/sbin/mosquitto')) {
            self::markTestSkipped('mosquitto is not installed');
        }
        return Broker::run('mosquitto');
    }
}
