"""What a scenario is given: brokers and clients to take, all of which end with the scenario."""
import os
import shutil
import subprocess
import tempfile

from .brokers import Broker
from .certificates import Certificates
from .peers import Paho, Script, Tools
from .processes import Process
from .proxy import Proxy
from .report import Skip

HERE = os.path.dirname(os.path.dirname(os.path.abspath(__file__)))
ROOT = os.path.dirname(os.path.dirname(HERE))


class Parts:
    """Where the programs are. `standin` puts Debian's mosquitto in the place of our broker and our commands."""

    def __init__(self, target, standin):
        self.target = target
        self.standin = standin
        self.mosquitto = shutil.which('mosquitto') or '/usr/sbin/mosquitto'
        self.mqtt = os.path.join(target, 'release', 'mqtt')
        self.extension = os.path.join(target, 'release', 'mqtt.so')
        self.node_modules = os.path.join(target, 'interop', 'node_modules')
        self.php = os.environ.get('PHP') or shutil.which('php') or 'php'
        # One folder for the certificates and files of a run; mosquitto may read it as another user.
        self.folder = tempfile.mkdtemp(prefix='mqtt-interop-')
        os.chmod(self.folder, 0o755)
        self.certificates = Certificates(self.folder)

    def broker_command(self, kind):
        if kind == 'mosquitto' or self.standin:
            return [self.mosquitto]
        if not os.path.exists(self.mqtt):
            raise Skip(f'there is no {self.mqtt}: run script/build')
        return [self.mqtt, 'broker']

    def close(self):
        shutil.rmtree(self.folder, ignore_errors=True)


class Lab:
    """The brokers, clients and processes of one scenario."""

    def __init__(self, parts):
        self.parts = parts
        self.certificates = parts.certificates
        self.folder = tempfile.mkdtemp(dir=parts.folder)
        os.chmod(self.folder, 0o755)
        self.things = []

    def fresh(self):
        """Another lab with a folder of its own, which ends with this one."""
        return self.keep(Lab(self.parts))

    def keep(self, thing):
        """The thing is closed at the end of the scenario."""
        self.things.append(thing)
        return thing

    def broker(self, kind='ours', *transports, **options):
        return self.keep(Broker(kind, self.parts.broker_command(kind), self.folder, self.certificates, transports, **options))

    def proxy(self, port):
        return self.keep(Proxy(port))

    def process(self, name, command, **options):
        return self.keep(Process(name, command, **options))

    # Clients ---------------------------------------------------------------------------------------------------------

    def paho(self, version=5):
        return Paho(version)

    def mosquitto_tools(self, version=5):
        return Tools('mosquitto_pub/sub', ['mosquitto_pub'], ['mosquitto_sub'], version)

    def mqtt_tools(self, version=5):
        if self.parts.standin:
            return self.mosquitto_tools(version)
        if not os.path.exists(self.parts.mqtt):
            raise Skip(f'there is no {self.parts.mqtt}: run script/build')
        return Tools('mqtt pub/sub', [self.parts.mqtt, 'pub'], [self.parts.mqtt, 'sub'], version)

    def mqttjs(self, version=5):
        if not os.path.isdir(os.path.join(self.parts.node_modules, 'mqtt')):
            raise Skip('MQTT.js is not installed: script/test does that')
        schemes = {'tcp': 'mqtt', 'tls': 'mqtts', 'ws': 'ws', 'wss': 'wss'}
        env = {**os.environ, 'NODE_PATH': self.parts.node_modules}
        return Script('MQTT.js', ['node', os.path.join(HERE, 'peers', 'mqttjs.js')], schemes, version, env)

    def php(self, version=5):
        schemes = {'tcp': 'mqtt', 'tls': 'mqtts', 'ws': 'ws', 'wss': 'wss'}
        return Script('PHP', self.php_command(os.path.join(HERE, 'peers', 'client.php')), schemes, version)

    # PHP -------------------------------------------------------------------------------------------------------------

    def php_command(self, script, *arguments):
        """The command line that runs a script with the extension."""
        if not os.path.exists(self.parts.extension):
            raise Skip(f'there is no {self.parts.extension}: run script/build')
        return [self.parts.php, '-d', f'extension={self.parts.extension}', '-d', 'display_errors=stderr', script, *arguments]

    def run_php(self, script, *arguments, seconds=30):
        """Runs tests/interop/php/SCRIPT to its end. Returns (exit status, standard output, standard error)."""
        command = self.php_command(os.path.join(HERE, 'php', script), *arguments)
        done = subprocess.run(command, stdin=subprocess.DEVNULL, capture_output=True, timeout=seconds)
        return done.returncode, done.stdout.decode(errors='replace'), done.stderr.decode(errors='replace')

    def php_process(self, script, *arguments):
        """Starts tests/interop/php/SCRIPT; its standard output is kept as lines."""
        return self.process(script, self.php_command(os.path.join(HERE, 'php', script), *arguments), keep_stdout=True, stdin=subprocess.PIPE)

    def php_fpm(self):
        """The path of a php-fpm of the same version as php."""
        version = subprocess.run([self.parts.php, '-n', '-r', 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;'], capture_output=True, check=True).stdout.decode()
        for name in (f'php-fpm{version}', f'/usr/sbin/php-fpm{version}', 'php-fpm', '/usr/local/sbin/php-fpm'):
            if shutil.which(name):
                return shutil.which(name)
        raise Skip(f'there is no php-fpm{version}')

    # The end ---------------------------------------------------------------------------------------------------------

    def logs(self):
        """The last lines of what the processes of this scenario wrote, for a failure."""
        found = ''
        for thing in self.things:
            process = getattr(thing, 'process', thing)
            if isinstance(process, Process) and not process.error_file.closed:
                lines = process.text().splitlines()[-12:]
                found += ''.join(f'\n    [{process.name}] {line[:300]}' for line in lines)
        return found

    def close(self):
        for thing in reversed(self.things):
            thing.close()
