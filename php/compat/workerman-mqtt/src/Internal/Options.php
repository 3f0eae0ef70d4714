<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use InvalidArgumentException;

/**
 * Reads the client's options. One that is absent or null keeps its default.
 *
 * @internal
 */
trait Options
{
    /**
     * @param array<string, mixed> $options
     *
     * @throws InvalidArgumentException for a value that an option cannot have
     */
    protected function setOptions(array $options): void
    {
        /**
         * @var array{
         *     clean_session?: bool|int, uri?: string, username?: int|string, password?: int|string, client_id?: int|string,
         *     will?: array<string, mixed>, resubscribe?: bool|int, bindto?: string, ssl?: bool|array<string, mixed>, debug?: bool,
         *     properties?: array<int|string, mixed>
         * } $options
         */
        if (isset($options['clean_session']) && !$options['clean_session']) {
            $this->_options['clean_session'] = 0;
        }
        if (isset($options['uri'])) {
            $this->_options['uri'] = $options['uri'];
        }
        foreach (['username', 'password'] as $name) {
            if (isset($options[$name])) {
                if (!static::isString($options[$name])) {
                    throw new InvalidArgumentException("Bad $name, expected string or integer but " . gettype($options[$name]) . ' provided.');
                }
                $this->_options[$name] = $options[$name];
            }
        }
        $this->setNumber($options, 'keepalive', 0, 'not less than 0');
        $this->setVersion($options);
        if (isset($options['client_id']) && !static::isString($options['client_id'])) {
            throw new InvalidArgumentException('Bad client_id of options, expected string or integer but ' . gettype($options['client_id']) . ' provided.');
        }
        $this->_options['client_id'] = $options['client_id'] ?? $this->createRandomClientId();
        if (isset($options['will'])) {
            $this->setWill($options['will']);
        }
        $this->setNumber($options, 'reconnect_period', 0, 'not less than 0');
        $this->setNumber($options, 'connect_timeout', 1, 'greater than 0');
        if (isset($options['resubscribe']) && !$options['resubscribe']) {
            $this->_options['resubscribe'] = false;
        }
        if (!empty($options['bindto'])) {
            $this->_options['bindto'] = $options['bindto'];
        }
        if (isset($options['ssl'])) {
            $this->_options['ssl'] = $options['ssl'];
        }
        $this->_options['debug'] = !empty($options['debug']);
        $this->_options['properties'] = empty($options['properties']) ? [] : $options['properties'];
    }

    /**
     * @param array<string, mixed> $options
     * @param 'keepalive'|'reconnect_period'|'connect_timeout' $name
     */
    private function setNumber(array $options, string $name, int $minimum, string $rule): void
    {
        if (!isset($options[$name])) {
            return;
        }
        /** @var int|float|string $value */
        $value = $options[$name];
        $number = (int) $value;
        if ($number < $minimum) {
            throw new InvalidArgumentException("Bad $name, expected integer which $rule but $value provided.");
        }
        $this->_options[$name] = $number;
    }

    /** @param array<string, mixed> $options */
    private function setVersion(array $options): void
    {
        /** @var array{protocol_name?: string, protocol_level?: int|string} $options */
        if (isset($options['protocol_name'])) {
            $name = $options['protocol_name'];
            if ($name !== 'MQTT' && $name !== 'MQIsdp') {
                throw new InvalidArgumentException("Bad protocol_name of options, expected MQTT or MQIsdp but $name provided.");
            }
            $this->_options['protocol_name'] = $name;
            // The only level that goes with the name (MQTT 3.1).
            if ($name === 'MQIsdp') {
                $this->_options['protocol_level'] = 3;
            }
        }
        if (!isset($options['protocol_level'])) {
            return;
        }
        $level = (int) $options['protocol_level'];
        $isOld = $this->_options['protocol_name'] === 'MQIsdp';
        if ($isOld ? $level !== 3 : ($level !== 4 && $level !== 5)) {
            throw new InvalidArgumentException('Bad protocol_level of options, expected ' . ($isOld ? '3' : '(4 or 5)') . " for protocol_name MQTT but {$options['protocol_level']} provided.");
        }
        $this->_options['protocol_level'] = $level;
    }

    /** @param array<string, mixed> $will */
    private function setWill(array $will): void
    {
        foreach (['qos', 'topic', 'content'] as $key) {
            if (!isset($will[$key])) {
                throw new InvalidArgumentException("Bad will options, \$will[$key] missing.");
            }
        }
        foreach (['topic', 'content'] as $key) {
            if (!static::isString($will[$key])) {
                throw new InvalidArgumentException("Bad \$will['$key'] of options, expected string or integer but " . gettype($will[$key]) . ' provided.');
            }
        }
        if (!in_array($will['qos'], [0, 1, 2], true)) {
            throw new InvalidArgumentException('Bad will qos:' . var_export($will['qos'], true));
        }
        $this->_options['will'] = $will;
    }
}
