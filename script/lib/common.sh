# Sourced by every script: where things are, how to speak, and how to get what is missing.
# A script says what it installs and why before it does so; it never fails without a word.

set -euo pipefail

ROOT=$(cd "$(dirname "${BASH_SOURCE[0]}")/../.." && pwd)
cd "$ROOT"
TARGET=${CARGO_TARGET_DIR:-$ROOT/target}
RELEASE=$TARGET/release
INTEROP=$TARGET/interop            # the Python environment and the npm packages of the tests live here
export CARGO_TERM_COLOR=${CARGO_TERM_COLOR:-auto}

if [ -t 1 ]; then BOLD=$'\e[1m' RED=$'\e[31m' GREEN=$'\e[32m' PLAIN=$'\e[0m'; else BOLD='' RED='' GREEN='' PLAIN=''; fi

say() { printf '%s\n' "$*"; }
step() { printf '\n%s== %s%s\n' "$BOLD" "$*" "$PLAIN"; }
warn() { printf '%swarning:%s %s\n' "$RED" "$PLAIN" "$*" >&2; }
die() { printf '%s%s: failed:%s %s\n' "$RED" "$(basename "$0")" "$PLAIN" "$*" >&2; exit 1; }
have() { command -v "$1" >/dev/null 2>&1; }

# A command that fails under `set -e` ends the script; this line says which one.
trap 'status=$?; printf "%s: line %s: \"%s\" ended with status %s\n" "$0" "$LINENO" "$BASH_COMMAND" "$status" >&2' ERR

# ---------------------------------------------------------------------------------------------------------------------
# What is missing

MISSING=()                         # Debian packages
MISSING_TESTS=()                   # and the test that each must pass once it is installed

# want PACKAGES WHY TEST...: notes the packages when the test fails.
want() {
    local packages=$1 why=$2
    shift 2
    "$@" >/dev/null 2>&1 && return 0
    printf '  missing: %-28s %s\n' "$packages" "$why"
    # shellcheck disable=SC2206  # several packages in one word are wanted as several words
    MISSING+=($packages)
    MISSING_TESTS+=("$packages|$*")
    return 0
}

