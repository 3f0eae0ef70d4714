<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * A SUBSCRIBE that waits for its SUBACK.
 */
class SubscribeRequest extends PendingMessage
{
    /** @var list<Subscription> */
    private array $subscriptions;

    /** @param Subscription[] $subscriptions */
    public function __construct(int $messageId, array $subscriptions)
    {
        parent::__construct($messageId);
        $this->subscriptions = array_values($subscriptions);
    }

    /** @return list<Subscription> */
    public function getSubscriptions(): array
    {
        return $this->subscriptions;
    }
}
