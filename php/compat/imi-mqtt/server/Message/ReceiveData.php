<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\Message;

use BinSoul\Net\Mqtt\Packet;
use Imi\RequestContext;
use Imi\Server\DataParser\DataParser;
use Imi\Server\DataParser\IParser;
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
        /** @var IParser $parser */
        $parser = self::parser();
        /** @var Packet $packet */
        $packet = $parser->decode($data);
        $this->formatData = $packet;
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
        return $this->clientAddress ??= (RequestContext::getServer() ?? throw new \RuntimeException('There is no server outside of a controller'))->getClientAddress($this->clientId);
    }

    private static function parser(): object
    {
        // A server of imi may have another parser.
        if (RequestContext::getServer() === null) {
            return new MQTTDataParser();
        }
        /** @var object $parser */
        $parser = RequestContext::getServerBean(DataParser::class);
        return $parser;
    }
}
