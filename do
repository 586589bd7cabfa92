#!/bin/sh
# The commands of the project; each installs what is missing first. A fresh machine has no make, so this is POSIX sh.
#   ./do run [args]     sell on the embedded default: with a display the kiosk, without one the demo with pictures
#   ./do test [args]    the gate: all tests (args go to pytest, then only the selected tests run)
#   ./do check          ruff, mypy, import contracts, qmllint, qmlformat, reference counts, sizes
#   ./do screens [DIR]  pictures of every page of every face
#   ./do bench          the ratios of docs/performance.md
#   ./do soak [args]    the long forms, with reports in docs/evidence
#   ./do lock           renew the hashed lock files (developers)
set -eu
cd "$(dirname "$0")"
here=$(pwd)

RUN_PACKAGES="libgl1 libegl1 libglib2.0-0 libxkbcommon0 libx11-6 libfontconfig1 libdbus-1-3 libbrotli1 libfribidi0 fonts-noto-core fonts-noto-cjk"
CARD_PACKAGES="gcc libc6-dev python3-dev libpcsclite-dev libpcsclite1"
SHOW_PACKAGES="libxkbcommon-x11-0 libxcb-cursor0 libxcb-icccm4 libxcb-keysyms1 libxcb-image0 libxcb-render-util0 libxcb-randr0 libxcb-shape0 libxcb-shm0 libxcb-sync1 libxcb-util1 libxcb-xfixes0 libxcb-xkb1 libx11-xcb1"
TEST_PACKAGES="zbar-tools libzbar0 pcscd vsmartcard-vpcd xvfb xauth debootstrap dpkg-dev iproute2 nftables"
SOAK_PACKAGES="postgresql" # its programs; the soak makes a cluster of its own

say() { printf '%s\n' "$*" >&2; }

# --- Debian packages ---------------------------------------------------------------------------------------------
missing_of() {
    for package in "$@"; do
        state=$(dpkg-query -W -f='${db:Status-Status}' "$package" 2>/dev/null || true)
        [ "$state" = installed ] || printf '%s ' "$package"
    done
}

apt_as() { # runs apt-get as root, or says no
    if [ "$(id -u)" = 0 ]; then
        DEBIAN_FRONTEND=noninteractive apt-get "$@"
    elif command -v sudo >/dev/null 2>&1 && sudo -n true 2>/dev/null; then
        sudo -n env DEBIAN_FRONTEND=noninteractive apt-get "$@"
    else
        return 77
    fi
}

need_packages() { # need_packages WHAT_FOR package...: installs what is missing; 1 when it could not
    purpose=$1
    shift
    command -v dpkg-query >/dev/null 2>&1 || return 0 # not Debian: the libraries are the reader's affair, errors name them
    missing=$(missing_of "$@")
    [ -n "$missing" ] || return 0
    say "Installing Debian packages for $purpose: $missing"
    mkdir -p "$here/.cache" 2>/dev/null || true
    # One at a time if all together does not go: one missing package must not cost the others.
    # shellcheck disable=SC2086
    if apt_as update -q >/dev/null 2>&1 && apt_as install -y -q --no-install-recommends $missing >/dev/null 2>&1; then
        return 0
    fi
    for package in $missing; do
        apt_as install -y -q --no-install-recommends "$package" >/dev/null 2>&1 || true
    done
    missing=$(missing_of $missing)
    [ -n "$missing" ] || return 0
    say "These Debian packages are missing and could not be installed (not root, no sudo, or not offered here):"
    say "    $missing"
    say "Ask whoever looks after this machine for:  apt-get install --no-install-recommends $missing"
    return 1
}

# --- Python ------------------------------------------------------------------------------------------------------
find_python() {
    for candidate in python3.11 python3; do
        if command -v "$candidate" >/dev/null 2>&1 &&
            "$candidate" -c 'import sys; sys.exit(sys.version_info[:2] != (3, 11))' 2>/dev/null; then
            command -v "$candidate"
            return 0
        fi
    done
    return 1
}

install_lock() { # install_lock NAME: brings .venv to the state of requirements/NAME.txt, hashes checked
    lock="requirements/$1.txt"
    mark=".venv/installed-$1"
    if [ -f "$mark" ] && cmp -s "$lock" "$mark"; then return 0; fi
    if [ -e .venv ] && [ ! -w .venv ]; then
        say "The folder $here/.venv belongs to another user and is not complete."
        say "Clone the project into a folder of your own and run ./do there."
        exit 1
    fi
    say "Installing Python packages from $lock (once) ..."
    if ! .venv/bin/pip install --quiet --disable-pip-version-check --require-hashes -r "$lock"; then
        return 1
    fi
    cp "$lock" "$mark"
}

need_python() {
    if [ ! -x .venv/bin/python ]; then
        if ! [ -w . ]; then
            say "This folder belongs to another user and has not been set up yet: $here"
            say "Clone the project into a folder of your own and run ./do there."
            exit 1
        fi
        python=$(find_python) || {
            need_packages "Python" python3 python3-venv || true
            python=$(find_python) || {
                say "Python 3.11 is needed and was not found."
                exit 1
            }
        }
        if ! "$python" -c 'import ensurepip, venv' 2>/dev/null; then
            need_packages "Python" python3-venv || exit 1
        fi
        "$python" -m venv .venv
    fi
}

need_run() {
    need_python
    install_lock run || exit 1
    need_packages "the screen and the fonts" $RUN_PACKAGES ||
        { [ "${1:-}" = strict ] && exit 1; say "Going on without them."; }
    need_card
}

