#!/bin/sh
# Sees that Azurite, Microsoft's emulator of Azure Storage, is in .venv/azurite, for the tests of records on shared storage. On
# Debian and Ubuntu, node and npm are installed when you are root; everywhere else the script says what to install.
set -eu
version=3.37.0
folder=${1:-.venv}/azurite
package=$folder/node_modules/azurite/package.json

is_here() { [ -f "$package" ] && grep -q "\"version\": \"$version\"" "$package" && command -v node >/dev/null; }

has_tools() { command -v node >/dev/null && command -v npm >/dev/null; }

is_here && exit 0
if ! has_tools && [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "azurite: installing nodejs and npm"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends nodejs npm >/dev/null
fi
if has_tools; then
    echo "azurite: installing azurite $version"
    npm install --silent --prefix "$folder" --no-save --no-package-lock --no-audit --no-fund "azurite@$version"
    is_here && exit 0
fi
echo "The tests of records on shared storage need Node.js and npm. On Debian and Ubuntu:" >&2
echo "  sudo apt-get install --no-install-recommends nodejs npm" >&2
echo "On macOS: brew install node" >&2
exit 1
