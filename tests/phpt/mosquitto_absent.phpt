--TEST--
Without mqtt.mosquitto_compat there are no classes of Mosquitto
--EXTENSIONS--
mqtt
--FILE--
<?php
var_dump(extension_loaded('mosquitto'), class_exists('Mosquitto\Client'), class_exists('Mosquitto\Message'), class_exists('Mosquitto\Exception'), defined('MOSQ_LOG_DEBUG'));
var_dump(ini_get('mqtt.mosquitto_compat'), ini_set('mqtt.mosquitto_compat', '1'));
?>
--EXPECT--
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
string(1) "0"
bool(false)
