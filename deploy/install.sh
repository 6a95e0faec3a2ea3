#!/usr/bin/env bash
# Installs Heyi on this host from a built binary, or takes it away again. Safe to repeat.
#
#   deploy/install.sh [--binary PATH] [--prefix /usr/local] [--root DIR] [--dry-run]
#   deploy/install.sh --uninstall [--purge] [--dry-run]
#
# An existing configuration and state are never touched; --purge removes them with the rest.
# --root installs below DIR, as packagers do: no user is made and systemd is left alone.
set -euo pipefail

here=$(cd "$(dirname "$0")" && pwd)
binary=""
prefix=/usr/local
root=""
dry=no
action=install
purge=no

stop() { printf 'install.sh: %s\n' "$1" >&2; exit "${2:-69}"; }
while (($#)); do
    case $1 in
        --binary) binary=${2:?}; shift 2 ;;
        --prefix) prefix=${2:?}; shift 2 ;;
        --root) root=${2:?}; shift 2 ;;
        --dry-run) dry=yes; shift ;;
        --uninstall) action=uninstall; shift ;;
        --purge) purge=yes; shift ;;
        -h | --help) sed -n '2,8s/^# \{0,1\}//p' "$0"; exit 0 ;;
        *) stop "unknown option $1; see --help" 64 ;;
    esac
done

run() {
    if [ "$dry" = yes ]; then printf 'would run: %s\n' "$*"; else "$@"; fi
}
systemd() {
    if [ -z "$root" ] && [ -d /run/systemd/system ]; then run systemctl "$@"; fi
}
[ "$purge" = no ] || [ "$action" = uninstall ] || stop "--purge goes with --uninstall; nothing was done" 64
[ "$dry" = yes ] || [ -n "$root" ] || [ "$(id -u)" -eq 0 ] || stop "run this as root, or with --dry-run to see what it would do" 77

bin=$root$prefix/bin/heyi
unit=$root/etc/systemd/system/heyi.service
sockets=$root/etc/systemd/system/heyi.socket
completions=(
    "bash $root/usr/share/bash-completion/completions/heyi"
    "zsh $root/usr/share/zsh/vendor-completions/_heyi"
    "fish $root/usr/share/fish/vendor_completions.d/heyi.fish"
)

if [ "$action" = uninstall ]; then
    # A second time there is nothing to disable.
    for name in heyi.service heyi.socket; do
        if [ -e "$root/etc/systemd/system/$name" ]; then systemd disable --now "$name"; fi
    done
    run rm -f "$bin" "$unit" "$sockets"
    for entry in "${completions[@]}"; do run rm -f "${entry#* }"; done
    systemd daemon-reload
    if [ "$purge" = yes ]; then
        run rm -rf "$root/etc/heyi" "$root/var/lib/heyi"
        if [ -z "$root" ] && getent passwd heyi >/dev/null; then run userdel heyi; fi
    else
        echo "kept: $root/etc/heyi and $root/var/lib/heyi (remove them with --purge)"
    fi
    exit 0
fi

if [ -z "$binary" ]; then
    for candidate in "$here/heyi" "$here/../.build/release/heyi"; do
        if [ -x "$candidate" ]; then binary=$candidate; break; fi
    done
fi
[ -n "$binary" ] && [ -x "$binary" ] ||
    stop "no binary: build one with 'swift build -c release --static-swift-stdlib --product heyi', or name it with --binary"
libraries=$(ldd "$binary" 2>/dev/null || true)
if grep -q 'not found' <<<"$libraries"; then
    stop "$binary needs libraries this host lacks: $(awk '/not found/ { printf "%s ", $1 }' <<<"$libraries"); apt-get install libcurl4 libsqlite3-0 zlib1g libxml2, or build it with --static-swift-stdlib"
fi
if grep -q libswiftCore <<<"$libraries"; then
    echo "note: $binary needs the Swift libraries in $(dirname "$(awk '/libswiftCore/ { print $3 }' <<<"$libraries")"); the service cannot read homes, and another host has none: --static-swift-stdlib builds one without them" >&2
fi

if [ -z "$root" ]; then
    getent group heyi >/dev/null || run groupadd --system heyi
    getent passwd heyi >/dev/null ||
        run useradd --system --gid heyi --home-dir /var/lib/heyi --no-create-home --shell /usr/sbin/nologin heyi
    run install -d -m 0750 -o root -g heyi /etc/heyi
    run install -d -m 0700 -o root -g root /etc/heyi/credentials
    run install -d -m 0700 -o heyi -g heyi /var/lib/heyi
else
    run install -d -m 0750 "$root/etc/heyi"
fi
# Written beside and renamed, so that a running daemon keeps the file it was started from.
run install -D -m 0755 "$binary" "$bin.new"
run mv -f "$bin.new" "$bin"

if [ ! -e "$root/etc/heyi/heyi.yaml" ]; then
    run install -m 0640 "$here/heyi.example.yaml" "$root/etc/heyi/heyi.yaml"
    if [ -z "$root" ]; then run chgrp heyi /etc/heyi/heyi.yaml; fi
fi
run install -D -m 0644 "$here/heyi.service" "$unit"
# Somebody may have put other addresses there; it is only used once it is enabled.
if [ ! -e "$sockets" ]; then run install -D -m 0644 "$here/heyi.socket" "$sockets"; fi
if [ "$prefix" != /usr/local ]; then run sed -i "s|/usr/local/bin/heyi|$prefix/bin/heyi|" "$unit"; fi
for entry in "${completions[@]}"; do
    file=${entry#* }
    run mkdir -p "$(dirname "$file")"
    if [ "$dry" = yes ]; then
        echo "would write: $file"
    else
        "$binary" completion "${entry%% *}" >"$file"
    fi
done
systemd daemon-reload
if [ -z "$root" ] && [ -d /run/systemd/system ] && systemctl is-active --quiet heyi.service; then
    echo "installed. next: heyi check-config, systemctl restart heyi (with heyi.socket enabled no request fails meanwhile)"
else
    echo "installed. next: edit /etc/heyi/heyi.yaml, heyi check-config, systemctl enable --now heyi"
fi
