<?php
declare(strict_types=1);

// Finds php/loop, and the libraries of event loops where the environment says that they are: MQTT_REVOLT, MQTT_REACT and
// MQTT_WORKERMAN each hold autoload files or folders with a composer.json, separated by colons.

spl_autoload_register(static function (string $class): void {
    $file = dirname(__DIR__, 3) . '/php/loop/src/' . str_replace('\\', '/', substr($class, 5)) . '.php';
    if (str_starts_with($class, 'Mqtt\\') && is_file($file)) {
        require $file;
    }
});

foreach (['MQTT_REVOLT', 'MQTT_REACT', 'MQTT_WORKERMAN'] as $name) {
    foreach (array_filter(explode(':', (string) getenv($name))) as $path) {
        if (is_file($path)) {
            require_once $path;
            continue;
        }
        $composer = json_decode((string) @file_get_contents("$path/composer.json"), true);
        if (!is_array($composer)) {
            throw new RuntimeException("$name: \"$path\" is neither an autoload file nor a folder with a composer.json");
        }
        spl_autoload_register(static function (string $class) use ($composer, $path): void {
            foreach ($composer['autoload']['psr-4'] ?? [] as $prefix => $folders) {
                foreach ((array) $folders as $folder) {
                    $file = "$path/$folder/" . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
                    if (str_starts_with($class, $prefix) && is_file($file)) {
                        require $file;
                        return;
                    }
                }
            }
        });
        foreach ($composer['autoload']['files'] ?? [] as $file) {
            require_once "$path/$file";
        }
    }
}
// Debian's php-react-promise.
if (!interface_exists(React\Promise\PromiseInterface::class) && stream_resolve_include_path('React/Promise/autoload.php') !== false) {
    require_once 'React/Promise/autoload.php';
}
