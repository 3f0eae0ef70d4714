--TEST--
Nothing is leaked on any path, exceptions included
--EXTENSIONS--
mqtt
--FILE--
<?php
use Mqtt\{Client, Codec, Decoder, Message, Properties, Subscription, Topic, Version, Will};
use Mqtt\Packet\{Connect, Publish, SubAck, Subscribe};

$connect = new Connect('c', will: new Will('w', 'x', properties: ['contentType' => 'a']), properties: ['userProperties' => ['a' => ['b', 'c']]]);
$bytes = Codec::encode([$connect, new Publish('a/b', 'xyz', 1, packetId: 7, properties: ['responseTopic' => 'r', 'subscriptionIdentifier' => [1, 2]]),
    new Subscribe(1, ['a', new Subscription('b')]), new SubAck(1, [0, 0x87])], Version::V5);
$paths = [
    'values' => fn () => [new Message("topic/" . mt_rand(), str_repeat('x', 100), properties: new Properties(contentType: 'x' . mt_rand(), userProperties: [['a', 'b']])), clone new Properties(topicAlias: 3)],
    'array of properties' => fn () => new Message('t', properties: ['userProperties' => ['n' => mt_rand()], 'contentType' => 12.5]),
    'bad value' => function () { try { new Message('t', properties: ['contentType' => 'ok', 'topicAlias' => 0]); } catch (ValueError) {} },
    'bad type' => function () { try { new Message('t', [], properties: ['contentType' => 'ok']); } catch (TypeError) {} },
    'twice' => function () { try { $m = new Message('t'); $m->__construct('u', 'v'); } catch (Error) {} },
    'decode' => function () use ($bytes) { $d = new Decoder(); $d->push($bytes); $d->all(); $d->push(substr($bytes, 0, 20)); },
    'foreach' => function () use ($bytes) { $d = new Decoder(); $d->push($bytes); foreach ($d as $p) { break; } $i = $d->getIterator(); $i->rewind(); },
    'refused' => function () { $d = new Decoder(); $d->push("\x36\x00"); try { $d->next(); } catch (Mqtt\Exception\Exception) {} },
    'encode' => fn () => [$connect->encode(), Codec::encode(new ArrayIterator([$connect, $connect]), Version::V3_1_1)],
    'not encoded' => function () { try { Codec::encode([new Publish('a', "x" . mt_rand()), new Publish('+')], Version::V5); } catch (ValueError) {} },
    'serialized' => fn () => unserialize(serialize($connect))->encode(),
    'topic' => fn () => Topic::levels('a/b/c'),
    'client' => function () {
        $c = new Client(['mqtt://127.0.0.1:1', 'mqtt://u:p@127.0.0.1:2'], ['clientId' => 'x' . mt_rand(), 'linger' => 0, 'tls' => ['caFile' => 'x'], 'logger' => fn () => null, 'userProperties' => [['a', 'b']]]);
        $c->onMessage(function () use ($c) {});
        $c->onMessage(fn () => 1);
        $c->stats();
        $c->messages();
        $c->dispatch();
    },
    'bad option' => function () { try { new Client(options: ['clientId' => 'x' . mt_rand(), 'logger' => fn () => 1, 'nope' => 1]); } catch (ValueError) {} },
];
foreach ($paths as $name => $path) {
    // Where valgrind watches, every path once or twice is enough. Elsewhere so many that a few pages are no leak.
    $watched = getenv('USE_ZEND_ALLOC') === '0';
    $count = $watched ? 2 : ($name === 'client' ? 1000 : 3000);
    for ($i = 0; $i < $count; $i++) {
        $path();
    }
    gc_collect_cycles();
    $before = memory_get_usage();
    $resident = (int) explode(' ', file_get_contents('/proc/self/statm'))[1];
    for ($i = 0; $i < $count; $i++) {
        $path();
    }
    gc_collect_cycles();
    $zend = memory_get_usage() - $before;
    $rust = ((int) explode(' ', file_get_contents('/proc/self/statm'))[1] - $resident) * 4096;
    echo $name, !$watched && $zend > 2000 ? " leaks $zend bytes of PHP's memory" : '', !$watched && $rust > 40 * $count ? " leaks $rust bytes" : '', "\n";
}
?>
--EXPECT--
values
array of properties
bad value
bad type
twice
decode
foreach
refused
encode
not encoded
serialized
topic
client
bad option
