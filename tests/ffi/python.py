"""The C library from Python, by ctypes: starts a broker with a hook, publishes and subscribes. python.py LIBRARY"""
import ctypes
import sys
from ctypes import POINTER, byref, c_bool, c_char_p, c_int64, c_size_t, c_uint8, c_uint32, c_uint64, c_void_p

OK, NOTHING, ABI, REFUSED = 0, 1, 104, 120
mqtt = ctypes.CDLL(sys.argv[1])
passed = failed = 0


class Slice(ctypes.Structure):
    _fields_ = [("data", POINTER(c_uint8)), ("length", c_size_t)]

    def bytes(self):
        return ctypes.string_at(self.data, self.length)


QUESTION = ctypes.CFUNCTYPE(None, c_void_p, c_void_p)


class Hooks(ctypes.Structure):
    _fields_ = [("size", c_size_t), ("user_data", c_void_p), ("on_connect", QUESTION)] + [("unused%d" % n, c_void_p) for n in range(11)]


def declare(name, result, *arguments):
    function = getattr(mqtt, name)
    function.restype, function.argtypes = result, arguments
    return function


declare("mqtt_abi_version", c_uint32)
declare("mqtt_abi_check", c_uint32, c_uint32, c_size_t, c_size_t)
declare("mqtt_last_error_message", c_char_p)
declare("mqtt_last_reason_code", c_uint8)
declare("mqtt_broker_config_new", c_uint32, POINTER(c_void_p))
declare("mqtt_broker_config_set", c_uint32, c_void_p, c_char_p, c_char_p)
declare("mqtt_broker_config_set_hooks", c_uint32, c_void_p, POINTER(Hooks))
declare("mqtt_broker_config_free", None, c_void_p)
declare("mqtt_broker_start", c_uint32, c_void_p, POINTER(c_void_p))
declare("mqtt_broker_address", c_uint32, c_void_p, c_size_t, c_char_p, c_size_t, c_void_p)
declare("mqtt_broker_free", None, c_void_p)
declare("mqtt_question_text", c_uint32, c_void_p, c_uint32, POINTER(Slice))
declare("mqtt_question_proceed", c_uint32, c_void_p)
declare("mqtt_question_refuse", c_uint32, c_void_p, c_uint8, c_void_p)
declare("mqtt_options_new", c_uint32, c_char_p, POINTER(c_void_p))
declare("mqtt_options_set_client_id", c_uint32, c_void_p, c_char_p)
declare("mqtt_options_free", None, c_void_p)
declare("mqtt_client_new", c_uint32, c_void_p, POINTER(c_void_p))
declare("mqtt_client_connect", c_uint32, c_void_p, c_int64)
declare("mqtt_client_subscribe", c_uint32, c_void_p, c_char_p, c_uint8, c_uint32, c_void_p, c_int64, POINTER(c_uint8))
declare("mqtt_client_publish", c_uint32, c_void_p, c_char_p, c_char_p, c_size_t, c_uint8, c_bool, c_void_p, c_int64, POINTER(c_uint64))
declare("mqtt_client_receive", c_uint32, c_void_p, c_int64, POINTER(c_void_p))
declare("mqtt_client_free", None, c_void_p)
declare("mqtt_message_topic", c_uint32, c_void_p, POINTER(Slice))
declare("mqtt_message_payload", c_uint32, c_void_p, POINTER(Slice))
declare("mqtt_message_free", None, c_void_p)


def check(what, got, wanted):
    global passed, failed
    if got == wanted:
        passed += 1
    else:
        failed += 1
        print("python: %s: %r instead of %r: %s" % (what, got, wanted, mqtt.mqtt_last_error_message().decode()), file=sys.stderr)


@QUESTION
def on_connect(_, question):
    name = Slice()
    mqtt.mqtt_question_text(question, 1, byref(name))
    if name.bytes() == b"stranger":
        mqtt.mqtt_question_refuse(question, 0x87, None)
    else:
        mqtt.mqtt_question_proceed(question)


def client(uri, name):
    options, made = c_void_p(), c_void_p()
    check("options", mqtt.mqtt_options_new(uri, byref(options)), OK)
    check("client id", mqtt.mqtt_options_set_client_id(options, name), OK)
    check("client", mqtt.mqtt_client_new(options, byref(made)), OK)
    mqtt.mqtt_options_free(options)
    return made


check("abi", mqtt.mqtt_abi_check(mqtt.mqtt_abi_version(), ctypes.sizeof(Slice), ctypes.sizeof(Hooks)), OK)
# A program built for another library is told so before it hands over a structure of the wrong size.
abi = mqtt.mqtt_abi_version()
for name, version, slice_size, hooks_size in [
    ("a newer header", abi + 1, ctypes.sizeof(Slice), ctypes.sizeof(Hooks)),
    ("other hundreds", abi + 100, ctypes.sizeof(Slice), ctypes.sizeof(Hooks)),
    ("another slice", abi, ctypes.sizeof(Slice) + 8, ctypes.sizeof(Hooks)),
    ("longer hooks", abi, ctypes.sizeof(Slice), ctypes.sizeof(Hooks) + 8),
    ("hooks without their head", abi, ctypes.sizeof(Slice), 0),
]:
    check(f"abi of {name}", mqtt.mqtt_abi_check(version, slice_size, hooks_size), ABI)
config, broker, uri = c_void_p(), c_void_p(), ctypes.create_string_buffer(128)
check("config", mqtt.mqtt_broker_config_new(byref(config)), OK)
check("listen", mqtt.mqtt_broker_config_set(config, b"listen", b"mqtt://127.0.0.1:0"), OK)
check("hooks", mqtt.mqtt_broker_config_set_hooks(config, byref(Hooks(size=ctypes.sizeof(Hooks), on_connect=on_connect))), OK)
check("start", mqtt.mqtt_broker_start(config, byref(broker)), OK)
mqtt.mqtt_broker_config_free(config)
check("address", mqtt.mqtt_broker_address(broker, 0, uri, len(uri), None), OK)

stranger = client(uri.value, b"stranger")
check("stranger", mqtt.mqtt_client_connect(stranger, 10000), REFUSED)
check("reason", mqtt.mqtt_last_reason_code(), 0x87)
mqtt.mqtt_client_free(stranger)

friend, granted, message, view = client(uri.value, b"friend"), c_uint8(255), c_void_p(), Slice()
check("connect", mqtt.mqtt_client_connect(friend, 10000), OK)
check("subscribe", mqtt.mqtt_client_subscribe(friend, b"from/python", 1, 0, None, 10000, byref(granted)), OK)
check("granted", granted.value, 1)
payload = b"snake \x00\xff"
check("publish", mqtt.mqtt_client_publish(friend, b"from/python", payload, len(payload), 1, False, None, 10000, None), OK)
check("receive", mqtt.mqtt_client_receive(friend, 10000, byref(message)), OK)
check("topic", (mqtt.mqtt_message_topic(message, byref(view)), view.bytes()), (OK, b"from/python"))
check("payload", (mqtt.mqtt_message_payload(message, byref(view)), view.bytes()), (OK, payload))
mqtt.mqtt_message_free(message)
check("nothing more", mqtt.mqtt_client_receive(friend, 0, byref(message)), NOTHING)
mqtt.mqtt_client_free(friend)
mqtt.mqtt_broker_free(broker)
print("python: %d passed, %d failed" % (passed, failed))
sys.exit(1 if failed else 0)
