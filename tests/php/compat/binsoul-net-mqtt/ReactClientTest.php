<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\Client\React\ReactMqttClient;
use BinSoul\Net\Mqtt\DefaultConnection;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultSubscription;
use BinSoul\Net\Mqtt\Message;
use PHPUnit\Framework\TestCase;
use React\EventLoop\StreamSelectLoop;
use React\Socket\TcpConnector;

require_once dirname(__DIR__) . '/autoload.php';
require_once dirname(__DIR__, 2) . '/loop/autoload.php';

/**
 * binsoul/net-mqtt-client-react on the drop-in, where MQTT_REACT (see tests/php/loop/autoload.php) has it and React's event-loop,
 * socket, stream and promise.
 */
final class ReactClientTest extends TestCase
{
    /** @dataProvider brokers */
    public function testTheClient(string $program): void
    {
        if (!class_exists(ReactMqttClient::class) || !class_exists(TcpConnector::class)) {
            $this->markTestSkipped('MQTT_REACT does not have binsoul/net-mqtt-client-react and react/socket');
        }
        if ($program === 'mqtt' && !is_executable(dirname(\Broker::extension()) . '/mqtt')) {
            $this->markTestSkipped('the program mqtt does not lie beside the extension');
        }
        $broker = \Broker::run($program);
        $loop = new StreamSelectLoop();
        $client = new ReactMqttClient(new TcpConnector($loop), $loop);
        $messages = $problems = [];
        $ended = false;
        $fail = function (\Throwable $e) use (&$problems, $loop): void {
            $problems[] = $e->getMessage();
            $loop->stop();
        };
        $client->on('warning', $fail);
        $client->on('error', $fail);
        $client->on('message', function (Message $message) use (&$messages, &$ended, $client, $loop, $fail): void {
            $messages[] = [$message->getTopic(), $message->getPayload(), $message->getQosLevel()];
            if (count($messages) === 3) {
                $client->disconnect()->then(function () use (&$ended, $loop): void {
                    $ended = true;
                    $loop->stop();
                }, $fail);
            }
        });
        $client->connect('127.0.0.1', $broker->port, new DefaultConnection('user'))->then(function () use ($client, $fail): void {
            $client->subscribe(new DefaultSubscription('react/#', 2))->then(function () use ($client, $fail): void {
                foreach ([0, 1, 2] as $level) {
                    $client->publish(new DefaultMessage("react/$level", "payload $level", $level))->then(null, $fail);
                }
            }, $fail);
        }, $fail);
        $loop->addTimer(30, fn () => $fail(new \RuntimeException('it does not end')));
        $loop->run();
        sort($messages);
        $this->assertSame([], $problems);
        $this->assertSame([['react/0', 'payload 0', 0], ['react/1', 'payload 1', 1], ['react/2', 'payload 2', 2]], $messages);
        $this->assertTrue($ended);
    }

    public static function brokers(): array
    {
        return ['our broker' => ['mqtt'], 'mosquitto' => ['mosquitto']];
    }
}
