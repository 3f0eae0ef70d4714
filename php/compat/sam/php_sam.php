<?php
declare(strict_types=1);

// For scripts without Composer, in the place of the original's file: require 'SAM/php_sam.php';

// The shared package lies beside this one, in the source tree as "common" and under vendor/mqtt as "compat".
require_once dirname(__DIR__) . (is_dir(dirname(__DIR__) . '/common') ? '/common' : '/compat') . '/src/Original.php';
require_once __DIR__ . '/guard.php';
require_once __DIR__ . '/constants.php';
require_once __DIR__ . '/src/Sam/MqttConnection.php';
require_once __DIR__ . '/src/SAMConnection.php';
require_once __DIR__ . '/src/SAMMessage.php';
