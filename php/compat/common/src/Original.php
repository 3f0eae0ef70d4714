<?php
declare(strict_types=1);

namespace Mqtt\Compat;

use Composer\InstalledVersions;

/**
 * The library that a drop-in stands in for. Two libraries that declare the same classes cannot live in one process: which of
 * them answers would depend on the order of autoloading. So a drop-in refuses to be loaded beside its original.
 */
final class Original
{
    /**
     * Called by each drop-in's guard.php, which Composer's autoloader includes at the start of the program.
     *
     * @param string $package   the original's Composer name, for example "workerman/mqtt"; "" if it never had one
     * @param string $class     a class that both declare; nothing is autoloaded for it
     * @param string $directory the drop-in's own folder: a class declared in a file below it is not the original's
     *
     * @throws \LogicException when the extension mqtt is not loaded, or the original is loaded or installed; the message
     *                         says what to remove
     */
    public static function refuse(string $package, string $class, string $directory): void
    {
        $name = $package === '' ? $class : $package;
        if (!extension_loaded('mqtt')) {
            throw new \LogicException("The drop-in for $name needs the extension mqtt, which this PHP has not loaded: add \"extension=mqtt\" to php.ini, or start PHP with -d extension=mqtt.so");
        }
        if (class_exists($class, false) || interface_exists($class, false)) {
            $file = (string) (new \ReflectionClass($class))->getFileName();
            if (!str_starts_with($file, rtrim($directory, '/') . '/')) {
                $where = $file === '' ? 'by an extension' : "in $file";
                throw new \LogicException("The drop-in for $name was loaded beside the original: $class is declared already, $where. Remove one of them.");
            }
        }
        // A package that is only replaced counts as installed, but has no folder.
        if ($package !== '' && class_exists(InstalledVersions::class) && InstalledVersions::isInstalled($package)) {
            $path = InstalledVersions::getInstallPath($package);
            if ($path !== null && realpath($path) !== realpath($directory)) {
                throw new \LogicException("The drop-in for $package is installed beside the original, which is in $path. Remove the original: composer remove $package");
            }
        }
    }
}
