<?php
declare(strict_types=1);

namespace Simps;

/** One instance of the class that uses it, made with the arguments of the first call. */
trait Singleton
{
    private static $instance;

    public static function getInstance(...$args)
    {
        return self::$instance ??= new static(...$args);
    }
}
