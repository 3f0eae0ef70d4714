<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

/**
 * Names clients that have no identifier of their own.
 */
interface ClientIdentifierGenerator
{
    public function generateClientIdentifier(): string;
}
