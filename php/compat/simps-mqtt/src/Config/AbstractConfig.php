<?php
declare(strict_types=1);

namespace Simps\MQTT\Config;

/**
 * Options as an object with setters.
 */
abstract class AbstractConfig
{
    /**
     * @param array<string, mixed> $data values by name: "clientId" goes to setClientId(), or into the property of that name where there is no
     *                    setter; other keys are ignored
     */
    public function __construct(array $data = [])
    {
        foreach ($data as $key => $value) {
            $setter = 'set' . ucfirst((string) $key);
            if (method_exists($this, $setter)) {
                $this->{$setter}($value);
            } elseif (property_exists($this, (string) $key)) {
                $this->{$key} = $value;
            }
        }
    }
}
