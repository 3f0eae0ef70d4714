<?php
declare(strict_types=1);

namespace Mqtt;

use Mqtt\Loop\Driver;
use Mqtt\Loop\ReactDriver;
use Mqtt\Loop\RevoltDriver;
use Mqtt\Loop\SelectDriver;
use Mqtt\Loop\SwooleDriver;
use Mqtt\Loop\Watch;
use Mqtt\Loop\WorkermanDriver;

/**
 * The event loop that this process runs.
 *
 *     $client = new Mqtt\Client('mqtt://broker.example');
 *     $client->connect(wait: false);
 *     $client->subscribe('meters/#', handler: fn (Mqtt\Message $m) => store($m), wait: false);
 *     Mqtt\Loop::watch($client, keepAlive: true);
 */
final class Loop
{
    private static ?Driver $driver = null;
    private static ?SelectDriver $select = null;
    /** @var \WeakMap<object, Driver>|null by the loop of the library */
    private static ?\WeakMap $drivers = null;

    /**
     * The driver that was set, else that of the loop that runs, else that of the library that is there, in this order:
     * Workerman where its loop exists, Swoole inside a coroutine, Revolt or ReactPHP where it is in use, Revolt, ReactPHP,
     * Swoole where its reactor exists, SelectDriver. The same loop gives the same driver.
     */
    public static function driver(): Driver
    {
        return self::$driver ?? self::detect();
    }

    /** The driver to use in place of detection; null: detect. */
    public static function setDriver(?Driver $driver): void
    {
        self::$driver = $driver;
    }

    /**
     * Driver::watch() of driver().
     *
     * @throws \LogicException when another driver watches it
     */
    public static function watch(Client|Server $source, bool $keepAlive = false): Watch
    {
        return self::driver()->watch($source, $keepAlive);
    }

    private static function detect(): Driver
    {
        if (class_exists(\Workerman\Worker::class, false) && ($loop = WorkermanDriver::running()) !== null) {
            return self::of($loop, static fn () => new WorkermanDriver($loop));
        }
        $swoole = extension_loaded('swoole') || extension_loaded('openswoole');
        if ($swoole && \Swoole\Coroutine::getCid() > 0) {
            return self::swoole();
        }
        foreach ([false, true] as $autoload) {
            if (class_exists(\Revolt\EventLoop::class, $autoload)) {
                $loop = \Revolt\EventLoop::getDriver();
                return self::of($loop, static fn () => new RevoltDriver($loop));
            }
            if (class_exists(\React\EventLoop\Loop::class, $autoload)) {
                $loop = \React\EventLoop\Loop::get();
                return self::of($loop, static fn () => new ReactDriver($loop));
            }
        }
        return $swoole && SwooleDriver::isRunning() ? self::swoole() : self::$select ??= new SelectDriver();
    }

    private static ?SwooleDriver $swoole = null;

    private static function swoole(): SwooleDriver
    {
        return self::$swoole ??= new SwooleDriver();
    }

    /** @param \Closure(): Driver $make */
    private static function of(object $loop, \Closure $make): Driver
    {
        self::$drivers ??= new \WeakMap();
        return self::$drivers[$loop] ??= $make();
    }
}
