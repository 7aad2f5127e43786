#!/bin/sh
# Sees that this computer can build and run what the Kerberos tests need. On Debian and Ubuntu it installs what is missing
# when you are root; everywhere else it says what to install. Usage: kerberos.sh PYTHON
set -eu
python=$1
# Debian and Homebrew keep the programs of the KDC where a plain user's path does not lead.
PATH=$PATH:/usr/sbin:/usr/lib/mit/sbin:/opt/homebrew/opt/krb5/sbin:/usr/local/opt/krb5/sbin
packages="krb5-kdc krb5-admin-server krb5-user libkrb5-dev gcc libc6-dev"

missing() {
    for tool in krb5kdc kdb5_util kadmin.local kinit kvno krb5-config cc; do
        command -v "$tool" >/dev/null || echo "$tool"
    done
    "$python" -c 'import os, sysconfig; print("" if os.path.exists(sysconfig.get_path("include") + "/Python.h") else "Python.h")'
}

wanted=$(missing | xargs)
[ -n "$wanted" ] || exit 0
case $wanted in *Python.h*) packages="$packages python3-dev" ;; esac
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null; then
    echo "kerberos: installing $packages"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
    wanted=$(missing | xargs)
    [ -n "$wanted" ] || exit 0
fi
echo "The Kerberos tests need what is not here: $wanted" >&2
echo "Install MIT Kerberos with its KDC and headers, and a C compiler, then run make again. On Debian and Ubuntu:" >&2
echo "  sudo apt-get install --no-install-recommends $packages" >&2
echo "On macOS: brew install krb5" >&2
exit 1
