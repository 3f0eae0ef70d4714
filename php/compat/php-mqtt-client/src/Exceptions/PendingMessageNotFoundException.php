<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** No pending message has this identifier. */
class PendingMessageNotFoundException extends RepositoryException
{
    public function __construct(int $messageId)
    {
        parent::__construct("No pending message with the message identifier [$messageId].");
    }
}
