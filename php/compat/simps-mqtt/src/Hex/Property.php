<?php
declare(strict_types=1);

namespace Simps\MQTT\Hex;

use Mqtt\Compat\PropertyIds;

/**
 * Identifiers of the properties of MQTT 5, as they stand on the wire.
 */
class Property extends PropertyIds
{
}
