<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Imi;

require_once __DIR__ . '/BrokerCase.php';

final class MosquittoTest extends BrokerCase
{
    protected static function start(): \Broker
    {
        if (!is_executable('/usr/sbin/mosquitto')) {
            self::markTestSkipped('mosquitto is not installed');
        }
        $before = getenv('MQTT_TEST_MOSQUITTO');
        putenv('MQTT_TEST_MOSQUITTO=1');
        try {
            return \Broker::run();
        } finally {
            putenv($before === false ? 'MQTT_TEST_MOSQUITTO' : "MQTT_TEST_MOSQUITTO=$before");
        }
    }
}
