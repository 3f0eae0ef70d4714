<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** The connection broke, or was closed by the broker. */
class DataTransferException extends MqttClientException
{
    // The originals are octal: 65 and 66.
    public const EXCEPTION_TX_DATA = 0101;
    public const EXCEPTION_RX_DATA = 0102;

    public function __construct(int $code, string $error)
    {
        parent::__construct("[$code] Transferring data over socket failed: $error", $code);
    }
}
