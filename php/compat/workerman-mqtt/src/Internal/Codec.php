<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Internal;

use Mqtt\Compat\ArrayCodec;

/**
 * One codec a protocol level.
 *
 * @internal
 */
final class Codec
{
    /** @var array<int, ArrayCodec> */
    private static array $codecs = [];

    /** @param int $level 3, 4 or 5 */
    public static function of(int $level): ArrayCodec
    {
        return self::$codecs[$level] ??= new ArrayCodec('workerman', $level);
    }
}
