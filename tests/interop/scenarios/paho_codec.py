"""paho's reading of properties against the vectors: where we differ is on a list, with the reason."""
import json
import os

from harness.lab import ROOT
from harness.report import equal, scenario, truth

# Rules that paho does not hold a list of properties against; we do, as the specification demands.
STRICTER = {
    'a flag of CONNACK is not 0 or 1': ('maximum_qos must be', 'retain_available must be', '_subscription_available must be',
                                        'subscription_identifier_available must be'),
    'a property runs past the property length': ('runs past the property length',),
    'two subscription identifiers in SUBSCRIBE': ('subscription_identifier given twice',),
    'a variable byte integer that is not minimal': ('variable byte integer not minimal',),
    'the side that a property is for': ('server reference in a client', 'session expiry in a server', 'subscription identifier from a client'),
}
# What paho refuses and we take.
WIDER = {'a maximum packet size above 268 435 455, which is legal and means no bound (section 3.1.2.11.4)'}


def vectors(name):
    with open(os.path.join(ROOT, 'tests', 'vectors', name), encoding='utf-8') as file:
        return [vector for vector in json.load(file) if vector['version'] == 5]


def expand(parts):
    if isinstance(parts, str):
        return bytes.fromhex(parts)
    return b''.join(bytes.fromhex(part) if isinstance(part, str) else bytes.fromhex(part['repeat']) * part['count'] for part in parts)


def property_bytes(packet):
    """Packet type, and the packet from its property length on."""
    at = 1
    while packet[at] & 0x80:
        at += 1
    kind, body = packet[0] >> 4, packet[at + 1:]
    text = 2 + int.from_bytes(body[:2], 'big')
    start = {1: text + 4, 2: 2, 3: text + (2 if packet[0] & 6 else 0), 8: 2, 9: 2, 10: 2, 11: 2}.get(kind, 1 if kind in (14, 15) else 3)
    return kind, body[start:]


def value_of(value):
    if isinstance(value, dict):
        return expand(value['hex']) if 'hex' in value else value['repeat_char'] * value['count']
    return tuple(value_of(part) for part in value) if isinstance(value, list) else value


@scenario('codec: paho reads properties as we do')
def valid(_lab):
    from paho.mqtt.properties import MQTTException, Properties
    agreed = 0
    for vector in vectors('valid.json'):
        kind, data = property_bytes(expand(vector['hex']))
        expected = vector['packet'].get('properties')
        if not expected or not data:
            continue
        try:
            read, _ = Properties(kind).unpack(data)
        except MQTTException as error:
            truth('MaximumPacketSize' in str(error) and [39, 4294967295] in expected, f'{vector["id"]}: {error}')
            continue
        names = {read.names[name]: name.replace(' ', '') for name in read.names}
        found = []
        for identifier, name in names.items():
            if not hasattr(read, name):
                continue
            value = getattr(read, name)
            several = identifier == 38 or (identifier == 11 and isinstance(value, list))
            found += [(identifier, one) for one in value] if several else [(identifier, value)]
        equal(sorted(map(repr, found)), sorted(repr((identifier, value_of(value))) for identifier, value in expected), vector['id'])
        agreed += 1
    truth(agreed > 150, f'only {agreed} were compared')


@scenario('codec: paho refuses properties as we do, but for a list')
def malformed(_lab):
    from paho.mqtt.properties import Properties
    agreed, met = 0, set()
    for vector in vectors('malformed.json'):
        rule = vector['rule']
        about_properties = ' property' in f' {rule}' or rule.startswith(('topic alias 0', 'variable byte', 'session expiry', 'server reference', 'subscription identifier'))
        # Those of the will lie deeper in the packet.
        if vector['kind'] == 'incomplete' or not about_properties or vector['id'].endswith('-w') or rule.endswith('in will'):
            continue
        kind, data = property_bytes(expand(vector['hex']))
        try:
            Properties(kind).unpack(data)
        except Exception:  # noqa: BLE001  it refuses with exceptions of many kinds
            agreed += 1
            continue
        reason = next((reason for reason, parts in STRICTER.items() if any(part in rule for part in parts)), None)
        truth(reason, f'{vector["id"]} is accepted, and that is not on the list: {rule}')
        met.add(reason)
    equal(met, set(STRICTER), 'everything on the list is met')
    truth(agreed > 200, f'only {agreed} were refused by both')
