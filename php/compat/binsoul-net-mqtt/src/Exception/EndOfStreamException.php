<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Exception;

/**
 * A field was to be read where the stream has no bytes left.
 */
class EndOfStreamException extends \Exception
{
}
