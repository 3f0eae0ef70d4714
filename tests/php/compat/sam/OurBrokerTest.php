<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Sam;

require_once __DIR__ . '/SamCase.php';

final class OurBrokerTest extends SamCase
{
    protected function program(): string
    {
        return 'mqtt';
    }
}
