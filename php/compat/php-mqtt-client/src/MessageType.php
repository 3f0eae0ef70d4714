<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

// An application may ask for instanceof MyCLabs\Enum\Enum, where it has that.
if (!class_exists(EnumBase::class, false)) {
    class_alias(class_exists(\MyCLabs\Enum\Enum::class) ? \MyCLabs\Enum\Enum::class : Enum::class, EnumBase::class);
}

/**
 * The packets that a broker sends to a client.
 *
 * @method static MessageType PUBLISH()
 * @method static MessageType PUBLISH_ACKNOWLEDGEMENT()
 * @method static MessageType PUBLISH_RECEIPT()
 * @method static MessageType PUBLISH_RELEASE()
 * @method static MessageType PUBLISH_COMPLETE()
 * @method static MessageType SUBSCRIBE_ACKNOWLEDGEMENT()
 * @method static MessageType UNSUBSCRIBE_ACKNOWLEDGEMENT()
 * @method static MessageType PING_REQUEST()
 * @method static MessageType PING_RESPONSE()
 */
class MessageType extends EnumBase
{
    private const PUBLISH                     = 'PUBLISH';
    private const PUBLISH_ACKNOWLEDGEMENT     = 'PUBACK';
    private const PUBLISH_RECEIPT             = 'PUBREC';
    private const PUBLISH_RELEASE             = 'PUBREL';
    private const PUBLISH_COMPLETE            = 'PUBCOMP';
    private const SUBSCRIBE_ACKNOWLEDGEMENT   = 'SUBACK';
    private const UNSUBSCRIBE_ACKNOWLEDGEMENT = 'UNSUBACK';
    private const PING_REQUEST                = 'PINGREQ';
    private const PING_RESPONSE               = 'PINGRESP';
}
