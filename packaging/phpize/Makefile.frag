# Runs cargo when a source is newer than the module. So `sudo make install` after `make` needs no cargo.
# CARGO_TARGET_DIR=... names another place for what cargo builds.
MQTT_TARGET = $(if $(CARGO_TARGET_DIR),$(CARGO_TARGET_DIR),$(MQTT_ROOT)/target)
MQTT_SOURCES = $(shell find $(MQTT_ROOT)/src $(MQTT_ROOT)/Cargo.toml $(MQTT_ROOT)/Cargo.lock -type f)

$(phplibdir)/mqtt.la: $(phplibdir)/mqtt.so
	@echo "dlname='mqtt.so'" >$@

# By rename, so that a PHP that has the old file mapped keeps it.
$(phplibdir)/mqtt.so: $(MQTT_SOURCES)
	PHP_CONFIG="$(MQTT_PHP_CONFIG)" PHP="$(PHP_EXECUTABLE)" CARGO_TARGET_DIR="$(MQTT_TARGET)" \
		$(CARGO) build $(MQTT_CARGO_FLAGS) --manifest-path "$(MQTT_ROOT)/Cargo.toml" -p mqtt-php
	@mkdir -p $(phplibdir)
	@if test -f "$(MQTT_TARGET)/release/libmqtt.dylib"; then cp "$(MQTT_TARGET)/release/libmqtt.dylib" $@.new; else cp "$(MQTT_TARGET)/release/libmqtt.so" $@.new; fi
	@mv $@.new $@

# `make test` runs the phpt files. It runs without php.ini; what they need besides mqtt is loaded where it is a shared module.
MQTT_SHARED = $(shell for module in ctype pcntl posix sockets tokenizer; do \
	! test -f "$(EXTENSION_DIR)/$$module.so" || echo "-d extension=$(EXTENSION_DIR)/$$module.so"; done)
TESTS ?= $(MQTT_SHARED) $(MQTT_TESTS)
