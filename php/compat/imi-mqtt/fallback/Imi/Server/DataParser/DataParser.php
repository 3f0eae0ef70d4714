<?php
declare(strict_types=1);

namespace Imi\Server\DataParser;

/** The name under which a server gives its parser out. */
class DataParser
{
}
