<?php
declare(strict_types=1);

// The few classes of the framework imi that controllers and ReceiveData use. Where imi is installed its own are found first:
// this comes last in the row of autoloaders, and Composer's comes first.
spl_autoload_register(static function (string $class): void {
    $file = __DIR__ . '/fallback/' . str_replace('\\', '/', $class) . '.php';
    if (str_starts_with($class, 'Imi\\') && is_file($file)) {
        require_once $file;
    }
});
