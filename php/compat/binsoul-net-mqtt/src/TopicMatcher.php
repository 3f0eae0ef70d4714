<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt;

use Mqtt\Topic;

class TopicMatcher
{
    /**
     * Whether a message with this topic goes to subscribers of this filter (section 4.7). What is no filter or no topic
     * matches nothing.
     */
    public function matches(string $filter, string $topic): bool
    {
        return Topic::isValidFilter($filter) && Topic::isValidName($topic) && Topic::matches($filter, $topic);
    }
}
