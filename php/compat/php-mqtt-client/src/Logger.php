<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

use Psr\Log\LoggerInterface;
use Psr\Log\LogLevel;

/**
 * Puts host, port and client identifier in front of each line, and forgets the line where there is no logger.
 */
class Logger implements LoggerInterface
{
    public function __construct(
        private string $host,
        private int $port,
        private string $clientId,
        private ?LoggerInterface $logger = null,
    ) {
    }

    public function emergency($message, array $context = []): void
    {
        $this->log(LogLevel::EMERGENCY, $message, $context);
    }

    public function alert($message, array $context = []): void
    {
        $this->log(LogLevel::ALERT, $message, $context);
    }

    public function critical($message, array $context = []): void
    {
        $this->log(LogLevel::CRITICAL, $message, $context);
    }

    public function error($message, array $context = []): void
    {
        $this->log(LogLevel::ERROR, $message, $context);
    }

    public function warning($message, array $context = []): void
    {
        $this->log(LogLevel::WARNING, $message, $context);
    }

    public function notice($message, array $context = []): void
    {
        $this->log(LogLevel::NOTICE, $message, $context);
    }

    public function info($message, array $context = []): void
    {
        $this->log(LogLevel::INFO, $message, $context);
    }

    public function debug($message, array $context = []): void
    {
        $this->log(LogLevel::DEBUG, $message, $context);
    }

    public function log($level, $message, array $context = []): void
    {
        $this->logger?->log($level, $this->wrapLogMessage((string) $message), $this->mergeContext($context));
    }

    protected function wrapLogMessage(string $message): string
    {
        return 'MQTT [{host}:{port}] [{clientId}] ' . $message;
    }

    /**
     * @param array<mixed> $context wins over what is added
     *
     * @return array<mixed>
     */
    protected function mergeContext(array $context): array
    {
        return array_merge(['host' => $this->host, 'port' => $this->port, 'clientId' => $this->clientId], $context);
    }
}
