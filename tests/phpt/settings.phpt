--TEST--
A setting that is no value of its kind is refused, by php.ini and by ini_set()
--EXTENSIONS--
mqtt
--INI--
mqtt.linger=abc
mqtt.connect_timeout=nan
mqtt.log=loud
--FILE--
<?php
// "abc" was a linger of 0 seconds, so that messages were lost, and a level that does not exist logged nothing.
foreach (['mqtt.linger', 'mqtt.connect_timeout', 'mqtt.log'] as $name) {
    echo "$name: ", var_export(ini_get($name), true), "\n";
}
foreach ([['mqtt.linger', 'abc'], ['mqtt.linger', ''], ['mqtt.linger', '-1'], ['mqtt.linger', '5s'], ['mqtt.connect_timeout', 'inf'], ['mqtt.log', 'loud']] as [$name, $value]) {
    var_dump(ini_set($name, $value));
}
foreach ([['mqtt.linger', '2.5'], ['mqtt.linger', 1], ['mqtt.connect_timeout', '1e1'], ['mqtt.log', 'Warning'], ['mqtt.log', '']] as [$name, $value]) {
    echo "$name: ", var_export(ini_set($name, $value), true), ' -> ', var_export(ini_get($name), true), "\n";
}
?>
--EXPECTF--
%AWarning: %Smqtt.linger must be a number of seconds from 0 up, "abc" given: it is ignored%A
%AWarning: %Smqtt.connect_timeout must be a number of seconds from 0 up, "nan" given: it is ignored%A
%AWarning: %Smqtt.log must be debug, info, notice, warning, error or empty, "loud" given: it is ignored%A
mqtt.linger: '5'
mqtt.connect_timeout: '10'
mqtt.log: ''
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
bool(false)
mqtt.linger: '5' -> '2.5'
mqtt.linger: '2.5' -> '1'
mqtt.connect_timeout: '10' -> '1e1'
mqtt.log: '' -> 'Warning'
mqtt.log: 'Warning' -> ''
