--TEST--
Mosquitto\Client::setTlsCertificates() keeps to open_basedir
--INI--
mqtt.mosquitto_compat=1
--EXTENSIONS--
mqtt
--FILE--
<?php
ini_set('open_basedir', __DIR__);
$client = new Mosquitto\Client();
var_dump($client->setTlsCertificates(__FILE__));
foreach ([['/etc/passwd'], [__FILE__, '/etc/passwd', __FILE__], [__FILE__, __FILE__, '/etc/passwd']] as $paths) {
    try {
        $client->setTlsCertificates(...$paths);
    } catch (Mosquitto\Exception $e) {
        echo $e->getMessage(), "\n";
    }
}
?>
--EXPECTF--
int(0)

Warning: Mosquitto\Client::setTlsCertificates(): open_basedir restriction in effect. File(/etc/passwd) is not within the allowed path(s): (%s) in %s on line %d
Invalid function arguments provided.

Warning: Mosquitto\Client::setTlsCertificates(): open_basedir restriction in effect. File(/etc/passwd) is not within the allowed path(s): (%s) in %s on line %d
Invalid function arguments provided.

Warning: Mosquitto\Client::setTlsCertificates(): open_basedir restriction in effect. File(/etc/passwd) is not within the allowed path(s): (%s) in %s on line %d
Invalid function arguments provided.
