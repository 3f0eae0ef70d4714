<?php
declare(strict_types=1);

require_once dirname(__DIR__) . '/psr-log.php';
require_once dirname(__DIR__) . '/autoload.php';
require_once __DIR__ . '/Lines.php';
require_once __DIR__ . '/ClientCase.php';
require_once __DIR__ . '/WatchedClient.php';
