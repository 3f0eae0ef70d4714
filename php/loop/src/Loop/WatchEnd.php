<?php
declare(strict_types=1);

namespace Mqtt\Loop;

/**
 * Goes with the source of a watch, and then ends the watch.
 *
 * @internal
 */
final class WatchEnd
{
    public function __construct(public readonly Watch $watch) {}

    public function __destruct()
    {
        $this->watch->end();
    }
}
