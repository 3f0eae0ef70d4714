# Sourced by the parts of tests/packages/run: counts what is good, and says what is not. A part ends with `report`, whose line the
# runner adds up.
set -uo pipefail
passed=0 failed=0
good() { ((passed += 1)); }
bad() { echo "FAILED: $*"; ((failed += 1)); }
skip() { echo "skipped: $*"; }
# check WHAT COMMAND...: the command succeeds; its output is shown where it does not.
check() {
    local what=$1 out
    shift
    if out=$("$@" 2>&1); then good; else bad "$what: $* ended with status $?: $(tail -n 25 <<<"$out")"; fi
}
# says WHAT PATTERN COMMAND...: the command's output has the pattern, whatever its status.
says() {
    local what=$1 pattern=$2 out
    shift 2
    out=$("$@" 2>&1)
    if grep -qE -e "$pattern" <<<"$out"; then good; else bad "$what: no \"$pattern\" in: $(tail -n 25 <<<"$out")"; fi
}
# fails_with WHAT PATTERN COMMAND...: the command fails, and says so.
fails_with() {
    local what=$1 pattern=$2 out
    shift 2
    if out=$("$@" 2>&1); then bad "$what: $* succeeded"; elif grep -qE -e "$pattern" <<<"$out"; then good; else bad "$what: no \"$pattern\" in: $(tail -n 25 <<<"$out")"; fi
}
report() { echo "$passed passed, $failed failed"; [ "$failed" -eq 0 ]; }
