<?php
declare(strict_types=1);

namespace Simps;

use Simps\Server\MqttServer;

/** The command line of an application. */
class Application
{
    /** @var string */
    protected static $version = '1.0.5';

    /**
     * Says what runs.
     *
     * @return void
     */
    public static function welcome()
    {
        self::println('Simps ' . static::$version . ' (MQTT by the extension mqtt ' . phpversion('mqtt') . ')');
    }

    /**
     * @param string $strings
     *
     * @return void
     */
    public static function println($strings)
    {
        echo $strings . PHP_EOL;
    }

    /**
     * @param string $msg
     *
     * @return void
     */
    public static function echoSuccess($msg)
    {
        self::println('[' . date('Y-m-d H:i:s') . '] [INFO] ' . "\033[32m{$msg}\033[0m");
    }

    /**
     * @param string $msg
     *
     * @return void
     */
    public static function echoError($msg)
    {
        self::println('[' . date('Y-m-d H:i:s') . '] [ERROR] ' . "\033[31m{$msg}\033[0m");
    }

    /**
     * Does what the last argument of the command line says: mqtt:start, or NAME:start for a server of config/servers.php with a class_name.
     *
     * @return void
     */
    public static function run()
    {
        static::welcome();
        /** @var non-empty-list<string> $arguments */
        $arguments = $_SERVER['argv'];
        [$name, $action] = explode(':', end($arguments), 2) + [1 => ''];
        /** @var array<string, array{class_name?: class-string}> $servers */
        $servers = config('servers');
        $class = $name === 'mqtt' ? MqttServer::class : ($servers[$name]['class_name'] ?? null);
        if ($class === null) {
            self::echoError("command $name is not exist, you can use {$arguments[0]} [mqtt:start]");
            exit(1);
        }
        if ($action !== 'start') {
            self::echoError("use {$arguments[0]} [mqtt:start]");
            exit(1);
        }
        new $class();
    }
}
