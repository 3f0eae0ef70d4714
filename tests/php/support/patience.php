<?php
declare(strict_types=1);

/** How long a test waits for what must come: these seconds, or as many times that as MQTT_TEST_PATIENCE says, for machines and tools that are slow. */
function patience(float $seconds): float
{
    return $seconds * max(1.0, (float) getenv('MQTT_TEST_PATIENCE'));
}
