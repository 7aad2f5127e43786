#!/bin/sh
# Sees that this computer has what the browser tests need. On Debian and Ubuntu it installs what is missing when you are root;
# everywhere else it says what to install.
set -eu
packages="chromium fonts-dejavu-core poppler-utils"

missing() {
    for browser in chromium chromium-browser google-chrome; do
        command -v "$browser" >/dev/null && found=$browser
    done
    [ -n "${found:-}" ] || echo chromium
    command -v pdftoppm >/dev/null || echo pdftoppm
}

wanted=$(missing | xargs)
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "browser: installing $packages"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
    wanted=$(missing | xargs)
    [ -n "$wanted" ] || exit 0
fi
echo "The browser tests need what is not here: $wanted" >&2
echo "Install Chromium or Google Chrome, and Poppler, then run make again. On Debian:" >&2
echo "  sudo apt-get install --no-install-recommends $packages" >&2
echo "On macOS: brew install --cask google-chrome and brew install poppler; put the browser on the PATH as google-chrome." >&2
exit 1
