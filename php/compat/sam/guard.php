<?php
declare(strict_types=1);

// SAM had no Composer package.
Mqtt\Compat\Original::refuse('', 'SAMConnection', __DIR__);
Mqtt\Compat\Original::refuse('', 'SAMMessage', __DIR__);
