# Runs cargo when a source is newer than the module. So `sudo make install` after `make` needs no cargo.
MQTT_ROOT = $(srcdir)/../..
MQTT_TARGET = $(MQTT_ROOT)/target
MQTT_SOURCES = $(shell find $(MQTT_ROOT)/src $(MQTT_ROOT)/Cargo.toml $(MQTT_ROOT)/Cargo.lock -type f)

$(phplibdir)/mqtt.so: $(MQTT_SOURCES)
	PHP_CONFIG="$(MQTT_PHP_CONFIG)" PHP="$(PHP_EXECUTABLE)" CARGO_TARGET_DIR="$(MQTT_TARGET)" \
		$(CARGO) build $(MQTT_CARGO_FLAGS) --manifest-path "$(MQTT_ROOT)/Cargo.toml" -p mqtt-php
	@mkdir -p $(phplibdir)
	@rm -f $@
	@if test -f "$(MQTT_TARGET)/release/libmqtt.dylib"; then cp "$(MQTT_TARGET)/release/libmqtt.dylib" $@; else cp "$(MQTT_TARGET)/release/libmqtt.so" $@; fi
