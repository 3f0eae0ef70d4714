<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * An UNSUBSCRIBE that waits for its UNSUBACK.
 */
class UnsubscribeRequest extends PendingMessage
{
    /** @var list<string> */
    private array $topicFilters;

    /** @param string[] $topicFilters */
    public function __construct(int $messageId, array $topicFilters)
    {
        parent::__construct($messageId);
        $this->topicFilters = array_values($topicFilters);
    }

    /** @return list<string> */
    public function getTopicFilters(): array
    {
        return $this->topicFilters;
    }
}
