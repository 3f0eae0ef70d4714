<?php
declare(strict_types=1);

require_once __DIR__ . '/autoload.php';
require_once __DIR__ . '/BrokerCase.php';

final class PhpMqttBrokerTest extends BrokerCase
{
    protected function program(): string
    {
        return 'mqtt';
    }
}
