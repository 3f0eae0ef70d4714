#!/usr/bin/env bash
# php-matrix.sh NAME PHP PHP_CONFIG FOLDER BROKER: one row of script/test-php-matrix, run where that PHP is: builds the extension,
# runs phpt, PHPUnit and, where PHP has threads, tests/threads; leaves "VERSION passed failed skipped passed failed skipped passed
# failed" in FOLDER/row.
set -euo pipefail
name=$1 php=$2 config=$3 folder=$4 broker=$5
cd "$(dirname "$0")/../.."
target=${CARGO_TARGET_DIR:-$PWD/target}
sum() { sed -nE "s/.*$1.*/\1/p" "$2" | awk '{ n += $1 } END { print n + 0 }'; }

"$php" -n -v
version=$("$php" -n -r 'echo PHP_VERSION, PHP_ZTS ? "-zts" : "";')
# The build scripts run again when the name of php-config changes, not when what it prints does; so each PHP has a name of its own.
ln -sf "$config" "$folder/php-config-$name"
PHP=$php PHP_CONFIG=$folder/php-config-$name nice cargo build --locked --offline -p mqtt-php
cp "$target/debug/libmqtt.so" "$folder/.mqtt.so"
mv "$folder/.mqtt.so" "$folder/mqtt.so"
# The tests look for the broker beside the extension.
cp -f "$broker" "$folder/mqtt"
"$php" -n -d "extension=$folder/mqtt.so" --ri mqtt

modules=()
for module in ctype pcntl posix sockets tokenizer; do
    "$php" -n -r 'exit(extension_loaded($argv[1]) ? 0 : 1);' -- "$module" || [ ! -f "$("$config" --extension-dir)/$module.so" ] || modules+=(-d "extension=$module")
done
runner=
for place in "/usr/lib/php/$("$config" --phpapi)/build" "$("$config" --prefix)/lib/php/build"; do
    [ -n "$runner" ] || [ ! -f "$place/run-tests.php" ] || runner=$place/run-tests.php
done
# One at a time: PHP 8.6 would take several workers, which meet in the folder.
TEST_PHP_EXECUTABLE=$php NO_INTERACTION=1 "$php" -n "$runner" -n -q -j1 -g FAIL,BORK,LEAK,XFAIL --show-diff --set-timeout 120 -d "extension=$folder/mqtt.so" \
    "${modules[@]}" --temp-source "$PWD/tests/phpt" --temp-target "$folder/phpt" tests/phpt 2>&1 | tee "$folder/phpt.log" || true

rm -f "$folder/junit.xml"
# Deprecations inside of PHPUnit, which may be older than the PHP, go where no test looks.
"$php" -d "extension=$folder/mqtt.so" -d mqtt.mosquitto_compat=1 -d memory_limit=1G -d include_path=.:/usr/share/php -d display_errors=stderr /usr/bin/phpunit \
    -c tests/php/phpunit.xml --log-junit "$folder/junit.xml" >"$folder/phpunit.log" 2>&1 || true
grep -vE '^(PHP )?Deprecated: |^$' "$folder/phpunit.log" | tail -n 40
# A run that ended before its end has no report, or none that is whole: that is a failure.
units=$("$php" -r '$s = @simplexml_load_file($argv[1])->testsuite ?? exit("0 1 0"); $f = $s["errors"] + $s["failures"]; echo $s["tests"] - $f - $s["skipped"], " ", $f, " ", (int) $s["skipped"];' -- "$folder/junit.xml")
threads="0 0"
if [[ $version == *-zts && -f $("$config" --prefix)/lib/libphp.so ]]; then
    tests/threads/run "$folder/mqtt.so" "$config" "$folder" 2>&1 | tee "$folder/threads.log" || true
    threads=$(sed -nE 's/^([0-9]+) passed, ([0-9]+) failed$/\1 \2/p' "$folder/threads.log" | tail -n 1)
fi
failed=$(($(sum '^Tests failed +: +([0-9]+)' "$folder/phpt.log") + $(sum '^Tests borked +: +([0-9]+)' "$folder/phpt.log") + $(sum '^Tests leaked +: +([0-9]+)' "$folder/phpt.log")))
echo "$version $(sum '^Tests passed +: +([0-9]+)' "$folder/phpt.log") $failed $(sum '^Tests skipped +: +([0-9]+)' "$folder/phpt.log") $units ${threads:-0 1}" >"$folder/row"
