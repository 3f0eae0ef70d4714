<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Tools;

use Mqtt\Compat\ShowsBytes;

/** Bytes in forms that people read, 16 a line. */
class Debug
{
    use ShowsBytes;
}
