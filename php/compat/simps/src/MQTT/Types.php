<?php
declare(strict_types=1);

namespace Simps\MQTT;

/** Packet types under the name that simps/mqtt 1.1 to 1.3 gave them. */
class Types extends Protocol\Types
{
}
