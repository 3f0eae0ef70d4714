<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\Validator;
use Mqtt\Topic;

/**
 * What SUBSCRIBE and UNSUBSCRIBE demand of their filters.
 *
 * @internal
 */
final class FilterList
{
    /**
     * @param array<int|string, string> $filters
     *
     * @return array<int|string, string> the same
     *
     * @throws \InvalidArgumentException
     */
    public static function checked(array $filters): array
    {
        foreach ($filters as $index => $filter) {
            if (Topic::isValidFilter($filter)) {
                continue;
            }
            try {
                Validator::assertValidNonEmptyString($filter);
            } catch (\InvalidArgumentException $e) {
                throw new \InvalidArgumentException(sprintf('Filter %s: %s', $index, $e->getMessage()), $e->getCode(), $e);
            }
        }
        return $filters;
    }
}
