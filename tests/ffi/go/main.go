// The C library from Go, by cgo and pkg-config: publishes and subscribes. main URI
package main

/*
#cgo pkg-config: mqttcore
#include <stdlib.h>
#include <mqtt.h>
*/
import "C"

import (
	"bytes"
	"fmt"
	"os"
	"unsafe"
)

var passed, failed int

func check(what string, good bool) {
	if good {
		passed++
		return
	}
	failed++
	fmt.Fprintf(os.Stderr, "go: %s: %s\n", what, C.GoString(C.mqtt_last_error_message()))
}

func ok(what string, result C.mqtt_result) { check(what, result == C.MQTT_RESULT_OK) }

func view(slice C.mqtt_slice) []byte {
	return C.GoBytes(unsafe.Pointer(slice.data), C.int(slice.length))
}

func main() {
	uri, topic := C.CString(os.Args[1]), C.CString("from/go")
	defer C.free(unsafe.Pointer(uri))
	defer C.free(unsafe.Pointer(topic))
	ok("abi", C.mqtt_abi_check(C.MQTT_ABI_VERSION, C.sizeof_mqtt_slice, C.sizeof_mqtt_hooks))

	var options *C.mqtt_options
	var client *C.mqtt_client
	ok("options", C.mqtt_options_new(uri, &options))
	ok("client", C.mqtt_client_new(options, &client))
	C.mqtt_options_free(options)
	ok("connect", C.mqtt_client_connect(client, 10000))
	var reason C.uint8_t = 255
	ok("subscribe", C.mqtt_client_subscribe(client, topic, 2, 7, nil, 10000, &reason))
	check("granted", reason == 2)

	payload := []byte{0, 1, 255}
	var token C.uint64_t
	ok("publish", C.mqtt_client_publish(client, topic, (*C.uint8_t)(unsafe.Pointer(&payload[0])), C.size_t(len(payload)), 2, false, nil, 10000, &token))
	ok("wait", C.mqtt_client_wait(client, token, 10000, nil))

	// Goroutines are on other threads now and then; the client allows it.
	done := make(chan *C.mqtt_message)
	go func() {
		var message *C.mqtt_message
		ok("receive", C.mqtt_client_receive(client, 10000, &message))
		done <- message
	}()
	message := <-done
	var slice C.mqtt_slice
	ok("topic", C.mqtt_message_topic(message, &slice))
	check("its bytes", string(view(slice)) == "from/go")
	ok("payload", C.mqtt_message_payload(message, &slice))
	check("its bytes", bytes.Equal(view(slice), payload))
	var handle C.uint32_t
	ok("handle", C.mqtt_message_handle(message, 0, &handle))
	check("its number", handle == 7)
	C.mqtt_message_free(message)
	C.mqtt_client_free(client)
	fmt.Printf("go: %d passed, %d failed\n", passed, failed)
	if failed > 0 {
		os.Exit(1)
	}
}
