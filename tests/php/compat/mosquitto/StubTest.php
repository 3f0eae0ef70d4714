<?php
declare(strict_types=1);

namespace MosquittoTests;

use ReflectionClass;
use ReflectionMethod;
use ReflectionParameter;

require_once __DIR__ . '/MosquittoCase.php';

/** stubs/mosquitto.stub.php says exactly what reflection says, and reflection nothing that the stub does not. */
final class StubTest extends MosquittoCase
{
    private const CLASSES = ['Mosquitto\Client', 'Mosquitto\Message', 'Mosquitto\Exception'];

    public function testTheStubIsWhatThereIs(): void
    {
        $stub = dirname(__DIR__, 4) . '/stubs/mosquitto.stub.php';
        $code = <<<'PHP'
            eval('namespace PHPUnit\Framework; class TestCase {}');
            require $argv[1];
            require $argv[2];
            echo json_encode(MosquittoTests\StubTest::surface());
            PHP;
        $command = [PHP_BINARY, '-n', '-r', $code, $stub, __FILE__];
        $json = (string) shell_exec(implode(' ', array_map('escapeshellarg', $command)));
        $expected = json_decode($json, true, 512, JSON_THROW_ON_ERROR);
        self::assertSame($expected, json_decode((string) json_encode(self::surface()), true));
        self::assertCount(27, $expected['Mosquitto\Client']['methods']);
    }

    public function testEverythingIsDocumented(): void
    {
        $text = (string) file_get_contents(dirname(__DIR__, 4) . '/stubs/mosquitto.stub.php');
        preg_match_all('~(\*/\n)?\h*(?:public (?:static )?function|class(?= \w+$)|class(?= \w+ ext)|public const|public \$) ?(\w+)~', $text, $matches, PREG_SET_ORDER);
        foreach ($matches as [, $doc, $name]) {
            if ($name !== '__construct') {
                self::assertNotSame('', $doc, "$name has no doc comment");
            }
        }
    }

    /** @return array<string, mixed> */
    public static function surface(): array
    {
        $surface = [];
        foreach (self::CLASSES as $name) {
            $class = new ReflectionClass($name);
            $own = fn (array $members): array => array_filter($members, fn ($member) => $member->getDeclaringClass()->name === $name);
            $surface[$name] = [
                'parent' => $class->getParentClass() ? $class->getParentClass()->name : null,
                'final' => $class->isFinal(),
                'constants' => $class->getConstants(),
                'properties' => array_intersect_key($class->getDefaultProperties(), array_flip(array_map(fn ($p) => $p->name, $own($class->getProperties())))),
                'methods' => [],
            ];
            foreach ($own($class->getMethods()) as $method) {
                $surface[$name]['methods'][$method->name] = self::method($method);
            }
            ksort($surface[$name]['methods']);
        }
        return $surface;
    }

    /** @return array<string, mixed> */
    private static function method(ReflectionMethod $method): array
    {
        $default = fn (ReflectionParameter $p): string => match (true) {
            !$p->isOptional() => 'required',
            // UNKNOWN in the stub is a default that reflection cannot tell.
            !$p->isDefaultValueAvailable(), !$p->getDeclaringFunction()->isInternal() && str_ends_with((string) $p->getDefaultValueConstantName(), 'UNKNOWN') => 'unknown',
            default => var_export($p->getDefaultValue(), true),
        };
        return [
            'static' => $method->isStatic(),
            'public' => $method->isPublic(),
            'returns' => (string) $method->getReturnType(),
            'parameters' => array_map(fn (ReflectionParameter $p): array => [$p->name, (string) $p->getType(), $default($p)], $method->getParameters()),
        ];
    }
}
