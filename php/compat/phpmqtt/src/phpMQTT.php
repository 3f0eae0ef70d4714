<?php
declare(strict_types=1);

namespace Bluerhinos;

use Mqtt\Exception\Exception as MqttException;
use Mqtt\Packet;
use Mqtt\ReasonCode;
use Mqtt\Subscription;
use Mqtt\Topic;
use Mqtt\Version;
use Mqtt\Will;

/**
 * phpMQTT on the extension: MQTT 3.1.1, one connection, a loop of proc() calls. It throws nothing: what fails returns false, or
 * goes to PHP's error log.
 */
class phpMQTT
{
    use KeepsSession;

    /** Seconds for a connection to stand, for the broker's answers to CONNECT and SUBSCRIBE. */
    private const ANSWER_TIMEOUT = 60.0;
    /** Seconds that publish(), disconnect() and the destructor wait for acknowledgements without getting one. */
    private const ACKNOWLEDGE_TIMEOUT = 5.0;
    /**
     * Messages that wait for their acknowledgement. mosquitto closes the connection for any message above QoS 0 while twenty at
     * QoS 2 are open; at QoS 1 alone it has no bound.
     */
    private const WINDOW         = 1000;
    private const WINDOW_AT_QOS2 = 16;
    /** After so many messages published publish() looks whether acknowledgements have come. */
    private const LOOK_EVERY     = 64;

    /** @var resource|null|false to wait on, not to read: read() does that */
    protected $socket;
    /** @var int */
    protected $msgid = 1;
    /** @var int seconds */
    public $keepalive = 10;
    /** @var int|null Unix time of the connection, or of the last ping. */
    public $timesinceping;
    /** @var array<int|string, array{qos: int, function: mixed}> by filter; subscribed to again after a reconnect */
    public $topics = [];
    /** @var bool */
    public $debug = false;
    /** @var string */
    public $address;
    /** @var int|string */
    public $port;
    /** @var string */
    public $clientid;
    /** @var array{topic: string, content: string, qos?: int, retain?: bool}|null */
    public $will;
    /** @var string|null */
    protected $username;
    /** @var string|null */
    protected $password;
    /** @var string|null */
    public $cafile;

    /** @var array<int, string> by type of packet */
    protected static $known_commands = [
        1 => 'CONNECT', 2 => 'CONNACK', 3 => 'PUBLISH', 4 => 'PUBACK', 5 => 'PUBREC', 6 => 'PUBREL', 7 => 'PUBCOMP', 8 => 'SUBSCRIBE',
        9 => 'SUBACK', 10 => 'UNSUBSCRIBE', 11 => 'UNSUBACK', 12 => 'PINGREQ', 13 => 'PINGRESP', 14 => 'DISCONNECT',
    ];

    /**
     * Connects nothing.
     *
     * @param string      $address  host name or IP address
     * @param int|string  $port
     * @param string      $clientid
     * @param string|null $cafile   PEM file of the authority to trust; with it the connection is TLS
     */
    public function __construct($address, $port, $clientid, $cafile = null)
    {
        $this->broker($address, $port, $clientid, $cafile);
    }

    /**
     * Sets the broker, for the next connect().
     *
     * @param string      $address
     * @param int|string  $port
     * @param string      $clientid
     * @param string|null $cafile
     */
    public function broker($address, $port, $clientid, $cafile = null): void
    {
        $this->address  = $address;
        $this->port     = $port;
        $this->clientid = $clientid;
        $this->cafile   = $cafile;
    }

    /**
     * Connects, and tries again every ten seconds until it has succeeded. Returns true.
     *
     * @param bool                                                                 $clean
     * @param array{topic: string, content: string, qos?: int, retain?: bool}|null $will
     * @param string|null                                                          $username
     * @param string|null                                                          $password
     */
    public function connect_auto($clean = true, $will = null, $username = null, $password = null): bool
    {
        while ($this->connect($clean, $will, $username, $password) === false) {
            sleep(10);
        }

        return true;
    }

