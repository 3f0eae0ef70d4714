<?php
declare(strict_types=1);

if (!extension_loaded('mqtt')) {
    fwrite(STDERR, "The extension is not loaded: php -d extension=/path/to/mqtt.so \$(command -v phpunit) -c tests/php/phpunit.xml\n");
    exit(1);
}
foreach (glob(__DIR__ . '/support/*.php') as $file) {
    require_once $file;
}