# Installs what want() noted, with apt, as root or through sudo; then looks again.
install_missing() {
    [ ${#MISSING[@]} -eq 0 ] && return 0
    have apt-get || die "this machine has no apt-get. Install the equivalents of: ${MISSING[*]}; then run this again."
    local sudo=()
    if [ "$(id -u)" -ne 0 ]; then
        have sudo || die "not root, and there is no sudo. As root: apt-get install ${MISSING[*]}; then run this again."
        sudo=(sudo)
        [ -t 0 ] || sudo=(sudo -n)
    fi
    say "Installing with apt: ${MISSING[*]}"
    local log=$TARGET/apt.log
    mkdir -p "$TARGET"
    local apt=("${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get -q -y -o Dpkg::Use-Pty=0 -o DPkg::Lock::Timeout=120)
    # Where packages start services, these here must not: the tests run their own, and port 1883 stays free.
    local policy=''
    if [ -d /run/systemd/system ] && [ ! -e /usr/sbin/policy-rc.d ]; then
        policy=/usr/sbin/policy-rc.d
        printf '#!/bin/sh\nexit 101\n' | "${sudo[@]}" tee $policy >/dev/null
        "${sudo[@]}" chmod +x $policy
    fi
    # A list of packages that is old or was never fetched is the usual reason for a failure, so fetch it once.
    local status=0
    { "${apt[@]}" update || true; "${apt[@]}" install --no-install-recommends "${MISSING[@]}"; } >"$log" 2>&1 </dev/null || status=$?
    [ -z "$policy" ] || "${sudo[@]}" rm -f $policy
    if [ $status -ne 0 ]; then
        tail -n 30 "$log" >&2
        die "apt could not install ${MISSING[*]} (whole log: $log)"
    fi
    hash -r
    local entry still=()
    for entry in "${MISSING_TESTS[@]}"; do
        # shellcheck disable=SC2086  # the test is a command line
        ${entry#*|} >/dev/null 2>&1 || still+=("${entry%%|*}")
    done
    [ ${#still[@]} -eq 0 ] || die "installed, and yet not usable: ${still[*]} (log: $log)"
    MISSING=() MISSING_TESTS=()
}

need_rust() {
    local place
    for place in "${CARGO_HOME:-$HOME/.cargo}/bin" /usr/local/cargo/bin; do
        have cargo || { [ -x "$place/cargo" ] && PATH=$place:$PATH; } || true
    done
    have cargo || die "no Rust toolchain found. Install it with: curl https://sh.rustup.rs -sSf | sh; then run this again."
    want "gcc libc6-dev" "links Rust programs; compiles the C parts" have cc
}

# PHP, its headers, and what bindgen needs to read them. PHP=... and PHP_CONFIG=... choose another PHP than the first in the PATH.
need_php() {
    want "php-cli" "runs the PHP scripts" have "${PHP:-php}"
    want "php-dev" "PHP's headers and php-config, for building the extension" have_php_headers
    want "clang" "reads PHP's headers for the Rust side" have_libclang
    want "make" "runs the phpize build" have make
}

# To be called after install_missing: settles which PHP is meant.
settle_php() {
    PHP=$(command -v "${PHP:-php}")
    PHP_CONFIG=$(command -v "${PHP_CONFIG:-php-config}")
    export PHP PHP_CONFIG
    local running built
    running=$("$PHP" -n -r 'echo PHP_VERSION;')
    built=$("$PHP_CONFIG" --version)
    [ "${running%.*}" = "${built%.*}" ] || die "$PHP is $running but $PHP_CONFIG belongs to $built: set PHP and PHP_CONFIG to two that belong together."
}

have_php_headers() {
    local config
    config=$(command -v "${PHP_CONFIG:-php-config}") || return 1
    [ -f "$("$config" --include-dir)/main/php.h" ]
}

have_libclang() {
    [ -n "${LIBCLANG_PATH:-}" ] && return 0
    have clang || return 1
    compgen -G '/usr/lib/llvm-*/lib/libclang*.so*' >/dev/null || compgen -G '/usr/lib/*/libclang*.so*' >/dev/null \
        || compgen -G '/usr/local/lib/libclang*.so*' >/dev/null || compgen -G '/usr/lib*/libclang*.so*' >/dev/null
}

have_php_module() { "${PHP:-php}" -r 'exit(extension_loaded($argv[1]) ? 0 : 1);' -- "$1"; }

have_python_venv() { python3 -c 'import venv, ensurepip, ssl' 2>/dev/null; }

# The real programs that the interoperability tests talk to.
need_interop() {
    want "mosquitto" "a broker to test our clients against" have_mosquitto
    want "mosquitto-clients" "mosquitto_pub and mosquitto_sub, to test our broker with" have mosquitto_pub
    want "python3 python3-venv" "runs tests/interop" have_python_venv
    want "nodejs npm" "runs MQTT.js" have_node
    want "openssl" "makes the certificates of the TLS tests" have openssl
    want "php-fpm" "tests persistent connections across requests" php_fpm
    want "libfcgi-bin" "cgi-fcgi: sends requests to PHP-FPM" have cgi-fcgi
}

# What makes the packages, and installs them as their users do.
need_packages() {
    want "dpkg-dev binutils" "makes Debian packages" have dpkg-architecture
    want "zip unzip" "makes archives for PIE and Composer" have_zip
    want "php-pear php-xml" "pecl: installs the package for it" have pecl
    want "composer php-zip" "installs the Composer packages" have_composer
    want "pkg-config" "finds the installed C library" have pkg-config
}

have_zip() { have zip && have unzip; }
have_composer() { have composer && have_php_module zip; }

have_node() { have node && have npm; }
have_mosquitto() { mosquitto_binary >/dev/null; }
mosquitto_binary() { command -v mosquitto || { [ -x /usr/sbin/mosquitto ] && echo /usr/sbin/mosquitto; }; }

# The path of php-fpm of the same version as php, or failure.
php_fpm() {
    local version name
    version=$("${PHP:-php}" -n -r 'echo PHP_MAJOR_VERSION, ".", PHP_MINOR_VERSION;' 2>/dev/null) || return 1
    for name in "php-fpm$version" "/usr/sbin/php-fpm$version" php-fpm /usr/local/sbin/php-fpm; do
        command -v "$name" && return 0
    done
    return 1
}

# Python packages in an environment of their own, npm packages in a folder of their own; nothing is installed globally.
settle_interop() {
    local venv=$INTEROP/venv stamp
    mkdir -p "$INTEROP"
    stamp=$(cat tests/interop/requirements.txt tests/interop/package.json | cksum)
    if [ "$(cat "$INTEROP/stamp" 2>/dev/null)" = "$stamp" ] && "$venv/bin/python" -c 'import paho.mqtt.client' 2>/dev/null; then
        return 0
    fi
    say "Installing with pip into $venv: $(grep -v '^#' tests/interop/requirements.txt | tr '\n' ' ')"
    # A distribution's pip may have changed; the environment is cheap, so begin it again.
    rm -rf "$venv"
    python3 -m venv "$venv" >"$INTEROP/pip.log" 2>&1 || { cat "$INTEROP/pip.log" >&2; die "python3 -m venv failed"; }
    "$venv/bin/python" -m pip install --quiet -r tests/interop/requirements.txt >>"$INTEROP/pip.log" 2>&1 </dev/null \
        || { tail -n 20 "$INTEROP/pip.log" >&2; die "pip could not install the Python packages (log: $INTEROP/pip.log)"; }
    say "Installing with npm into $INTEROP/node_modules: MQTT.js"
    cp tests/interop/package.json "$INTEROP/"
    [ ! -f tests/interop/package-lock.json ] || cp tests/interop/package-lock.json "$INTEROP/"
    (cd "$INTEROP" && npm install --no-audit --no-fund --no-progress --loglevel=error) >"$INTEROP/npm.log" 2>&1 </dev/null \
        || { tail -n 20 "$INTEROP/npm.log" >&2; die "npm could not install MQTT.js (log: $INTEROP/npm.log)"; }
    echo "$stamp" >"$INTEROP/stamp"
}

# ---------------------------------------------------------------------------------------------------------------------
# Building

# build_release WHAT...: cargo packages in the release profile; `mqtt-php` leaves mqtt.so beside libmqtt.so.
build_release() {
    local packages=() package
    for package in "$@"; do packages+=(-p "$package"); done
    cargo build --release --locked "${packages[@]}"
    if [[ " $* " == *" mqtt-php "* ]]; then
        # By rename, so that a PHP that has the old file mapped keeps it.
        if ! cmp -s "$RELEASE/libmqtt.so" "$RELEASE/mqtt.so"; then
            cp "$RELEASE/libmqtt.so" "$RELEASE/.mqtt.so.new"
            mv "$RELEASE/.mqtt.so.new" "$RELEASE/mqtt.so"
        fi
        "$PHP" -d "extension=$RELEASE/mqtt.so" -r 'extension_loaded("mqtt") || exit(1);' \
            || die "PHP does not load $RELEASE/mqtt.so"
    fi
}

# free_port [WANTED]: prints WANTED when nothing listens there, else a free port.
free_port() {
    "$PHP" -n -r '$s = @stream_socket_server("tcp://127.0.0.1:" . ($argv[1] ?? 0)) ?: stream_socket_server("tcp://127.0.0.1:0");
                  echo substr(strrchr(stream_socket_get_name($s, false), ":"), 1);' -- "${1:-0}"
}
