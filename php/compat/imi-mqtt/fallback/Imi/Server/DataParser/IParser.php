<?php
declare(strict_types=1);

namespace Imi\Server\DataParser;

/** Values to bytes and back. */
interface IParser
{
    /** @param mixed $data */
    public function encode($data): string;

    /** @return mixed */
    public function decode(string $data): mixed;
}
