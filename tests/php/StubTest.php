<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/** The stub says exactly what reflection says. */
final class StubTest extends TestCase
{
    private static array $stub;
    private static array $extension;

    public static function setUpBeforeClass(): void
    {
        $surface = escapeshellarg(__DIR__ . '/surface.php');
        $stub = escapeshellarg(dirname(__DIR__, 2) . '/stubs/mqtt.stub.php');
        self::$stub = json_decode((string) shell_exec(PHP_BINARY . " -n $surface $stub"), true, flags: JSON_THROW_ON_ERROR);
        ob_start();
        (static function (): void {
            $argv = ['surface.php'];
            require __DIR__ . '/surface.php';
        })();
        self::$extension = json_decode((string) ob_get_clean(), true, flags: JSON_THROW_ON_ERROR);
    }

    public function testTheSameClasses(): void
    {
        self::assertSame(array_keys(self::$stub), array_keys(self::$extension));
        self::assertGreaterThan(30, count(self::$stub));
    }

    public function testEachClassIsTheSame(): void
    {
        foreach (self::$stub as $name => $class) {
            self::assertSame($class, self::$extension[$name] ?? null, $name);
        }
    }

    public function testEverythingIsDocumentedInTheStub(): void
    {
        $text = (string) file_get_contents(dirname(__DIR__, 2) . '/stubs/mqtt.stub.php');
        preg_match_all('~(\*/\n|#\[.*\]\n)?\h*(?:final )?(class|interface|enum) (\w+)~', $text, $matches, PREG_SET_ORDER);
        foreach ($matches as [$all, $doc, , $name]) {
            self::assertNotSame('', $doc, "$name has no doc comment");
        }
    }
}
