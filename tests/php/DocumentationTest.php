<?php
declare(strict_types=1);

use PHPUnit\Framework\TestCase;

/** The PHP in the documents is PHP, and names what exists. */
final class DocumentationTest extends TestCase
{
    public function testBlocksOfPhp(): void
    {
        $root = dirname(__DIR__, 2);
        $blocks = 0;
        foreach (['README.md', 'docs/php.md'] as $file) {
            preg_match_all('~^```php\n(.*?)^```~ms', (string) file_get_contents("$root/$file"), $matches);
            foreach ($matches[1] as $code) {
                $blocks++;
                $tokens = token_get_all("<?php\n$code", TOKEN_PARSE);
                foreach ($tokens as $at => $token) {
                    if (is_array($token) && $token[0] === T_NAME_QUALIFIED && str_starts_with($token[1], 'Mqtt\\')) {
                        self::assertTrue(class_exists($token[1]) || interface_exists($token[1]), "$file: $token[1]");
                    }
                    $before = $tokens[$at - 2][1] ?? null;
                    $called = is_array($token) && $token[0] === T_STRING && ($tokens[$at - 1][0] ?? null) === T_OBJECT_OPERATOR && ($tokens[$at + 1] ?? null) === '(';
                    $class = ['$client' => Mqtt\Client::class, '$server' => Mqtt\Server::class, '$decoder' => Mqtt\Decoder::class, '$message' => Mqtt\Message::class][$before] ?? null;
                    if ($called && $class !== null) {
                        self::assertTrue(method_exists($class, $token[1]), "$file: $class::$token[1]()");
                    }
                }
            }
        }
        self::assertGreaterThan(8, $blocks);
    }

    public function testEveryOptionOfThePageExists(): void
    {
        $known = array_map(fn ($p) => $p->getName(), (new ReflectionClass(Mqtt\ClientOptions::class))->getProperties());
        preg_match_all("~new Mqtt\\\\Client\\([^\\[]*\\[(?:\n\\s*)?'(\\w+)' =>~", (string) file_get_contents(dirname(__DIR__, 2) . '/docs/php.md'), $matches);
        self::assertNotSame([], $matches[1]);
        self::assertSame([], array_diff($matches[1], $known));
    }
}
