<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

/**
 * Taking bytes off a buffer.
 */
trait WorksWithBuffers
{
    /** Takes up to $limit bytes from the front of the buffer. */
    protected function pop(string &$buffer, int $limit): string
    {
        $front  = substr($buffer, 0, $limit);
        $buffer = substr($buffer, strlen($front));

        return $front;
    }
}
