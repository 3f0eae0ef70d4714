<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

require_once __DIR__ . '/BrokerCase.php';

final class MosquittoTest extends BrokerCase
{
    protected static function program(): string
    {
        if (!is_executable('/usr/sbin/mosquitto')) {
            self::markTestSkipped('mosquitto is not installed');
        }

        return 'mosquitto';
    }
}
