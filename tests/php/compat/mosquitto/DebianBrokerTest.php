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
        // Mosquitto 2.1 allows packets of 2 MB if nobody says more.
        return Broker::run('mosquitto', ['max_packet_size 268435455']);
    }
}
