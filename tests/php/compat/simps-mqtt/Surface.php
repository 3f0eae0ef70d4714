<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\Simps;

/** A class as lines of text: constants, properties that subclasses see, methods with their signatures. */
final class Surface
{
    /** @return list<string> */
    public static function of(string $name): array
    {
        $class = new \ReflectionClass($name);
        // What drop-ins share is inherited from classes that no user sees.
        $own = static fn (\ReflectionClass $declaring): bool => $declaring->name === $name || str_starts_with($declaring->name, 'Mqtt\\Compat\\');
        $kind = $class->isInterface() ? 'interface' : ($class->isAbstract() ? 'abstract class' : 'class');
        $parent = $class->getParentClass() && !str_starts_with($class->getParentClass()->name, 'Mqtt\\Compat\\') ? ' extends ' . $class->getParentClass()->name : '';
        $interfaces = $class->getInterfaceNames();
        $lines = ["$kind $name$parent" . ($interfaces === [] || $class->getParentClass() ? '' : ' implements ' . implode(', ', $interfaces))];
        foreach ($class->getReflectionConstants() as $constant) {
            if ($own($constant->getDeclaringClass())) {
                $lines[] = 'const ' . $constant->name . ' = ' . var_export($constant->getValue(), true);
            }
        }
        foreach ($class->getProperties() as $property) {
            if ($own($property->getDeclaringClass()) && !$property->isPrivate()) {
                $value = $class->getDefaultProperties()[$property->name];
                $value = is_array($value) ? '[..]' : var_export($value, true);
                $lines[] = ($property->isPublic() ? 'public ' : 'protected ') . ($property->isStatic() ? 'static ' : '') . " \${$property->name} = $value";
            }
        }
        foreach ($class->getMethods() as $method) {
            $internal = str_contains((string) $method->getFileName(), '/Internal/') && $method->name !== 'handleException' || str_contains((string) $method->getDocComment(), '@internal');
            if ($own($method->getDeclaringClass()) && !$method->isPrivate() && !$internal) {
                $lines[] = self::method($method, $class->isInterface());
            }
        }

        return $lines;
    }

    private static function method(\ReflectionMethod $method, bool $isInterface): string
    {
        $words = ($method->isProtected() ? 'protected ' : '') . ($method->isStatic() ? 'static ' : '') . ($method->isAbstract() && !$isInterface ? 'abstract ' : '');
        $parameters = array_map(static function (\ReflectionParameter $parameter) use ($method): string {
            $default = '';
            if ($parameter->isDefaultValueAvailable()) {
                $value = $parameter->isDefaultValueConstant() ? preg_replace('~^.*\\\\(?=\w+\\\\\w+::)~', '', (string) $parameter->getDefaultValueConstantName()) : ($parameter->getDefaultValue() === [] ? '[]' : var_export($parameter->getDefaultValue(), true));
                $default = " = $value";
            }
            $type = $parameter->hasType() ? self::type($parameter->getType(), $method) . ' ' : '';
            return $type . ($parameter->isPassedByReference() ? '&' : '') . "\${$parameter->name}$default";
        }, $method->getParameters());
        $type = $method->hasReturnType() ? ': ' . self::type($method->getReturnType(), $method) : '';

        return $words . $method->name . '(' . implode(', ', $parameters) . ')' . $type;
    }

    /** PHP 8.5 names the class where the code says self. */
    private static function type(\ReflectionType $type, \ReflectionMethod $method): string
    {
        $self = preg_replace('~(?<![\w\\\\])' . preg_quote($method->class, '~') . '(?![\w\\\\])~', 'self', (string) $type);

        return str_replace('Simps\\MQTT\\', '', (string) $self);
    }
}
