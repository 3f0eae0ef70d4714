<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqtt;

require_once __DIR__ . '/PhpMqttCase.php';

final class OurBrokerTest extends PhpMqttCase
{
    protected function program(): string
    {
        return 'mqtt';
    }
}
