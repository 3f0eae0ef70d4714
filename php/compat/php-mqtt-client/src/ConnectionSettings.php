<?php
declare(strict_types=1);

namespace PhpMqtt\Client;

/**
 * How to connect. Immutable: a setter returns a changed copy. The values are checked by MqttClient::connect().
 */
class ConnectionSettings
{
    private ?string $username = null;
    private ?string $password = null;
    private bool $useBlockingSocket = false;
    private int $connectTimeout = 60;
    private int $socketTimeout = 5;
    private int $resendTimeout = 10;
    private int $keepAliveInterval = 10;
    private bool $reconnectAutomatically = false;
    private int $maxReconnectAttempts = 3;
    private int $delayBetweenReconnectAttempts = 0;
    private ?string $lastWillTopic = null;
    private ?string $lastWillMessage = null;
    private int $lastWillQualityOfService = 0;
    private bool $lastWillRetain = false;
    private bool $useTls = false;
    private bool $tlsVerifyPeer = true;
    private bool $tlsVerifyPeerName = true;
    private bool $tlsSelfSignedAllowed = false;
    private ?string $tlsCertificateAuthorityFile = null;
    private ?string $tlsCertificateAuthorityPath = null;
    private ?string $tlsClientCertificateFile = null;
    private ?string $tlsClientCertificateKeyFile = null;
    private ?string $tlsClientCertificateKeyPassphrase = null;
    private ?string $tlsAlpn = null;

    public function setUsername(?string $username): ConnectionSettings
    {
        return $this->with('username', $username);
    }

    public function getUsername(): ?string
    {
        return $this->username;
    }

