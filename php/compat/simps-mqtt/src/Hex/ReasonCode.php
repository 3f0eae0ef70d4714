<?php
declare(strict_types=1);

namespace Simps\MQTT\Hex;

use Mqtt\Compat\ReasonCodes;

/**
 * The reason codes of MQTT 5, and their phrases.
 */
abstract class ReasonCode extends ReasonCodes
{
}
