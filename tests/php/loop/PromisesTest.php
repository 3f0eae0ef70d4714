<?php
declare(strict_types=1);

require_once __DIR__ . '/LoopTestCase.php';

use Mqtt\Exception\TimeoutException;
use Mqtt\Loop\Driver;
use Mqtt\Loop\Promises;
use Mqtt\Loop\SelectDriver;
use Mqtt\Message;
use Mqtt\ReasonCode;

/** Promises of react/promise: the one that Debian has, or that MQTT_REACT names. */
final class PromisesTest extends LoopTestCase
{
    protected function newDriver(): Driver
    {
        interface_exists(React\Promise\PromiseInterface::class) || $this->markTestSkipped('react/promise is not here: set MQTT_REACT');
        return new SelectDriver();
    }

    protected function run_(): void
    {
        $this->driver->run();
    }

    protected function stop(): void
    {
        $this->driver->stop();
    }

    public function testPublishesAndRequestsSettle(): void
    {
        $client = $this->client();
        $other = $this->client();
        $topic = self::topic();
        $other->subscribe($topic, 1, fn (Message $message) => $message->reply(strrev($message->payload)));
        $this->driver->watch($other);
        $promises = new Promises($client, $this->driver);
        $log = [];
        $note = static function (string $what) use (&$log): \Closure {
            return static function (mixed $value) use (&$log, $what): void {
                $log[$what] = $value;
            };
        };
        $promises->promise($client->publish(self::topic(), 'x', 1))->then($note('publish'));
        $promises->request($topic, 'abc', 5.0)->then($note('request'));
        $promises->request(self::topic() . '/nobody', 'abc', 0.05)->then(null, $note('nobody'));
        $this->turn();
        $this->assertSame(ReasonCode::NoMatchingSubscribers, $log['publish']);
        $this->assertSame('cba', $log['request']->payload);
        $this->assertInstanceOf(TimeoutException::class, $log['nobody']);
    }
}
