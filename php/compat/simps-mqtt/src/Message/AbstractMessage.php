<?php
declare(strict_types=1);

namespace Simps\MQTT\Message;

use Simps\MQTT\Protocol\V3;
use Simps\MQTT\Protocol\V5;

/**
 * A packet as an object with setters: an array for {@see V3} or {@see V5}, or its bytes as a string.
 */
abstract class AbstractMessage implements \Stringable
{
    /** @var int */
    protected $protocolLevel = 4;

    /** @var array<int|string, mixed> */
    protected $properties = [];

    /** @param array<string, mixed> $data values for setters: "messageId" goes to setMessageId(); keys without a setter are ignored */
    public function __construct(array $data = [])
    {
        foreach ($data as $key => $value) {
            $setter = 'set' . ucfirst((string) $key);
            if (method_exists($this, $setter)) {
                $this->{$setter}($value);
            }
        }
    }

    /**
     * 5 whenever there are properties, which no other version has.
     */
    public function getProtocolLevel(): int
    {
        return $this->properties === [] ? $this->protocolLevel : 5;
    }

    public function setProtocolLevel(int $protocolLevel): self
    {
        $this->protocolLevel = $protocolLevel;

        return $this;
    }

    /** @return array<int|string, mixed> */
    public function getProperties(): array
    {
        return $this->properties;
    }

    /** @param array<int|string, mixed> $properties */
    public function setProperties(array $properties): self
    {
        $this->properties = $properties;

        return $this;
    }

    public function isMQTT5(): bool
    {
        return $this->getProtocolLevel() === 5;
    }

    /**
     * The bytes of the packet, or its array.
     *
     * @return ($getArray is true ? array<string, mixed> : string)
     */
    abstract public function getContents(bool $getArray = false);

    /** @return array<string, mixed> */
    public function toArray(): array
    {
        return $this->getContents(true);
    }

    public function __toString(): string
    {
        return $this->getContents();
    }

    /**
     * @param array<string, mixed> $array
     *
     * @return ($getArray is true ? array<string, mixed> : string)
     *
     * @internal
     */
    protected function contents(array $array, bool $getArray)
    {
        if ($getArray) {
            return $array;
        }

        return $this->isMQTT5() ? V5::pack($array) : V3::pack($array);
    }
}
