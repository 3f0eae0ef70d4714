"""A certificate authority of our own, made with openssl."""
import os
import subprocess


class Certificates:
    """In `folder`: ca.crt, server.{crt,key} for localhost and 127.0.0.1, client.{crt,key}, and a second authority other.crt."""

    def __init__(self, folder):
        self.folder = folder
        self.ca, self.ca_key = self._authority('ca', 'Interop CA')
        self.other_ca, _ = self._authority('other', 'Another CA')
        self.server, self.server_key = self._leaf('server', 'localhost', 'subjectAltName=DNS:localhost,IP:127.0.0.1\nextendedKeyUsage=serverAuth')
        self.client, self.client_key = self._leaf('client', 'interop-client', 'extendedKeyUsage=clientAuth')

    def _path(self, name):
        return os.path.join(self.folder, name)

    def _openssl(self, *arguments):
        subprocess.run(['openssl', *arguments], check=True, stdout=subprocess.DEVNULL, stderr=subprocess.PIPE)

    def _authority(self, name, subject):
        certificate, key = self._path(name + '.crt'), self._path(name + '.key')
        self._openssl('req', '-x509', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-days', '2', '-keyout', key, '-out', certificate,
                      '-subj', f'/CN={subject}', '-addext', 'keyUsage=critical,keyCertSign,cRLSign')
        return certificate, key

    def _leaf(self, name, subject, extensions):
        certificate, key, request, extra = (self._path(name + end) for end in ('.crt', '.key', '.csr', '.ext'))
        with open(extra, 'w') as f:
            f.write(f'basicConstraints=CA:FALSE\n{extensions}\n')
        self._openssl('req', '-newkey', 'ec', '-pkeyopt', 'ec_paramgen_curve:prime256v1', '-nodes', '-keyout', key, '-out', request, '-subj', f'/CN={subject}')
        self._openssl('x509', '-req', '-in', request, '-CA', self.ca, '-CAkey', self.ca_key, '-CAcreateserial', '-days', '2', '-extfile', extra, '-out', certificate)
        os.chmod(key, 0o644)  # mosquitto may give up root before it reads the key
        return certificate, key
