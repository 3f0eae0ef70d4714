<?php
declare(strict_types=1);

/**
 * A message of SAM. Others than these properties may be set, as in the original.
 */
#[AllowDynamicProperties]
class SAMMessage
{
    /** @var string Any bytes. */
    public $body = '';
    /** @var stdClass What came with a message that was received: SAM_MQTT_TOPIC, SAM_MQTT_QOS, SAM_TYPE. */
    public $header;

    /** @param string $body */
    public function __construct($body = '')
    {
        $this->body   = $body;
        $this->header = new stdClass();
    }
}
