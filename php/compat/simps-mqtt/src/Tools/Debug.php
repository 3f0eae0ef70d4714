<?php
declare(strict_types=1);

namespace Simps\MQTT\Tools;

use Mqtt\Compat\ShowsBytes;

/**
 * Bytes shown for people, 16 on a line.
 */
class Debug
{
    use ShowsBytes;
}
