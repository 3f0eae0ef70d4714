<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('workerman/mqtt', Workerman\Mqtt\Client::class, __DIR__);
