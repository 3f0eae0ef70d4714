<?php
declare(strict_types=1);

namespace Workerman\Mqtt\Consts;

use Mqtt\Compat\PropertyIds;

/** Identifiers of the properties of MQTT 5 (2.2.2.2). Packet arrays name properties by these names in lower case. */
class PropertyConst extends PropertyIds
{
}
