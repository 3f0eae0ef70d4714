<?php
declare(strict_types=1);

namespace PhpMqtt\Client\Concerns;

use PhpMqtt\Client\ConnectionSettings;
use PhpMqtt\Client\Exceptions\ConfigurationInvalidException;

/**
 * The check of the settings when they are used.
 */
trait ValidatesConfiguration
{
    /** @throws ConfigurationInvalidException for the first setting that cannot be used */
    protected function ensureConnectionSettingsAreValid(ConnectionSettings $settings): void
    {
        $caFile      = $settings->getTlsCertificateAuthorityFile();
        $caPath      = $settings->getTlsCertificateAuthorityPath();
        $certificate = $settings->getTlsClientCertificateFile();
        $key         = $settings->getTlsClientCertificateKeyFile();
        $refusal     = match (true) {
            $settings->getConnectTimeout() < 1 => 'The connect timeout cannot be less than 1 second.',
            $settings->getSocketTimeout() < 1 => 'The socket timeout cannot be less than 1 second.',
            $settings->getResendTimeout() < 1 => 'The resend timeout cannot be less than 1 second.',
            $settings->getKeepAliveInterval() < 1, $settings->getKeepAliveInterval() > 65535 =>
                'The keep alive interval must be a value in the range of 1 to 65535 seconds.',
            $settings->getMaxReconnectAttempts() < 1 => 'The maximum reconnect attempts cannot be fewer than 1.',
            $settings->getDelayBetweenReconnectAttempts() < 0 => 'The delay between reconnect attempts cannot be lower than 0.',
            trim($settings->getUsername() ?? '-') === '' => 'The username may not consist of white space only.',
            trim($settings->getLastWillTopic() ?? '-') === '' => 'The last will topic may not consist of white space only.',
            !in_array($settings->getLastWillQualityOfService(), [0, 1, 2], true) =>
                'The QoS for the last will must be a value in the range of 0 to 2.',
            $caFile !== null && !is_file($caFile) => 'The Certificate Authority file setting must contain the path to a regular file.',
            $caPath !== null && !is_dir($caPath) => 'The Certificate Authority path setting must contain the path to a directory.',
            $certificate !== null && !is_file($certificate) =>
                'The client certificate file setting must contain the path to a regular file.',
            $key !== null && !is_file($key) => 'The client certificate key file setting must contain the path to a regular file.',
            $key !== null && $certificate === null => 'Using a client certificate key file without certificate does not work.',
            $settings->getTlsClientCertificateKeyPassphrase() !== null && $key === null =>
                'Using a client certificate key passphrase without key file does not work.',
            default => null,
        };
        if ($refusal !== null) {
            throw new ConfigurationInvalidException($refusal);
        }
    }
}
