<?php
/**
 * scripted_broker.php ANSWERS: accepts connections on a port it prints, and answers each packet by its type as the JSON object
 * ANSWERS says: hexadecimal bytes, "id" for the packet identifier of what is answered, "close" to close. It needs no extension.
 */
declare(strict_types=1);

if (PHP_SAPI !== 'cli' || realpath($argv[0] ?? '') !== __FILE__) {
    return;
}
$answers = json_decode($argv[1], true, flags: JSON_THROW_ON_ERROR);
$listener = stream_socket_server('tcp://127.0.0.1:0');
echo substr(strrchr(stream_socket_get_name($listener, false), ':'), 1), "\n";
$version = 5;
while ($socket = stream_socket_accept($listener, -1)) {
    while (($head = fread($socket, 1)) !== '' && $head !== false) {
        for ($length = 0, $shift = 0; ; $shift += 7) {
            $byte = ord(fread($socket, 1));
            $length |= ($byte & 0x7F) << $shift;
            if ($byte < 0x80) {
                break;
            }
        }
        for ($body = ''; strlen($body) < $length;) {
            $body .= fread($socket, $length - strlen($body));
        }
        $type = ord($head) >> 4;
        // The identifier of a PUBLISH stands behind its topic, every other at the front.
        $at = $type === 3 ? 2 + unpack('n', $body)[1] : 0;
        $answer = $answers[$type] ?? '';
        if ($answer === 'close') {
            break;
        }
        fwrite($socket, hex2bin(str_replace(['id', ' '], [bin2hex(substr($body, $at, 2)), ''], $answer)));
    }
    fclose($socket);
}
