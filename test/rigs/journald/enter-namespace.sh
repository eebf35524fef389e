#!/bin/sh
# Holds a mount namespace with a journal of its own until standard input ends; private-journald.ts runs it as
#   unshare --mount --propagation slave sh enter-namespace.sh FOLDER
# In it, /run/systemd and /run/log are new (journald wants tmpfs there), /var/log/journal is FOLDER/journal, and machine
# and boot id come from files in FOLDER. `slave`: mounts made here never leak out.
set -eu
folder=$1
mount -t tmpfs -o mode=755 tmpfs "$folder/run"
mkdir -p "$folder/run/systemd/journal" "$folder/run/systemd/journald.conf.d" "$folder/run/systemd/units" "$folder/run/log/journal"
cp "$folder/journald.conf" "$folder/run/systemd/journald.conf.d/private.conf"
for name in systemd log; do
  mkdir -p "/run/$name"
  mount --bind "$folder/run/$name" "/run/$name"
done
# A host without this folder must not get one: its own journald would begin to fill it.
[ -d /var/log/journal ] || { mount -t tmpfs -o mode=755 tmpfs /var/log && mkdir /var/log/journal; }
mount --bind "$folder/journal" /var/log/journal
mount --bind "$folder/machine-id" /etc/machine-id
mount --bind "$folder/boot-id" /proc/sys/kernel/random/boot_id
echo ready
exec cat >/dev/null
