<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/** What MessageType.php makes by class_alias(), which PHPStan does not run. */
abstract class EnumBase extends Enum
{
}
