<?php
declare(strict_types=1);

// For programs without Composer, in the place of the original's file: require 'phpMQTT.php';

// The shared package lies beside this one, in the source tree as "common" and under vendor/mqtt as "compat".
$shared = dirname(__DIR__) . (is_dir(dirname(__DIR__) . '/common') ? '/common' : '/compat') . '/src';
require_once "$shared/Original.php";
require_once __DIR__ . '/guard.php';
require_once "$shared/ByteStream.php";
unset($shared);
require_once __DIR__ . '/src/KeepsSession.php';
require_once __DIR__ . '/src/phpMQTT.php';
require_once __DIR__ . '/alias.php';
