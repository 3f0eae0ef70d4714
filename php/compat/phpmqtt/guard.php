<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('bluerhinos/phpmqtt', Bluerhinos\phpMQTT::class, __DIR__);
Mqtt\Compat\Original::refuse('', 'phpMQTT', __DIR__);
