<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * What MessageType is where myclabs/php-enum is not installed: the constants of a class as objects, each made by the static
 * method of its name. Compare with equals(), or with == : every call makes an object of its own.
 *
 * @internal
 * @phpstan-consistent-constructor
 */
abstract class Enum implements \JsonSerializable, \Stringable
{
    /** @var array<class-string, array<string, mixed>> */
    private static array $constants = [];
    /** @var array<class-string, array<string, static>> by name; callers get copies */
    private static array $instances = [];

    /** @var mixed */
    protected $value;
    private string $key;

    /**
     * @param mixed $value a constant's value, or an object of the same enumeration
     *
     * @throws \UnexpectedValueException when no constant has it
     */
    public function __construct($value)
    {
        $this->value = $value instanceof static ? $value->value : $value;
        $this->key   = self::keyOf($this->value);
    }

    /**
     * @param mixed $value
     *
     * @return static
     */
    public static function from($value): self
    {
        return new static($value);
    }

    /** @return mixed */
    public function getValue()
    {
        return $this->value;
    }

    /** @return string name of the constant */
    public function getKey()
    {
        return $this->key;
    }

    public function __toString(): string
    {
        /** @var scalar|\Stringable|null $value */
        $value = $this->value;

        return (string) $value;
    }

    /** @param mixed $variable */
    final public function equals($variable = null): bool
    {
        return $variable instanceof self && $variable::class === static::class && $variable->value === $this->value;
    }

    /** @return list<string> */
    public static function keys()
    {
        return array_keys(static::toArray());
    }

    /** @return array<string, static> */
    public static function values()
    {
        return array_map(static fn (mixed $value): static => new static($value), static::toArray());
    }

    /** @return array<string, mixed> values by name */
    public static function toArray()
    {
        return self::$constants[static::class] ??= (new \ReflectionClass(static::class))->getConstants();
    }

    /**
     * @param mixed $value
     *
     * @return bool
     */
    public static function isValid($value)
    {
        return in_array($value, static::toArray(), true);
    }

    /**
     * @param mixed $value
     *
     * @throws \UnexpectedValueException when no constant has this value
     */
    public static function assertValidValue($value): void
    {
        self::keyOf($value);
    }

    /**
     * @param string $key
     *
     * @return bool
     */
    public static function isValidKey($key)
    {
        return array_key_exists($key, static::toArray());
    }

    /**
     * @param mixed $value
     *
     * @return string|false the name of the constant with this value
     */
    public static function search($value)
    {
        return array_search($value, static::toArray(), true);
    }

    /**
     * @param string       $name
     * @param array<mixed> $arguments none
     *
     * @return static
     *
     * @throws \BadMethodCallException when there is no constant of this name
     */
    public static function __callStatic($name, $arguments)
    {
        $instance = self::$instances[static::class][$name] ?? null;
        if ($instance === null) {
            if (!static::isValidKey($name)) {
                throw new \BadMethodCallException("No static method or enum constant '$name' in class " . static::class);
            }
            $instance = self::$instances[static::class][$name] = new static(static::toArray()[$name]);
        }

        return clone $instance;
    }

    #[\ReturnTypeWillChange]
    public function jsonSerialize()
    {
        return $this->value;
    }

    private static function keyOf(mixed $value): string
    {
        $key = static::search($value);
        if ($key === false) {
            $text = is_scalar($value) || $value instanceof \Stringable ? (string) $value : get_debug_type($value);
            throw new \UnexpectedValueException("Value '$text' is not part of the enum " . static::class);
        }

        return $key;
    }
}
