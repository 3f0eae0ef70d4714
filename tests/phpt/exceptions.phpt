--TEST--
Exceptions of the extension are ordinary exceptions: file, line, trace, previous, subclasses, new
--EXTENSIONS--
mqtt
--FILE--
<?php
namespace Test;

use Mqtt\Exception\{ClosedException, ConnectException, Exception, ForkException, ProtocolException, TransportException};

class Mine extends ConnectException
{
    public readonly int $own;

    public function __construct(string $message)
    {
        parent::__construct($message, 5, new \LogicException('cause'));
        $this->own = 7;
    }
}

function decode()
{
    \Mqtt\Codec::decode("\x00\x00", \Mqtt\Version::V5);
}

try {
    decode();
} catch (Exception $e) {
    echo get_class($e), ' ', $e->getMessage(), ' ', $e->getCode(), ' ', $e->reasonCode->name, ' ', $e->clause, "\n";
    echo basename($e->getFile()), ' ', $e->getLine() === 19 ? 'line' : $e->getLine(), "\n", preg_replace('~ /.*/~', ' ', $e->getTraceAsString()), "\n";
}
$mine = new Mine('hello');
var_dump($mine->own, $mine->reasonCode, $mine->connAck, $mine->getPrevious()->getMessage(), $mine instanceof Exception, $mine instanceof \RuntimeException);
var_dump((new ProtocolException('x', 3))->clause, new ForkException() instanceof \LogicException);
try {
    throw new ClosedException('thrown by PHP');
} catch (Exception $e) {
    var_dump($e->getMessage(), $e->reasonCode);
}
try {
    $e->reasonCode = \Mqtt\ReasonCode::Success;
} catch (\Error $e) {
    echo $e->getMessage(), "\n";
}
?>
--EXPECTF--
Mqtt\Exception\ProtocolException %s [section 2.1.2] 129 MalformedPacket section 2.1.2
exceptions.php line
#0 exceptions.php(19): Mqtt\Codec::decode('\x00\x00', %s)
#1 exceptions.php(23): Test\decode()
#2 {main}
int(7)
NULL
NULL
string(5) "cause"
bool(true)
bool(true)
NULL
bool(true)
string(13) "thrown by PHP"
NULL
Cannot modify readonly property Mqtt\Exception\ClosedException::$reasonCode
