<?php
declare(strict_types=1);

use Mqtt\Compat\Original;

Original::refuse('simps/mqtt', \Simps\MQTT\Protocol\Types::class, __DIR__);
