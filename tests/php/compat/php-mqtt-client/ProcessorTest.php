<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\PhpMqttClient;

require_once __DIR__ . '/autoload.php';

use ReflectionClass;
use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Contracts\MessageProcessor;
use PhpMqtt\Client\Exceptions\ConnectingToBrokerFailedException;
use PhpMqtt\Client\Exceptions\InvalidMessageException;
use PhpMqtt\Client\Exceptions\MqttClientException;
use PhpMqtt\Client\MessageProcessors\BaseMessageProcessor;
use PhpMqtt\Client\MessageProcessors\Mqtt311MessageProcessor;
use PhpMqtt\Client\MessageProcessors\Mqtt31MessageProcessor;
use PhpMqtt\Client\Subscription;
use PHPUnit\Framework\TestCase;
use Psr\Log\NullLogger;

/** Byte for byte and message for message as the original, of which tests/vectors/compat/php-mqtt-client.json is a recording. */
final class ProcessorTest extends TestCase
{
    /** @return array<string, list<mixed>> */
    private static function recorded(): array
    {
        $file = dirname(__DIR__, 3) . '/vectors/compat/php-mqtt-client.json';
        return json_decode((string) file_get_contents($file), true, flags: JSON_THROW_ON_ERROR);
    }

    private static function processor(string $version, string $clientId = 'client-1'): Mqtt31MessageProcessor
    {
        return $version === '3.1' ? new Mqtt31MessageProcessor($clientId, new NullLogger()) : new Mqtt311MessageProcessor($clientId, new NullLogger());
    }

    public function testClasses(): void
    {
        $this->assertInstanceOf(MessageProcessor::class, self::processor('3.1'));
        $this->assertInstanceOf(BaseMessageProcessor::class, self::processor('3.1'));
        $this->assertInstanceOf(Mqtt31MessageProcessor::class, self::processor('3.1.1'));
        $this->assertSame([0, 1, 2], [BaseMessageProcessor::QOS_AT_MOST_ONCE, BaseMessageProcessor::QOS_AT_LEAST_ONCE, BaseMessageProcessor::QOS_EXACTLY_ONCE]);
    }

    public function testConnect(): void
    {
        foreach (self::recorded()['settings'] as [$version, $setters, $clean, $bytes]) {
            $settings = new ConnectionSettings();
            foreach ($setters as [$setter, $value]) {
                $settings = $settings->$setter($value);
            }
            $this->assertSame($bytes, bin2hex(self::processor($version)->buildConnectMessage($settings, $clean)), json_encode($setters));
        }
    }

    public function testWhatIsBuilt(): void
    {
        foreach (self::recorded()['build'] as [$version, $method, $arguments, $bytes]) {
            $arguments = array_map(fn (mixed $argument): mixed => is_array($argument) ? hex2bin($argument['hex']) : $argument, $arguments);
            $this->assertSame($bytes, bin2hex(self::processor($version)->$method(...$arguments)), "$version $method");
        }
    }

    public function testSubscribeAndUnsubscribe(): void
    {
        foreach (self::recorded()['subscribe'] as [$version, $id, $filters, $duplicate, $subscribe, $unsubscribe]) {
            $subscriptions = array_map(fn (array $filter): Subscription => new Subscription(...$filter), $filters);
            $this->assertSame($subscribe, bin2hex(self::processor($version)->buildSubscribeMessage($id, $subscriptions, $duplicate)));
            $this->assertSame($unsubscribe, bin2hex(self::processor($version)->buildUnsubscribeMessage($id, array_column($filters, 0), $duplicate)));
        }
    }

    public function testPacketsInABuffer(): void
    {
        foreach (self::recorded()['find'] as [$version, $bytes, $isThere, $packet, $required]) {
            $message = null;
            $requiredBytes = -1;
            $buffer = hex2bin($bytes);
            $found = self::processor($version)->tryFindMessageInBuffer($buffer, strlen($buffer), $message, $requiredBytes);
            $this->assertSame([$isThere, $packet, $required], [$found, $message === null ? null : bin2hex($message), $requiredBytes], $bytes);
        }
    }

    public function testWhatIsRead(): void
    {
        foreach (self::recorded()['parse'] as [$version, $bytes, $expected, $refusal]) {
            $got = $thrown = null;
            try {
                $message = self::processor($version)->parseAndValidateMessage(hex2bin($bytes));
                $hex = fn (?string $text): ?string => $text === null ? null : bin2hex($text);
                $got = $message === null ? null : [
                    'type' => $message->getType()->getValue(), 'qos' => $message->getQualityOfService(), 'retained' => $message->getRetained(),
                    'id' => $message->getMessageId(), 'topic' => $hex($message->getTopic()), 'content' => $hex($message->getContent()),
                    'granted' => $message->getAcknowledgedQualityOfServices(),
                ];
            } catch (MqttClientException $e) {
                $thrown = [(new ReflectionClass($e))->getShortName(), $e->getMessage(), $e->getCode()];
            }
            $this->assertSame($expected, $got, "$version $bytes");
            $this->assertSame($refusal, $thrown, "$version $bytes");
        }
    }

    public function testAnswersToConnect(): void
    {
        foreach (self::recorded()['connack'] as [$version, $bytes, $refusal]) {
            $thrown = null;
            try {
                self::processor($version)->handleConnectAcknowledgement(hex2bin($bytes));
            } catch (ConnectingToBrokerFailedException $e) {
                $thrown = [$e->getCode(), $e->getMessage()];
            }
            $this->assertSame($refusal, $thrown, "$version $bytes");
        }
    }

    /**
     * The length field has two bytes. The original let a longer topic wrap around, and the broker read the rest of it as
     * packets.
     */
    public function testAStringThatIsTooLongIsRefused(): void
    {
        $this->assertSame(65537 + 1, strlen(self::processor('3.1.1')->buildPublishMessage(str_repeat('t', 65535), '', 0, false)) - 3);
        $this->expectException(InvalidMessageException::class);
        $this->expectExceptionMessage('A string of 65536 bytes cannot be sent: MQTT allows 65535.');
        self::processor('3.1.1')->buildPublishMessage(str_repeat('t', 65536), '', 0, false);
    }

    /** A published message too short for a topic made the original warn about string offsets and go on with an empty topic. */
    public function testAPublishWithoutATopicIsRefused(): void
    {
        $this->expectException(InvalidMessageException::class);
        self::processor('3.1')->parseAndValidateMessage("\x30\x01a");
    }

    public function testSubclassesReadOnePacketDifferently(): void
    {
        $processor = new class('c', new NullLogger()) extends Mqtt311MessageProcessor {
            protected function parseAndValidatePublishMessage(string $data, int $qualityOfServiceLevel, bool $retained): ?\PhpMqtt\Client\Message
            {
                return parent::parseAndValidatePublishMessage($data, $qualityOfServiceLevel, $retained)?->setTopic('mine');
            }
        };
        $this->assertSame('mine', $processor->parseAndValidateMessage("\x30\x03\0\1a")->getTopic());
    }
}
