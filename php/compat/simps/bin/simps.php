#!/usr/bin/env php
<?php
/**
 * Starts the MQTT server of an application: `php vendor/bin/simps.php mqtt:start`, in the application's folder, whose
 * config/servers.php describes the server. Ctrl-C and SIGTERM stop it. A bin/simps.php of the application itself works as well.
 */
declare(strict_types=1);

(static function (): void {
    foreach ([getcwd() . '/vendor/autoload.php', dirname(__DIR__, 3) . '/autoload.php', dirname(__DIR__, 2) . '/autoload.php'] as $file) {
        if (is_file($file)) {
            require_once $file;
            break;
        }
    }
})();
defined('BASE_PATH') || define('BASE_PATH', getcwd());
defined('CONFIG_PATH') || define('CONFIG_PATH', getcwd() . '/config/');

Simps\Application::run();
