<?php
// requests: 3 3 3 3
// What the threads share of classes, enum cases and keys of arrays can be used by all of them at once.
declare(strict_types=1);

use Mqtt\{Codec, Decoder, Message, Properties, ReasonCode, Version, Will};
use Mqtt\Packet\{Connect, Publish, SubAck};

meet();
$reasons = 0;
for ($i = 0; $i < 2000; $i++) {
    $name = thread() . ".$i";
    $bytes = Codec::encode([
        new Connect($name, will: new Will('w', $name, properties: ['contentType' => $name])),
        new Publish("a/$name", $name, 1, packetId: 7, properties: ['userProperties' => [[$name, $name]]]),
        new SubAck(1, [ReasonCode::GrantedQoS1, ReasonCode::NotAuthorized]),
    ], Version::V5);
    $decoder = new Decoder();
    $decoder->push($bytes);
    [$connect, $publish, $subAck] = $decoder->all();
    $reasons += $subAck->reasonCodes[1] === ReasonCode::NotAuthorized && ReasonCode::NormalDisconnection === ReasonCode::Success ? 1 : 0;
    if ($connect->clientId !== $name || $publish->properties->userProperties !== [[$name, $name]] || $publish->topic !== "a/$name") {
        check(false, "packets of another thread at $i");
    }
    $empty = new Message($name);
    if ($empty->properties != new Properties()) {
        check(false, 'no properties are some');
    }
}
check($reasons === 2000, 'enum cases are those of the thread');
$array = new Mqtt\Compat\ArrayCodec('workerman', 5);
for ($i = 0; $i < 2000; $i++) {
    $name = thread() . ".$i";
    $packet = $array->decode($array->encode(['cmd' => 3, 'topic' => $name, 'content' => $name, 'qos' => 1, 'message_id' => 9, 'properties' => ['content_type' => $name]]));
    if ($packet['topic'] !== $name || $packet['content'] !== $name || $packet['properties']['content_type'] !== $name) {
        check(false, "arrays of another thread at $i");
    }
}
check(true, 'arrays');
