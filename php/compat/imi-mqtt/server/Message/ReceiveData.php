<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\Message;

use BinSoul\Net\Mqtt\Packet;
use Imi\RequestContext;
use Imi\Server\DataParser\DataParser;
use Imi\Server\MQTT\DataParser\MQTTDataParser;
use Imi\Util\Socket\IPEndPoint;

/** A packet that came, with where it came from. */
class ReceiveData implements IReceiveData
{
    /** @var int|string */
    protected $clientId;
    protected int $reactorId;
    protected string $data;
    protected Packet $formatData;
    protected IPEndPoint $clientAddress;

    /**
     * @param int|string $clientId
     * @param string     $data     one whole packet
     *
     * @throws \Imi\Server\MQTT\Exception\InvalidReceiveData for no bytes; other errors as MQTTDataParser::decode()
     */
    public function __construct($clientId, int $reactorId, $data)
    {
        $this->clientId = $clientId;
        $this->reactorId = $reactorId;
        $this->data = $data;
        $this->formatData = self::parser()->decode($data);
    }

    public function getClientId(): int|string
    {
        return $this->clientId;
    }

    /** The name that imi-mqtt 1 has for it. */
    public function getFd(): int
    {
        return (int) $this->clientId;
    }

    public function getData(): string
    {
        return $this->data;
    }

    public function getFormatData(): Packet
    {
        return $this->formatData;
    }

    /** The thread of the network that read it; without Swoole there is one, 0. */
    public function getReactorId(): int
    {
        return $this->reactorId;
    }

    public function getClientAddress(): IPEndPoint
    {
        return $this->clientAddress ??= RequestContext::getServer()->getClientAddress($this->clientId);
    }

    private static function parser(): object
    {
        // A server of imi may have another parser.
        return RequestContext::getServer() === null ? new MQTTDataParser() : RequestContext::getServerBean(DataParser::class);
    }
}
