<?php
declare(strict_types=1);

namespace Simps\MQTT;

/** MQTT 3.1 and 3.1.1 under the name that simps/mqtt 1.1 to 1.3 gave it. */
class Protocol extends Protocol\V3
{
}
