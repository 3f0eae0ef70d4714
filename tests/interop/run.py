#!/usr/bin/env python3
"""Interoperability with real programs: Debian's mosquitto and its commands, MQTT.js, paho-mqtt, PHP-FPM.

usage: run.py [--standin] [--allow-skips] [--target DIR] [--list] [WORD...]

Runs the scenarios whose name holds one of the words (all without a word), prints each, and ends with `N passed, N failed`.
--standin puts Debian's mosquitto in the place of our broker and commands: a scenario that fails then is itself wrong.
--target is cargo's target directory; programs are taken from its release folder, packages from its interop folder.
script/test installs all that this needs and calls it.
"""
import argparse
import os
import sys

sys.path.insert(0, os.path.dirname(os.path.abspath(__file__)))
from harness import report  # noqa: E402
from harness.lab import ROOT, Lab, Parts  # noqa: E402


def main():
    parser = argparse.ArgumentParser(usage=__doc__)
    parser.add_argument('words', nargs='*')
    parser.add_argument('--standin', action='store_true')
    parser.add_argument('--allow-skips', action='store_true')
    parser.add_argument('--list', action='store_true')
    parser.add_argument('--target', default=os.environ.get('CARGO_TARGET_DIR', os.path.join(ROOT, 'target')))
    arguments = parser.parse_args()

    import scenarios  # noqa: F401  registers them
    if arguments.list:
        print('\n'.join(name for name, _, _ in report.SCENARIOS))
        return 0
    parts = Parts(arguments.target, arguments.standin)
    try:
        passed, failed, skipped = report.run(lambda: Lab(parts), arguments.words, arguments.allow_skips)
    finally:
        parts.close()
    if skipped:
        print(f'{skipped} skipped')
    print(f'{passed} passed, {failed} failed')
    return 1 if failed or not passed else 0


if __name__ == '__main__':
    sys.exit(main())
