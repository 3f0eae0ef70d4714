<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Exceptions;

/** No connection could be made. The code says which step failed, or how the broker refused. */
class ConnectingToBrokerFailedException extends MqttClientException
{
    public const EXCEPTION_CONNECTION_FAILED              = 1;
    public const EXCEPTION_CONNECTION_PROTOCOL_VERSION    = 2;
    public const EXCEPTION_CONNECTION_IDENTIFIER_REJECTED = 3;
    public const EXCEPTION_CONNECTION_BROKER_UNAVAILABLE  = 4;
    public const EXCEPTION_CONNECTION_INVALID_CREDENTIALS = 5;
    public const EXCEPTION_CONNECTION_UNAUTHORIZED        = 6;
    public const EXCEPTION_CONNECTION_SOCKET_ERROR        = 1000;
    public const EXCEPTION_CONNECTION_TLS_ERROR           = 2000;

    /**
     * @param string|null $connectionErrorCode    errno, or OpenSSL's code in hexadecimal
     * @param string|null $connectionErrorMessage what the system or TLS said
     */
    public function __construct(
        int $code,
        string $error,
        private ?string $connectionErrorCode = null,
        private ?string $connectionErrorMessage = null,
    ) {
        parent::__construct("[$code] Establishing a connection to the MQTT broker failed: $error", $code);
    }

    public function getConnectionErrorCode(): ?string
    {
        return $this->connectionErrorCode;
    }

    public function getConnectionErrorMessage(): ?string
    {
        return $this->connectionErrorMessage;
    }
}