    /**
     * Connects and waits for the broker's answer. Will, user name and password stay as they are where they are left out.
     *
     * @param bool                                                                 $clean    the broker forgets the earlier session
     * @param array{topic: string, content: string, qos?: int, retain?: bool}|null $will
     * @param string|null                                                          $username
     * @param string|null                                                          $password
     */
    public function connect($clean = true, $will = null, $username = null, $password = null): bool
    {
        $this->will     = $will ?: $this->will;
        $this->username = $username ?: $this->username;
        $this->password = $password ?: $this->password;

        $this->drop();
        if ($clean) {
            $this->delivered = [];
        }
        try {
            $connection = $this->open();
            $will = $this->will === null ? null : new Will(
                (string) $this->will['topic'], (string) $this->will['content'], (int) ($this->will['qos'] ?? 0), (bool) ($this->will['retain'] ?? false),
            );
            $connection->send(new Packet\Connect(
                (string) $this->clientid, (bool) $clean, (int) $this->keepalive, $will,
                $this->username === null ? null : (string) $this->username, $this->password === null ? null : (string) $this->password, version: Version::V3_1_1,
            ));
            $answer = $connection->receive(self::ANSWER_TIMEOUT);
        } catch (MqttException|\ValueError $e) {
            trigger_error("phpMQTT cannot connect to {$this->address}:{$this->port}: {$e->getMessage()}", E_USER_WARNING);
            $this->_errorMessage("connecting failed: {$e->getCode()}, {$e->getMessage()}");
            $this->drop();

            return false;
        }
        if (!$answer instanceof Packet\ConnAck || $answer->reasonCode !== ReasonCode::Success) {
            $bytes = $answer?->encode(Version::V3_1_1) ?? '';
            $this->_errorMessage(sprintf('Connection failed! (Error: 0x%02x 0x%02x)', ord($bytes[0] ?? "\0"), ord($bytes[3] ?? "\0")));
            $this->drop();

            return false;
        }
        $this->_debugMessage('Connected to Broker');
        $this->timesinceping = time();
        $this->resume($answer->sessionPresent);

        return true;
    }

    /**
     * Reads bytes as they come from the broker. proc() does not see them.
     *
     * @param int  $int how many
     * @param bool $nb  true: what is there; false: waits for all of them, or for the end
     *
     * @return string|false false when there is no connection
     */
    public function read($int = 8192, $nb = false)
    {
        $bytes = '';
        while ($this->stream !== null) {
            try {
                $bytes .= $this->stream->read((int) $int - strlen($bytes));
            } catch (MqttException) {
                return $bytes;
            }
            if ($nb || strlen($bytes) >= $int) {
                return $bytes;
            }
            $this->stream->await(self::ANSWER_TIMEOUT);
        }

        return false;
    }

    /**
     * Subscribes, and waits for the next message of the topic, as long as it takes.
     *
     * @param string $topic
     * @param int    $qos
     */
    public function subscribeAndWaitForMessage($topic, $qos): string
    {
        $this->subscribe([$topic => ['qos' => $qos, 'function' => '__direct_return_message__']]);
        do {
            $message = $this->proc();
        } while (is_bool($message));

        return $message;
    }

    /**
     * Subscribes and waits for the broker's answer. The topics are remembered for reconnects.
     *
     * @param array<int|string, array{qos: int, function: mixed}> $topics by filter; 'function' is called with topic and payload
     * @param int                                                 $qos    not used: each topic says its own
     */
    public function subscribe($topics, $qos = 0): void
    {
        $subscriptions = [];
        try {
            foreach ($topics as $filter => $topic) {
                $subscriptions[] = new Subscription((string) $filter, (int) $topic['qos']);
                $this->topics[$filter] = $topic;
            }
            $id = $this->nextId();
            $this->send(new Packet\Subscribe($id, $subscriptions));
            $answer = $this->await(static fn (Packet $packet): bool => $packet instanceof Packet\SubAck && $packet->packetId === $id, self::ANSWER_TIMEOUT);
        } catch (MqttException|\ValueError $e) {
            $this->_errorMessage("subscribing failed: {$e->getMessage()}");

            return;
        }
        foreach ($answer instanceof Packet\SubAck ? $answer->reasonCodes : [] as $index => $code) {
            if ($code->isError()) {
                $this->_errorMessage("the broker refuses the subscription to {$subscriptions[$index]->filter}");
            }
        }
        if ($answer === null) {
            $this->_errorMessage('the broker has not answered a subscription');
        }
    }

    /** Asks the broker whether it is there. */
    public function ping(): void
    {
        $this->write("\xC0\x00");
        $this->timesinceping = time();
        $this->pingedAt ??= time();
        $this->_debugMessage('ping sent');
    }

    /** Waits until what was published is acknowledged, a few seconds at most, and says good-bye. */
    public function disconnect(): void
    {
        $this->settle(fn (): bool => $this->unacknowledged === []);
        $this->write("\xE0\x00");
    }

    /** Says good-bye and closes the connection. */
    public function close(): void
    {
        $this->disconnect();
        $this->drop();
    }

