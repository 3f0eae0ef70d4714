<?php
declare(strict_types=1);

// Copies from before 2017 have the class without a namespace.
if (!class_exists('phpMQTT', false)) {
    class_alias(Bluerhinos\phpMQTT::class, 'phpMQTT');
}
