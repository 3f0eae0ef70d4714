module mqtt.invalid/ffi

go 1.19
