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

    /** @return self */
    public static function getInstance()
    {
        return self::$instance ??= new self();
    }

    /**
     * @param string $listener the event: start, workerStart
     * @param mixed $args
     *
     * @return void
     */
    public function listen($listener, ...$args)
    {
        /** @var array<string, list<array{class-string, string}>>|null $listeners */
        $listeners = config('listeners');
        foreach ($listeners[$listener] ?? [] as [$class, $method]) {
            /** @var callable $call */
            $call = [$class::getInstance(), $method];
            $call(...$args);
        }
    }
}
