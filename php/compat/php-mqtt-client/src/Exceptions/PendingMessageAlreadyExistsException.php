<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** A pending message has this identifier already. */
class PendingMessageAlreadyExistsException extends RepositoryException
{
    public function __construct(int $messageId)
    {
        parent::__construct("A pending message with the message identifier [$messageId] exists already.");
    }
}
