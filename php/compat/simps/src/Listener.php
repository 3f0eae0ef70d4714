<?php
declare(strict_types=1);

namespace Simps;

/** Calls what config/listeners.php names for an event: a list of [class, method], where the class is a Singleton. */
class Listener
{
    private static ?self $instance = null;

    private function __construct()
    {
    }

    public static function getInstance()
    {
        return self::$instance ??= new self();
    }

    /** @param string $listener the event: start, workerStart */
    public function listen($listener, ...$args)
    {
        foreach (config('listeners')[$listener] ?? [] as [$class, $method]) {
            $class::getInstance()->$method(...$args);
        }
    }
}