    public function setPassword(#[\SensitiveParameter] ?string $password): ConnectionSettings
    {
        return $this->with('password', $password);
    }

    public function getPassword(): ?string
    {
        return $this->password;
    }

    /** Has no effect: writing never fails for a full buffer. */
    public function useBlockingSocket(bool $useBlockingSocket): ConnectionSettings
    {
        return $this->with('useBlockingSocket', $useBlockingSocket);
    }

    public function shouldUseBlockingSocket(): bool
    {
        return $this->useBlockingSocket;
    }

    /** Seconds for the transport, and again for the answer to CONNECT. */
    public function setConnectTimeout(int $connectTimeout): ConnectionSettings
    {
        return $this->with('connectTimeout', $connectTimeout);
    }

    public function getConnectTimeout(): int
    {
        return $this->connectTimeout;
    }

    /** Seconds that the broker may take nothing while something is written. */
    public function setSocketTimeout(int $socketTimeout): ConnectionSettings
    {
        return $this->with('socketTimeout', $socketTimeout);
    }

    public function getSocketTimeout(): int
    {
        return $this->socketTimeout;
    }

    /** Seconds after which what was not answered is sent again. */
    public function setResendTimeout(int $resendTimeout): ConnectionSettings
    {
        return $this->with('resendTimeout', $resendTimeout);
    }

    public function getResendTimeout(): int
    {
        return $this->resendTimeout;
    }

    /** Seconds without a packet sent after which the broker is pinged, also while the script computes. */
    public function setKeepAliveInterval(int $keepAliveInterval): ConnectionSettings
    {
        return $this->with('keepAliveInterval', $keepAliveInterval);
    }

    public function getKeepAliveInterval(): int
    {
        return $this->keepAliveInterval;
    }

    /** A lost connection is made again by the call that notices. Not together with a clean session. */
    public function setReconnectAutomatically(bool $reconnectAutomatically): ConnectionSettings
    {
        return $this->with('reconnectAutomatically', $reconnectAutomatically);
    }

    public function shouldReconnectAutomatically(): bool
    {
        return $this->reconnectAutomatically;
    }

    public function setMaxReconnectAttempts(int $maxReconnectAttempts): ConnectionSettings
    {
        return $this->with('maxReconnectAttempts', $maxReconnectAttempts);
    }

    public function getMaxReconnectAttempts(): int
    {
        return $this->maxReconnectAttempts;
    }

    /** Milliseconds. */
    public function setDelayBetweenReconnectAttempts(int $delayBetweenReconnectAttempts): ConnectionSettings
    {
        return $this->with('delayBetweenReconnectAttempts', $delayBetweenReconnectAttempts);
    }

    public function getDelayBetweenReconnectAttempts(): int
    {
        return $this->delayBetweenReconnectAttempts;
    }

    /** There is a will where both topic and message are set. */
    public function setLastWillTopic(?string $lastWillTopic): ConnectionSettings
    {
        return $this->with('lastWillTopic', $lastWillTopic);
    }

    public function getLastWillTopic(): ?string
    {
        return $this->lastWillTopic;
    }

    public function setLastWillMessage(?string $lastWillMessage): ConnectionSettings
    {
        return $this->with('lastWillMessage', $lastWillMessage);
    }

    public function getLastWillMessage(): ?string
    {
        return $this->lastWillMessage;
    }

    /** Whether topic and message of the will are both set. */
    public function hasLastWill(): bool
    {
        return $this->lastWillTopic !== null && $this->lastWillMessage !== null;
    }

    public function setLastWillQualityOfService(int $lastWillQualityOfService): ConnectionSettings
    {
        return $this->with('lastWillQualityOfService', $lastWillQualityOfService);
    }

    public function getLastWillQualityOfService(): int
    {
        return $this->lastWillQualityOfService;
    }

    public function setRetainLastWill(bool $lastWillRetain): ConnectionSettings
    {
        return $this->with('lastWillRetain', $lastWillRetain);
    }

    public function shouldRetainLastWill(): bool
    {
        return $this->lastWillRetain;
    }

    public function setUseTls(bool $useTls): ConnectionSettings
    {
        return $this->with('useTls', $useTls);
    }

    public function shouldUseTls(): bool
    {
        return $this->useTls;
    }

    /** Off, anybody can pose as the broker. An authority that is named turns it on again. */
    public function setTlsVerifyPeer(bool $tlsVerifyPeer): ConnectionSettings
    {
        return $this->with('tlsVerifyPeer', $tlsVerifyPeer);
    }

    public function shouldTlsVerifyPeer(): bool
    {
        return $this->tlsVerifyPeer;
    }

    public function setTlsVerifyPeerName(bool $tlsVerifyPeerName): ConnectionSettings
    {
        return $this->with('tlsVerifyPeerName', $tlsVerifyPeerName);
    }

    public function shouldTlsVerifyPeerName(): bool
    {
        return $this->tlsVerifyPeerName;
    }

    public function setTlsSelfSignedAllowed(bool $tlsSelfSignedAllowed): ConnectionSettings
    {
        return $this->with('tlsSelfSignedAllowed', $tlsSelfSignedAllowed);
    }

    public function isTlsSelfSignedAllowed(): bool
    {
        return $this->tlsSelfSignedAllowed;
    }

    /** PEM. Without file and path the authorities of the system are trusted. */
    public function setTlsCertificateAuthorityFile(?string $tlsCertificateAuthorityFile): ConnectionSettings
    {
        return $this->with('tlsCertificateAuthorityFile', $tlsCertificateAuthorityFile);
    }

    public function getTlsCertificateAuthorityFile(): ?string
    {
        return $this->tlsCertificateAuthorityFile;
    }

    public function setTlsCertificateAuthorityPath(?string $tlsCertificateAuthorityPath): ConnectionSettings
    {
        return $this->with('tlsCertificateAuthorityPath', $tlsCertificateAuthorityPath);
    }

    public function getTlsCertificateAuthorityPath(): ?string
    {
        return $this->tlsCertificateAuthorityPath;
    }

    /** PEM; may hold the key too. */
    public function setTlsClientCertificateFile(?string $tlsClientCertificateFile): ConnectionSettings
    {
        return $this->with('tlsClientCertificateFile', $tlsClientCertificateFile);
    }

    public function getTlsClientCertificateFile(): ?string
    {
        return $this->tlsClientCertificateFile;
    }

    public function setTlsClientCertificateKeyFile(?string $tlsClientCertificateKeyFile): ConnectionSettings
    {
        return $this->with('tlsClientCertificateKeyFile', $tlsClientCertificateKeyFile);
    }

    public function getTlsClientCertificateKeyFile(): ?string
    {
        return $this->tlsClientCertificateKeyFile;
    }

    public function setTlsClientCertificateKeyPassphrase(#[\SensitiveParameter] ?string $tlsClientCertificateKeyPassphrase): ConnectionSettings
    {
        return $this->with('tlsClientCertificateKeyPassphrase', $tlsClientCertificateKeyPassphrase);
    }

    public function getTlsClientCertificateKeyPassphrase(): ?string
    {
        return $this->tlsClientCertificateKeyPassphrase;
    }

    /** Protocol names, separated by commas. */
    public function setTlsAlpn(?string $tlsAlpn): ConnectionSettings
    {
        return $this->with('tlsAlpn', $tlsAlpn);
    }

    public function getTlsAlpn(): ?string
    {
        return $this->tlsAlpn;
    }

    private function with(string $name, mixed $value): static
    {
        $copy        = clone $this;
        $copy->$name = $value;

        return $copy;
    }
}
