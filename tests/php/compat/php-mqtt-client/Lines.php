<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

/** A logger that keeps its lines, filled in. */
final class Lines extends \Psr\Log\AbstractLogger
{
    /** @var list<string> each "level text" */
    public array $lines = [];
    /** @var list<array<mixed>> */
    public array $contexts = [];

    public function log($level, $message, array $context = []): void
    {
        $values = array_filter($context, 'is_scalar');
        $this->lines[] = "$level " . strtr((string) $message, array_combine(array_map(fn (string $key): string => '{' . $key . '}', array_keys($values)), array_map('strval', $values)));
        $this->contexts[] = $context;
    }

    /** Whether a line of this level holds the text. */
    public function has(string $level, string $text): bool
    {
        foreach ($this->lines as $line) {
            if (str_starts_with($line, "$level ") && str_contains($line, $text)) {
                return true;
            }
        }
        return false;
    }
}
