<?php
declare(strict_types=1);

// Loads every package of php/compat as Composer would: its psr-4 folders, its class map, and the files that it wants included.

foreach (glob(dirname(__DIR__, 3) . '/php/compat/*/composer.json') as $manifest) {
    $folder = dirname($manifest);
    $autoload = json_decode((string) file_get_contents($manifest), true, flags: JSON_THROW_ON_ERROR)['autoload'] ?? [];
    foreach ($autoload['psr-4'] ?? [] as $prefix => $sources) {
        foreach ((array) $sources as $source) {
            $source = rtrim("$folder/$source", '/');
            spl_autoload_register(static function (string $class) use ($prefix, $source): void {
                $file = $source . '/' . str_replace('\\', '/', substr($class, strlen($prefix))) . '.php';
                if (str_starts_with($class, $prefix) && is_file($file)) {
                    require_once $file;
                }
            });
        }
    }
    foreach ($autoload['classmap'] ?? [] as $file) {
        // A class map is named by its classes, one a file.
        spl_autoload_register(static function (string $class) use ($folder, $file): void {
            if (strcasecmp(basename($file, '.php'), $class) === 0) {
                require_once "$folder/$file";
            }
        });
    }
    $files[] = array_map(static fn (string $file): string => "$folder/$file", $autoload['files'] ?? []);
}
foreach (array_merge(...($files ?? [[]])) as $file) {
    require_once $file;
}
