<?php
declare(strict_types=1);

namespace BinSoul\Net\Mqtt\Packet;

use BinSoul\Net\Mqtt\DefaultIdentifierGenerator;
use BinSoul\Net\Mqtt\Exception\MalformedPacketException;
use BinSoul\Net\Mqtt\PacketStream;
use BinSoul\Net\Mqtt\Validator;

/**
 * CONNECT: the first packet of a client.
 */
class ConnectRequestPacket extends BasePacket
{
    /** The connect flags (section 3.1.2.3). */
    private const RESERVED = 0x01;
    private const CLEAN_SESSION = 0x02;
    private const WILL = 0x04;
    private const WILL_QOS = 0x18;
    private const WILL_RETAIN = 0x20;
    private const PASSWORD = 0x40;
    private const USERNAME = 0x80;

    private const NAMES = [3 => 'MQIsdp', 4 => 'MQTT'];

    protected static int $packetType = self::TYPE_CONNECT;
    /** null: write() makes one up. An empty one is sent as it is, and the server makes one up. */
    protected ?string $clientID = null;
    private int $protocolLevel = 4;
    private int $flags = self::CLEAN_SESSION;
    private int $keepAlive = 60;
    private string $willTopic = '';
    private string $willMessage = '';
    private string $username = '';
    private string $password = '';

    public function read(PacketStream $stream): void
    {
        if ($this->readNatively($stream)) {
            return;
        }
        parent::read($stream);
        $this->assertPacketFlags(0);
        $this->assertRemainingPacketLength();
        $start = $stream->getPosition();
        $this->protocolLevel = self::readProtocol($stream);
        $this->flags = $stream->readByte();
        if (($this->flags & self::RESERVED) !== 0) {
            // [MQTT-3.1.2-3]
            throw new MalformedPacketException('The reserved flag in the CONNECT packet must be zero.');
        }
        $this->keepAlive = $stream->readWord();
        $this->clientID = $stream->readString();
        Validator::assertValidString($this->clientID, MalformedPacketException::class);
        $this->assertValidWillFlags();
        $this->willTopic = $this->willMessage = $this->username = $this->password = '';
        if ($this->hasWill()) {
            $this->willTopic = $stream->readString();
            Validator::assertValidTopic($this->willTopic, MalformedPacketException::class);
            $this->willMessage = $stream->readString();
        }
        if ($this->hasUsername()) {
            $this->username = $stream->readString();
            Validator::assertValidString($this->username, MalformedPacketException::class);
        } elseif ($this->hasPassword()) {
            // [MQTT-3.1.2-22]
            throw new MalformedPacketException('The password flag must be zero if the username flag is zero.');
        }
        if ($this->hasPassword()) {
            $this->password = $stream->readString();
        }
        $this->assertRemainingPacketLength($stream->getPosition() - $start);
    }

    public function write(PacketStream $stream): void
    {
        $this->complete();
        if ($this->writeNatively($stream)) {
            return;
        }
        $body = new PacketStream();
        $body->writeString(self::NAMES[$this->protocolLevel]);
        $body->writeByte($this->protocolLevel);
        $body->writeByte($this->flags);
        $body->writeWord($this->keepAlive);
        $body->writeString((string) $this->clientID);
        if ($this->hasWill()) {
            $body->writeString($this->willTopic);
            $body->writeString($this->willMessage);
        }
        if ($this->hasUsername()) {
            $body->writeString($this->username);
        }
        if ($this->hasPassword()) {
            $body->writeString($this->password);
        }
        $this->remainingPacketLength = $body->length();
        parent::write($stream);
        $stream->write($body->getData());
    }

    /** 3 for MQTT 3.1, 4 for MQTT 3.1.1. */
    public function getProtocolLevel(): int
    {
        return $this->protocolLevel;
    }

    /** @throws \InvalidArgumentException when it is not 3 or 4 */
    public function setProtocolLevel(int $value): void
    {
        if (!isset(self::NAMES[$value])) {
            throw new \InvalidArgumentException(sprintf('Unknown protocol level %d.', $value));
        }
        $this->protocolLevel = $value;
    }

    /** '' where there is none yet. */
    public function getClientID(): string
    {
        return $this->clientID ?? '';
    }

    /** @param string $value UTF-8, which is not looked at; '': the server makes one up, and the session is a clean one */
    public function setClientID(string $value): void
    {
        $this->clientID = $value;
        $this->setCleanSession($this->isCleanSession());
    }

    /** Seconds; 0: off. */
    public function getKeepAlive(): int
    {
        return $this->keepAlive;
    }

