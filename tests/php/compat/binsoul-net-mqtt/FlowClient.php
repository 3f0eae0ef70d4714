<?php
declare(strict_types=1);

namespace Mqtt\Tests\Compat\BinSoul;

use BinSoul\Net\Mqtt\Connection;
use BinSoul\Net\Mqtt\DefaultFlowFactory;
use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\DefaultMessage;
use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Flow;
use BinSoul\Net\Mqtt\FlowFactory;
use BinSoul\Net\Mqtt\Message;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\Packet\ConnectResponsePacket;
use BinSoul\Net\Mqtt\Packet\PublishRequestPacket;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\StreamParser;

/**
 * A client as the packages around binsoul/net-mqtt build one: flows say what to send, and packets that come are offered to
 * the flows that are open.
 */
final class FlowClient
{
    private const DEADLINE = 30;

    /** @var resource */
    private $socket;
    private StreamParser $parser;
    public FlowFactory $flows;
    /** @var Flow[] */
    private array $open = [];
    /** @var list<Message> whose exchange is done */
    public array $messages = [];
    /** @var list<\Throwable> */
    public array $errors = [];
    public ?ConnectResponsePacket $greeting = null;

    public function __construct(int $port, ?PacketStream $stream = null)
    {
        $this->socket = stream_socket_client("tcp://127.0.0.1:$port", timeout: self::DEADLINE) ?: throw new \RuntimeException('cannot connect');
        $this->parser = new StreamParser(new DefaultPacketFactory(), $stream);
        $this->parser->onError(function (\Throwable $e): void {
            $this->errors[] = $e;
        });
        $generator = new DefaultIdentifierGenerator();
        $this->flows = new DefaultFlowFactory($generator, $generator, new DefaultPacketFactory());
    }

    public function connect(Connection $connection): Flow
    {
        return $this->run($this->flows->buildOutgoingConnectFlow($connection));
    }

    /** Starts a flow and goes on until it has finished. */
    public function run(Flow $flow): Flow
    {
        $this->start($flow);
        $this->until(fn (): bool => $flow->isFinished());
        return $flow;
    }

    public function start(Flow $flow): void
    {
        $packet = $flow->start();
        if ($packet !== null) {
            $this->send($packet);
        }
        $this->keep($flow);
    }

    public function until(callable $done): void
    {
        for ($end = microtime(true) + self::DEADLINE; !$done();) {
            $ready = [$this->socket];
            $none = null;
            if (microtime(true) > $end) {
                throw new \RuntimeException('it does not happen');
            }
            if (stream_select($ready, $none, $none, 1) !== 1) {
                continue;
            }
            $bytes = (string) fread($this->socket, 65536);
            if ($bytes === '' && feof($this->socket)) {
                throw new \RuntimeException('the server has closed the connection');
            }
            array_map($this->handle(...), $this->parser->push($bytes));
        }
    }

    /** Closes without DISCONNECT. */
    public function drop(): void
    {
        fclose($this->socket);
    }

    private function handle(Packet $packet): void
    {
        if ($packet instanceof ConnectResponsePacket) {
            $this->greeting = $packet;
        }
        if ($packet instanceof PublishRequestPacket) {
            $message = new DefaultMessage($packet->getTopic(), $packet->getPayload(), $packet->getQosLevel(), $packet->isRetained(), $packet->isDuplicate());
            $this->start($this->flows->buildIncomingPublishFlow($message, $packet->getIdentifier()));
            return;
        }
        foreach ($this->open as $index => $flow) {
            if ($flow->accept($packet)) {
                unset($this->open[$index]);
                $answer = $flow->next($packet);
                if ($answer !== null) {
                    $this->send($answer);
                }
                $this->keep($flow);
                return;
            }
        }
        throw new \RuntimeException('nobody waits for packet type ' . $packet->getPacketType());
    }

    private function keep(Flow $flow): void
    {
        if (!$flow->isFinished()) {
            $this->open[] = $flow;
        } elseif ($flow->getCode() === 'message') {
            $this->messages[] = $flow->getResult();
        }
    }

    private function send(Packet $packet): void
    {
        for ($bytes = (string) $packet; $bytes !== ''; $bytes = substr($bytes, (int) fwrite($this->socket, $bytes))) {
        }
    }
}
