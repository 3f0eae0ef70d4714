<?php
declare(strict_types=1);

namespace MosquittoTests;

use Mosquitto\Exception;
use PHPUnit\Framework\TestCase;
use Throwable;

require_once __DIR__ . '/Recorder.php';
require_once __DIR__ . '/WireServer.php';

/** Tests of the classes; they are there where php.ini says so. */
abstract class MosquittoCase extends TestCase
{
    public static function setUpBeforeClass(): void
    {
        if (!extension_loaded('mosquitto')) {
            self::markTestSkipped('the classes need php -d mqtt.mosquitto_compat=1');
        }
    }

    protected static function assertThrows(string $message, callable $call, int $code = 0, string $class = Exception::class): Throwable
    {
        try {
            $call();
        } catch (Throwable $thrown) {
            self::assertSame([$class, $code, $message], [$thrown::class, $thrown->getCode(), $thrown->getMessage()]);
            return $thrown;
        }
        self::fail("nothing was thrown, expected: $message");
    }
}
