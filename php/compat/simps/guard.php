<?php
declare(strict_types=1);

Mqtt\Compat\Original::refuse('simple-swoole/simps', Simps\Application::class, __DIR__);