    /**
     * Publishes. At QoS 1 and 2 it returns before the broker has acknowledged; proc(), the next publish() and disconnect() take
     * the acknowledgement, and it waits where many are missing.
     *
     * @param string   $topic
     * @param string   $content
     * @param int      $qos
     * @param bool|int $retain
     */
    public function publish($topic, $content, $qos = 0, $retain = false): void
    {
        if ($qos && !$this->hasRoom((int) $qos)) {
            $this->_errorMessage('publishing failed: the broker does not acknowledge what was published before');

            return;
        }
        try {
            $id      = $qos ? $this->nextId() : null;
            $message = new Packet\Publish((string) $topic, (string) $content, (int) $qos, !empty($retain), false, $id);
            $this->send($message);
        } catch (MqttException $e) {
            // At QoS 1 and 2 it goes out with the next connection.
            $this->_errorMessage("publishing failed: {$e->getMessage()}");
        } catch (\ValueError $e) {
            $this->_errorMessage("publishing failed: {$e->getMessage()}");

            return;
        }
        if ($id !== null) {
            $this->unacknowledged[$id] = $message;
            $this->openAtQos2         += (int) ($qos == 2);
        }
    }

    /**
     * Calls the functions of the topics that a message matches.
     *
     * @param string $msg length of the topic in two bytes, topic, payload
     *
     * @return bool|string whether there was one; the payload for a topic of subscribeAndWaitForMessage()
     */
    public function message($msg)
    {
        $length  = ord($msg[0]) << 8 | ord($msg[1]);
        $topic   = substr($msg, 2, $length);
        $payload = substr($msg, 2 + $length);

        return $this->call($topic, $payload);
    }

    /**
     * Handles one packet, where there is one, and keeps the connection alive. A lost connection is made again, and the topics
     * are subscribed to again.
     *
     * @param bool $loop true: waits a tenth of a second for a packet
     *
     * @return bool|string true; the payload for a topic of subscribeAndWaitForMessage()
     */
    public function proc(bool $loop = true)
    {
        $result = true;
        try {
            $packet = $this->waiting === [] ? $this->receive($loop ? 0.1 : 0.0) : array_shift($this->waiting);
            if ($packet !== null) {
                $result = $this->handle($packet);
            }
        } catch (MqttException $e) {
            $this->_debugMessage("the connection is lost: {$e->getMessage()}");
            $this->reconnect();
        }
        if ($this->keepalive > 0) {
            $this->keepAlive(time() - $this->keepalive);
        }

        return is_bool($result) ? true : $result;
    }

    /**
     * Prints a string byte by byte.
     *
     * @param string $string
     */
    public function printstr($string): void
    {
        foreach ($string === '' ? [] : str_split((string) $string) as $index => $byte) {
            printf("%4d: %08b : 0x%02x : %s \n", $index, ord($byte), ord($byte), ord($byte) > 31 ? $byte : ' ');
        }
    }

    /** Publishing and the end of the script is publishing: the rest of the exchange at QoS 1 and 2 is waited for. */
    public function __destruct()
    {
        try {
            $this->settle(fn (): bool => $this->unacknowledged === []);
            $this->drop();
        } catch (\Throwable) {
            // Nobody is left to be told.
        }
    }

    // -- For subclasses --------------------------------------------------------------------------------------------

    /**
     * Writes bytes. A packet leaves when it is whole.
     *
     * @param string $buffer
     *
     * @return int|false
     */
    protected function _fwrite($buffer)
    {
        return $this->write((string) $buffer) ? strlen((string) $buffer) : false;
    }

    /**
     * Reads a remaining length at $i, and moves $i behind it.
     *
     * @param string $msg
     * @param int    $i
     *
     * @return int
     */
    protected function getmsglength(&$msg, &$i)
    {
        $value = $shift = 0;
        do {
            $byte   = ord($msg[$i++]);
            $value |= ($byte & 0x7F) << $shift;
            $shift += 7;
        } while ($byte >= 0x80 && $shift < 28);

        return $value;
    }

    /**
     * A remaining length as bytes.
     *
     * @param int $len
     */
    protected function setmsglength($len): string
    {
        $bytes = '';
        for (; $len > 0x7F; $len >>= 7) {
            $bytes .= chr($len & 0x7F | 0x80);
        }

        return $bytes . chr($len);
    }

    /**
     * A string behind its length in two bytes; $i grows by what was added.
     *
     * @param string $str
     * @param int    $i
     */
    protected function strwritestring($str, &$i): string
    {
        $i += strlen($str) + 2;

        return pack('n', strlen($str)) . $str;
    }

    protected function _debugMessage(string $message): void
    {
        if ($this->debug === true) {
            echo date('r: ') . $message . PHP_EOL;
        }
    }

    protected function _errorMessage(string $message): void
    {
        error_log('Error:' . $message);
    }
}
