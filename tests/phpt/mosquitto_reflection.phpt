--TEST--
The module mosquitto inside the module mqtt: phpinfo, and a class tells where it is from
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
--FILE--
<?php
ob_start();
phpinfo(INFO_MODULES);
$info = ob_get_clean();
foreach (['Mosquitto support => enabled', 'libmosquitto version => 2.0.11', 'Extension version => 0.5.0', 'mqtt.mosquitto_compat => 1 => 1'] as $line) {
    echo $line, str_contains($info, $line) ? '' : ' is missing', "\n";
}
var_dump(phpversion('mosquitto'), (new ReflectionClass('Mosquitto\Message'))->getExtensionName(), in_array('mosquitto', get_loaded_extensions(), true));
var_dump((new ReflectionClass('Mqtt\Client'))->getExtensionName(), (new ReflectionMethod('Mosquitto\Client', 'loop'))->getParameters()[1]->getDefaultValue());
?>
--EXPECT--
Mosquitto support => enabled
libmosquitto version => 2.0.11
Extension version => 0.5.0
mqtt.mosquitto_compat => 1 => 1
string(5) "0.5.0"
string(9) "mosquitto"
bool(true)
string(4) "mqtt"
int(1)
