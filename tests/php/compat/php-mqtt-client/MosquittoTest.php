<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

require_once __DIR__ . '/autoload.php';
require_once __DIR__ . '/BrokerCase.php';

final class MosquittoTest extends BrokerCase
{
    protected function program(): string
    {
        return 'mosquitto';
    }
}
