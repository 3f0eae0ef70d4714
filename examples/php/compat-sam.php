<?php
/**
 * The endpoint of push systems that publish with SAM: takes "target" and "message" from a form and publishes to topic://TARGET.
 *
 *     php -d extension=target/release/mqtt.so -S 127.0.0.1:8080 examples/php/compat-sam.php
 *     curl -d target=tokudu/a1b2 -d message=hello http://127.0.0.1:8080/
 */

// In the place of: require('SAM/php_sam.php');
require dirname(__DIR__, 2) . '/php/compat/sam/php_sam.php';

$conn = new SAMConnection();
$conn->connect(SAM_MQTT, array(SAM_HOST => '127.0.0.1', SAM_PORT => getenv('MQTT_PORT') ?: 1883));

/** @var array<string, string> $form */
$form = $_REQUEST + array('target' => '', 'message' => '');
$message = new SAMMessage($form['message']);
if ($conn->send('topic://' . $form['target'], $message, array(SAM_MQTT_QOS => 1))) {
    echo 'sent to ', htmlspecialchars($form['target']), ': ', htmlspecialchars($form['message']), "\n";
} else {
    http_response_code(502);
    echo "not sent: $conn->errno $conn->error\n";
}
$conn->disconnect();
