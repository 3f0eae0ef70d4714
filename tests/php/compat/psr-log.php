<?php
declare(strict_types=1);

// psr/log, which some drop-ins log to: Debian's php-psr-log.
if (!interface_exists(Psr\Log\LoggerInterface::class) && stream_resolve_include_path('Psr/Log/autoload.php') !== false) {
    require_once 'Psr/Log/autoload.php';
}