need_card() { # the card reader's library compiles from source; without a compiler the reader is off and all else runs
    if [ -f .venv/installed-card ] && cmp -s requirements/card.txt .venv/installed-card; then return 0; fi
    [ -w .venv ] || return 0
    if need_packages "the card reader" $CARD_PACKAGES 2>/dev/null &&
        install_lock card >.venv/card-build.log 2>&1; then
        return 0
    fi
    say "The card reader is off: its library could not be built here (needs: $CARD_PACKAGES). Everything else works."
}

need_test() {
    need_python
    install_lock run || exit 1
    install_lock test || exit 1
    need_packages "the screen and the fonts" $RUN_PACKAGES || true
    need_card
    need_packages "the tests" $TEST_PACKAGES $SHOW_PACKAGES ||
        say "Tests that need them are skipped by name and counted."
}

# --- commands ----------------------------------------------------------------------------------------------------
export PYTHONPATH="$here${PYTHONPATH:+:$PYTHONPATH}"
export QSG_RENDER_LOOP=basic
[ "${TMPDIR:-}" ] || export TMPDIR=/tmp

offscreen() { export QT_QPA_PLATFORM=offscreen QT_QUICK_BACKEND=software; }

cmd_run() {
    need_run
    if [ -n "${DISPLAY:-}${WAYLAND_DISPLAY:-}" ]; then
        need_packages "the window" $SHOW_PACKAGES || true
        exec .venv/bin/python -m kiosk kiosk "$@"
    fi
    out=${GUICHET_DEMO_OUT:-${XDG_STATE_HOME:-$HOME/.local/state}/guichet/demo}
    say "No display here: the kiosk sells its stories offscreen; the pictures go to $out"
    exec .venv/bin/python -m kiosk demo --out "$out" "$@"
}

cmd_test() {
    need_test
    offscreen
    if [ $# -gt 0 ]; then exec .venv/bin/python -m pytest "$@"; fi
    status=0
    say "== 1/4 domain, store and mappings, with their branches counted"
    rm -f .coverage
    .venv/bin/coverage run -m pytest -q -m "not soak and not bench" tests/unit/kiosk/domain tests/unit/offline_store tests/crash/store/test_store_faults.py tests/unit/kiosk/platforms || status=1
    .venv/bin/coverage report --skip-covered --fail-under=100 --precision=2 \
        --include='kiosk/domain/*,offline_store/*,kiosk/platforms/*/mapping.py' || status=1
    # The server is waited for more than it works: its tests run beside the others and are shown behind them.
    beside=$(mktemp)
    .venv/bin/python -m pytest -q -m "not soak and not bench" tests/pretix >"$beside" 2>&1 &
    pretix=$!
    trap 'kill "$pretix" 2>/dev/null || true; rm -f "$beside"' EXIT
    say "== 2/4 everything else, on both cores"
    .venv/bin/python -m pytest -q -n 2 --dist loadfile -m "not soak and not bench" tests \
        --ignore tests/unit/kiosk/domain --ignore tests/unit/offline_store --ignore tests/unit/kiosk/platforms --ignore tests/crash/store/test_store_faults.py --ignore tests/bench --ignore tests/pretix || status=1
    say "== 3/4 a real pretix, installed and started here"
    wait "$pretix" || status=1
    cat "$beside"
    say "== 4/4 benches: ratios to a named peer in the same run"
    .venv/bin/python -m pytest -q -m "bench and not soak" tests/bench tests/pretix || status=1
    return $status
}

cmd_check() {
    need_test
    offscreen
    status=0
    step() {
        say "== $1"
        shift
        "$@" || status=1
    }
    step "ruff" .venv/bin/ruff check .
    step "ruff format" .venv/bin/ruff format --check --quiet .
    step "mypy --strict" .venv/bin/mypy
    step "import contracts" .venv/bin/lint-imports --no-cache
    step "reference counts of the Qt binding" .venv/bin/python packaging/reference_counts.py
    step "sizes" .venv/bin/python packaging/sizes.py
    step "qmllint with generated types" .venv/bin/python packaging/qml_check.py lint
    step "qmlformat" .venv/bin/python packaging/qml_check.py format
    return $status
}

cmd_screens() {
    need_test
    offscreen
    GUICHET_SCREENS_OUT=$(mkdir -p "${1:-screens-out}" && cd "${1:-screens-out}" && pwd)
    export GUICHET_SCREENS_OUT
    .venv/bin/python -m pytest -q tests/screens
    say "The pictures are in $GUICHET_SCREENS_OUT"
}

cmd_bench() {
    need_test
    offscreen
    .venv/bin/python -m pytest -q -m "bench and not soak" tests/bench tests/pretix -s "$@"
}

cmd_soak() {
    need_test
    need_packages "the soak" $SOAK_PACKAGES || say "What needs them is skipped by name and counted."
    offscreen
    .venv/bin/python packaging/soak.py "$@"
}

cmd_lock() {
    uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml -o requirements/run.txt
    uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 pyproject.toml --group test -c requirements/run.txt -o requirements/test.txt
    uv pip compile -q --generate-hashes --no-emit-index-url --no-header --python-version 3.11 requirements/pretix.in -o requirements/pretix.txt
}

command=${1:-}
[ $# -gt 0 ] && shift
case $command in
run | test | check | screens | bench | soak | lock) "cmd_$command" "$@" ;;
*)
    sed -n '3,10s/^# \{0,1\}//p' do
    exit 2
    ;;
esac
