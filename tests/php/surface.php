<?php
/**
 * Prints what PHP sees of the extension as JSON. With a file, the file is loaded in place of the extension:
 * the same words for the stub.
 */
declare(strict_types=1);

if (isset($argv[1])) {
    $before = get_declared_classes() + get_declared_interfaces();
    require $argv[1];
    $names = array_filter(array_merge(get_declared_classes(), get_declared_interfaces()), fn ($n) => str_starts_with($n, 'Mqtt\\'));
} else {
    $names = array_keys((new ReflectionExtension('mqtt'))->getClasses());
}
sort($names);

$type = fn (?ReflectionType $t): ?string => $t === null ? null : implode('|', (function () use ($t) {
    // An internal iterable is told as the union that it is.
    $names = $t instanceof ReflectionUnionType ? array_map('strval', $t->getTypes()) : explode('|', str_replace('iterable', 'Traversable|array', (string) $t));
    sort($names);
    return $names;
})());
$value = fn (mixed $v): string => $v instanceof UnitEnum ? '\\' . $v::class . '::' . $v->name : var_export($v, true);
$own = fn (array $members, ReflectionClass $class) => array_filter($members, fn ($m) => $m->getDeclaringClass()->name === $class->name);

$surface = [];
foreach ($names as $name) {
    $class = new ReflectionClass($name);
    $interfaces = $class->getInterfaceNames();
    sort($interfaces);
    $entry = [
        'kind' => $class->isEnum() ? 'enum' : ($class->isInterface() ? 'interface' : 'class'),
        // The engine does not mark internal enums as final.
        'final' => $class->isFinal() && !$class->isEnum(), 'abstract' => $class->isAbstract() && !$class->isInterface(),
        'parent' => $class->getParentClass() ? $class->getParentClass()->name : null,
        'interfaces' => $interfaces,
        'constants' => array_map($value, $class->getConstants()),
        'backing' => $class->isEnum() ? (string) (new ReflectionEnum($name))->getBackingType() : null,
        'properties' => [], 'methods' => [],
    ];
    foreach ($own($class->getProperties(), $class) as $property) {
        $entry['properties'][] = [
            $property->getName(), $type($property->getType()), $property->isReadOnly(), $property->isStatic(), implode(' ', Reflection::getModifierNames($property->getModifiers())),
        ];
    }
    foreach ($own($class->getMethods(), $class) as $method) {
        $entry['methods'][$method->getName()] = [
            'modifiers' => implode(' ', Reflection::getModifierNames($method->getModifiers())),
            'returns' => $type($method->hasTentativeReturnType() ? $method->getTentativeReturnType() : $method->getReturnType()),
            'parameters' => array_map(fn (ReflectionParameter $p) => [
                $p->getName(), $type($p->getType()), $p->isDefaultValueAvailable() ? $value($p->getDefaultValue()) : ($p->isOptional() ? 'variadic' : 'required'), $p->isVariadic(), $p->isPassedByReference(),
            ], $method->getParameters()),
        ];
    }
    ksort($entry['methods']);
    ksort($entry['constants']);
    $surface[$name] = $entry;
}
echo json_encode($surface, JSON_PRETTY_PRINT | JSON_THROW_ON_ERROR), "\n";