    /** @throws \InvalidArgumentException when it is more than two bytes can say */
    public function setKeepAlive(int $value): void
    {
        if ($value < 0 || $value > 0xFFFF) {
            throw new \InvalidArgumentException(sprintf('Expected a keep alive time between 0 and 65535 but got %d.', $value));
        }
        $this->keepAlive = $value;
    }

    public function isCleanSession(): bool
    {
        return ($this->flags & self::CLEAN_SESSION) !== 0;
    }

    /** Who has the empty client identifier begins a clean session in any case [MQTT-3.1.3-7]. */
    public function setCleanSession(bool $value): void
    {
        $this->setFlag(self::CLEAN_SESSION, $value || $this->clientID === '' ? self::CLEAN_SESSION : 0);
    }

    public function hasWill(): bool
    {
        return ($this->flags & self::WILL) !== 0;
    }

    public function getWillQosLevel(): int
    {
        return ($this->flags & self::WILL_QOS) >> 3;
    }

    public function isWillRetained(): bool
    {
        return ($this->flags & self::WILL_RETAIN) !== 0;
    }

    public function getWillTopic(): string
    {
        return $this->willTopic;
    }

    public function getWillMessage(): string
    {
        return $this->willMessage;
    }

    /**
     * What the server publishes when this client is lost.
     *
     * @throws \InvalidArgumentException when the topic may not be published to, the message has more than 65535 bytes,
     *                                   or the QoS is not 0, 1 or 2
     */
    public function setWill(string $topic, string $message, int $qosLevel = 0, bool $isRetained = false): void
    {
        Validator::assertValidTopic($topic);
        Validator::assertValidStringLength($message);
        Validator::assertValidQosLevel($qosLevel);
        $this->willTopic = $topic;
        $this->willMessage = $message;
        $bits = self::WILL | ($qosLevel << 3) | ($isRetained ? self::WILL_RETAIN : 0);
        $this->setFlag(self::WILL | self::WILL_QOS | self::WILL_RETAIN, $bits);
    }

    public function removeWill(): void
    {
        $this->willTopic = $this->willMessage = '';
        $this->setFlag(self::WILL | self::WILL_QOS | self::WILL_RETAIN, 0);
    }

    public function hasUsername(): bool
    {
        return ($this->flags & self::USERNAME) !== 0;
    }

    public function getUsername(): string
    {
        return $this->username;
    }

    /**
     * @param string $value '': none
     *
     * @throws \InvalidArgumentException when it is not UTF-8 of at most 65535 bytes
     */
    public function setUsername(string $value): void
    {
        Validator::assertValidString($value);
        $this->username = $value;
        $this->setFlag(self::USERNAME, $value !== '' ? self::USERNAME : 0);
    }

    public function hasPassword(): bool
    {
        return ($this->flags & self::PASSWORD) !== 0;
    }

    public function getPassword(): string
    {
        return $this->password;
    }

    /**
     * @param string $value any bytes; '': none. It is dropped by write() where there is no username
     *
     * @throws \InvalidArgumentException when it has more than 65535 bytes
     */
    public function setPassword(string $value): void
    {
        Validator::assertValidStringLength($value);
        $this->password = $value;
        $this->setFlag(self::PASSWORD, $value !== '' ? self::PASSWORD : 0);
    }

    /** Makes a packet that may be sent of what was set. */
    private function complete(): void
    {
        $this->clientID ??= DefaultIdentifierGenerator::buildClientIdentifier();
        if (!$this->hasUsername()) {
            $this->setPassword('');
        }
    }

    private static function readProtocol(PacketStream $stream): int
    {
        $name = $stream->readString();
        $level = $stream->readByte();
        if (!isset(self::NAMES[$level])) {
            throw new MalformedPacketException(sprintf('Expected protocol level 3 or 4 but got %d.', $level));
        }
        if ($name !== self::NAMES[$level]) {
            throw new MalformedPacketException(sprintf('Expected protocol name "%s" for protocol level %d but got "%s".', self::NAMES[$level], $level, $name));
        }
        return $level;
    }

    private function assertValidWillFlags(): void
    {
        $level = $this->getWillQosLevel();
        if ($this->hasWill()) {
            Validator::assertValidQosLevel($level, MalformedPacketException::class);
            return;
        }
        // [MQTT-3.1.2-13] [MQTT-3.1.2-15]
        if ($level > 0) {
            throw new MalformedPacketException(sprintf('Expected a will quality of service level of zero but got %d.', $level));
        }
        if ($this->isWillRetained()) {
            throw new MalformedPacketException('There is not will but the will retain flag is set.');
        }
    }

    private function setFlag(int $mask, int $bits): void
    {
        $this->flags = ($this->flags & ~$mask) | $bits;
    }
}
