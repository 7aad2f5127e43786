#!/bin/sh
# Sees that SoftHSM is here, for the tests that sign with a key on a token. On Debian and Ubuntu it is installed when you are
# root; everywhere else the script says what to install.
set -eu
is_here() {
    command -v softhsm2-util >/dev/null && ls /usr/lib/softhsm/libsofthsm2.so /opt/homebrew/lib/softhsm/libsofthsm2.so \
        /usr/local/lib/softhsm/libsofthsm2.so 2>/dev/null | grep -q .
}

is_here && exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "softhsm: installing softhsm2"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends softhsm2 >/dev/null
    is_here && exit 0
fi
echo "The tests that sign over PKCS#11 need SoftHSM 2. On Debian and Ubuntu:" >&2
echo "  sudo apt-get install --no-install-recommends softhsm2" >&2
echo "On macOS: brew install softhsm" >&2
exit 1
