<?php
declare(strict_types=1);

namespace Imi\Server\MQTT\DataParser;

use BinSoul\Net\Mqtt\DefaultPacketFactory;
use BinSoul\Net\Mqtt\Packet;
use BinSoul\Net\Mqtt\PacketStream;
use Imi\Server\DataParser\IParser;
use Imi\Server\MQTT\Exception\InvalidReceiveData;

/** Packets to bytes and back. */
class MQTTDataParser implements IParser
{
    protected DefaultPacketFactory $packetFactory;

    public function __construct()
    {
        $this->packetFactory = new DefaultPacketFactory();
    }

    /**
     * @param Packet $data
     */
    public function encode($data): string
    {
        $stream = new PacketStream();
        $data->write($stream);
        return $stream->getData();
    }

    /**
     * @param string $data one whole packet
     *
     * @return Packet
     *
     * @throws InvalidReceiveData                                   for no bytes
     * @throws \BinSoul\Net\Mqtt\Exception\UnknownPacketTypeException for a type that MQTT 3 does not have
     * @throws \BinSoul\Net\Mqtt\Exception\MalformedPacketException
     * @throws \BinSoul\Net\Mqtt\Exception\EndOfStreamException       when bytes are missing
     */
    public function decode(string $data): mixed
    {
        if ($data === '') {
            throw new InvalidReceiveData();
        }
        $packet = $this->packetFactory->build(ord($data[0]) >> 4);
        $packet->read(new PacketStream($data));
        return $packet;
    }
}
