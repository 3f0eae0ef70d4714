<?php
declare(strict_types=1);

// Loads a project that tests/packages/composer made, and every class of ours in it: php -d extension=mqtt.so load.php FOLDER
// Prints "fine", or what is wrong. A class whose parent belongs to somebody else's library, which is not there, is passed over.

use Composer\InstalledVersions;

[, $folder] = $argv;
require "$folder/vendor/autoload.php";

$wrong = [];
$loaded = 0;
foreach (glob("$folder/vendor/mqtt/*/composer.json") as $manifest) {
    $package = json_decode((string) file_get_contents($manifest), true, flags: JSON_THROW_ON_ERROR);
    InstalledVersions::isInstalled($package['name']) || $wrong[] = "$package[name] is not installed";
    foreach (array_keys($package['replace'] ?? []) as $name) {
        InstalledVersions::isInstalled($name) || $wrong[] = "$package[name] does not stand in for $name";
        InstalledVersions::getInstallPath($name) === null || $wrong[] = "$name is installed beside $package[name]";
    }
    foreach ($package['autoload']['psr-4'] ?? [] as $prefix => $sources) {
        foreach ((array) $sources as $source) {
            $root = rtrim(dirname($manifest) . "/$source", '/');
            foreach (new RecursiveIteratorIterator(new RecursiveDirectoryIterator($root, FilesystemIterator::SKIP_DOTS)) as $file) {
                $class = $prefix . strtr(substr($file->getPathname(), strlen($root) + 1, -4), '/', '\\');
                // Not every file below the folder is a class.
                if ($file->getExtension() !== 'php' || preg_match('~^(?:(?:abstract|final|readonly) )*(?:class|interface|trait|enum) ' . $file->getBasename('.php') . '\b~m', (string) file_get_contents($file->getPathname())) !== 1) {
                    continue;
                }
                try {
                    if (class_exists($class) || interface_exists($class) || trait_exists($class)) {
                        $loaded++;
                    } else {
                        $wrong[] = "$class is not found in " . $file->getPathname();
                    }
                } catch (Error $error) {
                    $missing = preg_match('~^(?:Class|Interface|Trait) "([^"]+)" not found$~', $error->getMessage(), $match) === 1 ? $match[1] : '';
                    $ours = array_filter(array_keys($package['autoload']['psr-4']), static fn (string $ours): bool => str_starts_with($missing, $ours));
                    $missing !== '' && $ours === [] || $wrong[] = "$class: {$error->getMessage()}";
                }
            }
        }
    }
}
$loaded > 0 || $wrong[] = 'there was no class to load';
echo $wrong === [] ? "fine\n" : implode("\n", $wrong) . "\n";
