<?php
declare(strict_types=1);

use Mqtt\Compat\Original;
use PHPUnit\Framework\TestCase;

require_once dirname(__DIR__) . '/autoload.php';

final class OriginalTest extends TestCase
{
    public function testADropInAloneIsLet(): void
    {
        Original::refuse('nobody/nothing', 'Nobody\Nothing', __DIR__);
        Original::refuse('', self::class, __DIR__);
        $this->addToAssertionCount(1);
    }

    public function testAnOriginalThatIsLoadedIsRefused(): void
    {
        $this->expectException(LogicException::class);
        $this->expectExceptionMessage('The drop-in for some/library was loaded beside the original: OriginalTest is declared already, in ' . __FILE__);
        Original::refuse('some/library', self::class, '/somewhere/else');
    }

    public function testAnOriginalThatIsAnExtensionIsRefused(): void
    {
        $this->expectException(LogicException::class);
        $this->expectExceptionMessage('Mqtt\Client is declared already, by an extension');
        Original::refuse('', Mqtt\Client::class, __DIR__);
    }

    /** A folder whose name begins like the drop-in's is another folder. */
    public function testAFolderBesideIsNotTheDropIn(): void
    {
        $this->expectException(LogicException::class);
        Original::refuse('', self::class, substr(__DIR__, 0, -1));
    }

    public function testWithoutTheExtensionItSaysWhatToDo(): void
    {
        $file = dirname(__DIR__, 4) . '/php/compat/common/src/Original.php';
        $code = 'require $argv[1]; try { Mqtt\Compat\Original::refuse("a/b", "A", "/"); } catch (LogicException $e) { echo $e->getMessage(); }';
        $message = (string) shell_exec(escapeshellarg(PHP_BINARY) . ' -n -r ' . escapeshellarg($code) . ' -- ' . escapeshellarg($file));
        $this->assertStringContainsString('The drop-in for a/b needs the extension mqtt', $message);
    }
}
