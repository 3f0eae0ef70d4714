<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use PhpMqtt\Client\Contracts\MqttClient;

/**
 * Event handlers. What one throws goes to the log, and the others are called all the same. A handler may take itself back.
 */
trait OffersHooks
{
    /** @var array<string, array<int, \Closure>> by event, then by the object's number: registering twice calls once */
    private array $eventHandlers = ['loop' => [], 'publish' => [], 'messageReceived' => [], 'connected' => []];

    protected function initializeEventHandlers(): void
    {
        $this->eventHandlers = ['loop' => [], 'publish' => [], 'messageReceived' => [], 'connected' => []];
    }

    public function registerLoopEventHandler(\Closure $callback): MqttClient
    {
        return $this->registerEventHandler('loop', $callback);
    }

    public function unregisterLoopEventHandler(?\Closure $callback = null): MqttClient
    {
        return $this->unregisterEventHandler('loop', $callback);
    }

    public function registerPublishEventHandler(\Closure $callback): MqttClient
    {
        return $this->registerEventHandler('publish', $callback);
    }

    public function unregisterPublishEventHandler(?\Closure $callback = null): MqttClient
    {
        return $this->unregisterEventHandler('publish', $callback);
    }

    public function registerMessageReceivedEventHandler(\Closure $callback): MqttClient
    {
        return $this->registerEventHandler('messageReceived', $callback);
    }

    public function unregisterMessageReceivedEventHandler(?\Closure $callback = null): MqttClient
    {
        return $this->unregisterEventHandler('messageReceived', $callback);
    }

    /** @param \Closure(MqttClient $client, bool $isAutoReconnect): mixed $callback called for every connection that stands */
    public function registerConnectedEventHandler(\Closure $callback): MqttClient
    {
        return $this->registerEventHandler('connected', $callback);
    }

    public function unregisterConnectedEventHandler(?\Closure $callback = null): MqttClient
    {
        return $this->unregisterEventHandler('connected', $callback);
    }

    private function registerEventHandler(string $event, \Closure $callback): MqttClient
    {
        $this->eventHandlers[$event][spl_object_id($callback)] = $callback;

        return $this;
    }

    private function unregisterEventHandler(string $event, ?\Closure $callback): MqttClient
    {
        if ($callback === null) {
            $this->eventHandlers[$event] = [];
        } else {
            unset($this->eventHandlers[$event][spl_object_id($callback)]);
        }

        return $this;
    }

    private function runLoopEventHandlers(float $elapsedTime): void
    {
        foreach ($this->eventHandlers['loop'] as $handler) {
            try {
                $handler($this, $elapsedTime);
            } catch (\Throwable $e) {
                $this->logThrowing('loop', $e);
            }
        }
    }

    private function runPublishEventHandlers(string $topic, string $message, ?int $messageId, int $qualityOfService, bool $retain): void
    {
        foreach ($this->eventHandlers['publish'] as $handler) {
            try {
                $handler($this, $topic, $message, $messageId, $qualityOfService, $retain);
            } catch (\Throwable $e) {
                $this->logThrowing('publish', $e);
            }
        }
    }

    private function runMessageReceivedEventHandlers(string $topic, string $message, int $qualityOfService, bool $retained): void
    {
        foreach ($this->eventHandlers['messageReceived'] as $handler) {
            try {
                $handler($this, $topic, $message, $qualityOfService, $retained);
            } catch (\Throwable $e) {
                $this->logThrowing('messageReceived', $e);
            }
        }
    }

    private function runConnectedEventHandlers(bool $isAutoReconnect): void
    {
        foreach ($this->eventHandlers['connected'] as $handler) {
            try {
                $handler($this, $isAutoReconnect);
            } catch (\Throwable $e) {
                $this->logThrowing('connected', $e);
            }
        }
    }

    private function logThrowing(string $event, \Throwable $e): void
    {
        $this->logger?->error('A handler of the event [{event}] threw an exception.', ['event' => $event, 'exception' => $e]);
    }
}
