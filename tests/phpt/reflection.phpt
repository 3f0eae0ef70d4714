--TEST--
phpinfo() and php --ri, settings and named arguments
--EXTENSIONS--
mqtt
--FILE--
<?php
$extension = new ReflectionExtension('mqtt');
ob_start();
$extension->info();
$info = ob_get_clean();
foreach (['MQTT support => enabled', 'TLS => rustls', 'mqtt.linger => 5 => 5', 'mqtt.connect_timeout => 10 => 10'] as $line) {
    var_dump(str_contains($info, $line));
}
var_dump($extension->getVersion() === phpversion('mqtt'));
echo new ReflectionMethod(Mqtt\Client::class, 'publish');
$message = new Mqtt\Message(payload: 'x', topic: 't', retain: true);
var_dump($message->retain, $message->qos);
// A default in the middle is that of the stub.
var_dump(bin2hex((new Mqtt\Packet\PubAck(1, properties: ['reasonString' => 'x']))->encode()));
?>
--EXPECTF--
bool(true)
bool(true)
bool(true)
bool(true)
bool(true)
Method [ <internal:mqtt> public method publish ] {

  - Parameters [5] {
    Parameter #0 [ <required> string $topic ]
    Parameter #1 [ <optional> string $payload = '' ]
    Parameter #2 [ <optional> int $qos = 0 ]
    Parameter #3 [ <optional> bool $retain = false ]
    Parameter #4 [ <optional> Mqtt\Properties|array|null $properties = null ]
  }
  - Return [ int ]
}
bool(true)
int(0)
string(20) "40080001%s"
