<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('binsoul/net-mqtt', 'BinSoul\Net\Mqtt\PacketStream', __DIR__);
