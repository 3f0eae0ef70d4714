<?php
declare(strict_types=1);

namespace Simps\MQTT;

/** MQTT 5 under the name that simps/mqtt 1.1 to 1.3 gave it. */
class ProtocolV5 extends Protocol\V5
{
}
