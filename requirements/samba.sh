#!/bin/sh
# Sees that this computer can start a Samba AD domain controller in a network namespace of its own, for `make samba`. On Debian
# and Ubuntu it installs what is missing when you are root; everywhere else it says what is needed.
set -eu
packages="samba samba-ad-dc samba-ad-provision samba-dsdb-modules samba-vfs-modules ldb-tools python3-samba iproute2 util-linux"

missing() {
    for tool in samba samba-tool ldbmodify ip unshare; do
        command -v "$tool" >/dev/null || echo "$tool"
    done
}

if [ "$(id -u)" != 0 ]; then
    echo "make samba must be run as root: a domain controller runs as root, in a network namespace of its own." >&2
    exit 1
fi
if [ -n "$(missing)" ] && command -v apt-get >/dev/null; then
    echo "samba: installing $packages"
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -qq -y --no-install-recommends $packages >/dev/null
fi
wanted=$(missing | xargs)
[ -n "$wanted" ] || exit 0
echo "The comparison with Samba needs what is not here: $wanted" >&2
exit 1
