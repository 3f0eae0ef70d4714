<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

final class GuardTest extends TestCase
{
    public function testThePackageStandsInForTheOriginal(): void
    {
        $manifest = json_decode((string) file_get_contents(dirname(__DIR__, 4) . '/php/compat/simps-mqtt/composer.json'), true);
        $this->assertSame(['simps/mqtt' => '^1.0 || ^2.0'], $manifest['replace']);
        $this->assertSame(['guard.php', 'src/constants.php'], $manifest['autoload']['files']);
    }

    public function testGlobalConstants(): void
    {
        foreach (['CONNECT', 'CONNACK', 'PUBLISH', 'PUBACK', 'PUBREC', 'PUBREL', 'PUBCOMP', 'SUBSCRIBE', 'SUBACK', 'UNSUBSCRIBE', 'UNSUBACK', 'PINGREQ', 'PINGRESP', 'DISCONNECT', 'AUTH'] as $at => $type) {
            $this->assertSame($at + 1, constant("MQTT_TYPE_$type"));
        }
        foreach (['NONE', 'HEXDUMP', 'HEXDUMP_ASCII', 'ASCII', 'TEXT', 'HEX_STREAM'] as $at => $way) {
            $this->assertSame($at, constant("MQTT_VERBOSE_$way"));
        }
        $this->assertSame([3, 4, 5], [MQTT_PROTOCOL_LEVEL_3_1, MQTT_PROTOCOL_LEVEL_3_1_1, MQTT_PROTOCOL_LEVEL_5_0]);
        $this->assertSame(['MQIsdp', 'MQTT'], [MQISDP_PROTOCOL_NAME, MQTT_PROTOCOL_NAME]);
        $this->assertSame([0, 1, 2, 0, 1, 2, 0, 1, 0, 1], [MQTT_QOS_0, MQTT_QOS_1, MQTT_QOS_2, MQTT_RETAIN_0, MQTT_RETAIN_1, MQTT_RETAIN_2, MQTT_DUP_0, MQTT_DUP_1, MQTT_SESSION_PRESENT_0, MQTT_SESSION_PRESENT_1]);
    }
}
