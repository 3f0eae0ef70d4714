<?php
declare(strict_types=1);

if (!function_exists('getInstance')) {
    /**
     * The one instance of a class that has such a method.
     *
     * @param class-string $class
     * @return mixed
     */
    function getInstance($class)
    {
        return $class::getInstance();
    }
}
if (!function_exists('config')) {
    /**
     * A value of the application's configuration: 'servers' is what config/servers.php returns, 'servers.mqtt' a key of it.
     *
     * @param string $name
     * @param mixed $default
     * @return mixed
     */
    function config($name, $default = null)
    {
        return Simps\Config::getInstance()->get($name, $default);
    }
}
