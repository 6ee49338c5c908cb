#!/bin/sh
# Makes a camera node out of a fresh Raspberry Pi OS (Bookworm or Trixie, 64-bit). Run as root by
# cheongsa-first-boot.service until it has worked once; every step may be repeated.
#
#   first-boot.sh [STEP...]    all of them, in order, without a name
#
# CARD is the folder that the hub filled; ROOT is put before every path that is written.
set -eu
CARD="${CARD:-/boot/firmware/cheongsa}"
ROOT="${ROOT:-}"
PROGRAM="$ROOT/opt/cheongsa"
SETTINGS="$ROOT/etc/cheongsa"
DATA="$ROOT/var/lib/cheongsa-edge"
BOOT="$ROOT/boot/firmware"
SYSTEM_SECTORS=16777216 LEAST_SECTORS=10485760 KEPT_SECTORS=2097152 # 8, 5 and 1 GiB
PACKAGES="python3-venv python3-picamera2 python3-lgpio nftables chrony overlayroot"
# shellcheck source=/dev/null
. "$CARD/node.conf" # HUB_URL RELEASE MADE_AT_S APT_MIRROR MODEL MODEL_SHA256

# The card is the one thing that a person without a terminal can read.
say() {
  printf '%s\n' "$*" | tee -a "$CARD/status.txt" >&2
}

fail() {
  say "멈췄어요: $*"
  exit 1
}

NO_MODEL="허브에서 사람 찾는 모델을 받지 못했어요. 허브에서 node-files를 다시 만들고 카드도 다시 만드세요."
FETCH='import shutil, ssl, sys, urllib.request as web
hub = ssl.create_default_context(cafile=sys.argv[1])
with web.urlopen(sys.argv[2], context=hub, timeout=60) as whole, open(sys.argv[3], "wb") as kept:
    shutil.copyfileobj(whole, kept)'

# --- the steps

believe_the_card() { # a Pi has no clock of its own; TLS needs one that is not years behind
  [ "$(date -u +%s)" -ge "$MADE_AT_S" ] || date -u -s "@$MADE_AT_S" >/dev/null
}

know_the_hub() { # no name server is asked later: the firewall lets nothing else out
  grep -v '# cheongsa$' "$ROOT/etc/hosts" > "$ROOT/etc/hosts.new" || true
  sed 's/$/ # cheongsa/' "$CARD/hosts" >> "$ROOT/etc/hosts.new"
  mv "$ROOT/etc/hosts.new" "$ROOT/etc/hosts"
}

lock_passwords() { # and nobody is asked to make one at the screen
  awk -F: '$3 == 0 || $3 >= 1000 { print $1 }' /etc/passwd | while read -r name; do
    passwd --lock "$name" >/dev/null
  done
  systemctl disable userconfig.service 2>/dev/null || true
}

set_ssh() { # off, unless a key came with the card; never by password
  if [ ! -s "$CARD/authorized_keys" ]; then
    systemctl disable --now ssh.service ssh.socket 2>/dev/null || true
    return 0
  fi
  id office >/dev/null 2>&1 || useradd --create-home --shell /bin/bash office
  install -d -m 700 -o office -g office /home/office/.ssh
  install -m 600 -o office -g office "$CARD/authorized_keys" /home/office/.ssh/authorized_keys
  echo 'office ALL=(ALL) NOPASSWD:ALL' > /etc/sudoers.d/010-cheongsa
  chmod 440 /etc/sudoers.d/010-cheongsa
  install -D -m 644 "$CARD/sshd.conf" "$ROOT/etc/ssh/sshd_config.d/10-cheongsa.conf"
  systemctl enable --now ssh.service
}

give_room() { # root grows to 8 GiB, a small partition behind it holds what must be kept
  root=$(findmnt -no SOURCE /)
  disk="/dev/$(lsblk -no PKNAME "$root")"
  if part_the_card "$disk"; then
    partx --update "$disk"
    resize2fs "$root" >/dev/null 2>&1
    blkid -L cheongsa >/dev/null || mkfs.ext4 -q -L cheongsa "$(last_part_of "$disk")"
    grep -q '^LABEL=cheongsa ' /etc/fstab ||
      echo "LABEL=cheongsa /var/lib/cheongsa-edge ext4 defaults,noatime,nofail 0 2" >> /etc/fstab
    mkdir -p "$DATA"
    mountpoint -q "$DATA" || mount "$DATA"
  else
    say "카드에 따로 쓸 자리가 없어서 전체를 쓰기로 두었어요. 정전에 조금 약해요."
  fi
}

part() { part_the_card "${TO_PART:?}"; } # alone, for a card in a reader

part_the_card() { # a disk, or a file like one; no: there is no room any more
  [ "$(parts_of "$1")" -lt 3 ] || return 0
  start=$(sfdisk --json "$1" | field start 2)
  room=$(( $(sectors_of "$1") - start - KEPT_SECTORS - 1048576 )) # 512 MiB stay unused
  system=$(( room < SYSTEM_SECTORS ? room : SYSTEM_SECTORS ))
  [ "$system" -ge "$LEAST_SECTORS" ] || return 1
  [ "$system" -ge "$(sfdisk --json "$1" | field size 2)" ] || return 1 # it took all the card
  echo "$start,$system" | sfdisk --quiet --no-reread --force -N 2 "$1"
  echo ",$KEPT_SECTORS,L" | sfdisk --quiet --no-reread --force --append "$1"
}

sectors_of() {
  if [ -b "$1" ]; then blockdev --getsz "$1"; else echo $(( $(stat -c %s "$1") / 512 )); fi
}

parts_of() { sfdisk --json "$1" | grep -c '"node"'; }

last_part_of() { sfdisk --json "$1" | sed -n 's/.*"node": *"\([^"]*\)".*/\1/p' | tail -n 1; }

field() { # NAME of the Nth partition
  sed -n "s/.*\"$1\": *\([0-9]*\).*/\1/p" | sed -n "$2p"
}

get_packages() {
  missing=""
  for name in $PACKAGES; do
    dpkg -s "$name" >/dev/null 2>&1 || missing="$missing $name"
  done
  [ -n "$missing" ] || return 0
  [ -z "$APT_MIRROR" ] || use_mirror
  # shellcheck disable=SC2086 # a list of names
  { apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends $missing; } ||
    fail "프로그램을 받지 못했어요:$missing. 인터넷이 없으면 청 안의 데비안 저장소(HUB_NODE_APT_MIRROR)를 허브에 적고 카드를 다시 만드세요."
}

use_mirror() { # the same archives under another address
  for file in "$ROOT"/etc/apt/sources.list "$ROOT"/etc/apt/sources.list.d/*; do
    [ ! -f "$file" ] || sed -i -E "s#https?://(deb\.debian\.org|security\.debian\.org|archive\.raspberrypi\.com|raspbian\.raspberrypi\.com)#$APT_MIRROR#" "$file"
  done
}

make_user() {
  getent group gpio >/dev/null || groupadd --system gpio
  id cheongsa-edge >/dev/null 2>&1 || useradd --system --home-dir /var/lib/cheongsa-edge \
    --shell /usr/sbin/nologin cheongsa-edge
  usermod --append --groups video,gpio cheongsa-edge
  install -d -m 700 -o cheongsa-edge -g cheongsa-edge "$DATA"
}

get_program() { # every file from the hub, each with the hash that the hub's page names
  from="$HUB_URL/api/v1/node-files/$RELEASE/"
  [ -x "$PROGRAM/venv/bin/python" ] || python3 -m venv --system-site-packages "$PROGRAM/venv"
  "$PROGRAM/venv/bin/pip" install --quiet --disable-pip-version-check --no-cache-dir \
    --no-index --find-links "$from" --cert "$CARD/hub-ca.pem" 'cheongsa[edge]' ||
    fail "허브에서 프로그램을 받지 못했어요. 허브 주소($HUB_URL)가 이 자리에서 열리는지, 허브에서 node-files를 만들었는지 보세요."
}

get_model() { # its hash came with the card
  mkdir -p "$PROGRAM/model"
  python3 -c "$FETCH" "$CARD/hub-ca.pem" "$HUB_URL/api/v1/node-files/models/$MODEL" \
    "$PROGRAM/model/$MODEL" || fail "$NO_MODEL"
  echo "$MODEL_SHA256  $PROGRAM/model/$MODEL" | sha256sum --check --quiet || fail "$NO_MODEL"
  case "$MODEL" in *.tar) tar -C "$PROGRAM/model" -xf "$PROGRAM/model/$MODEL" ;; esac
}

set_program() {
  install -D -m 644 "$CARD/hub-ca.pem" "$SETTINGS/hub-ca.pem"
  install -D -m 640 "$CARD/edge.env" "$SETTINGS/edge.env"
  [ ! -f "$CARD/code" ] || install -D -m 640 "$CARD/code" "$SETTINGS/code"
  [ -n "$ROOT" ] || chgrp cheongsa-edge "$SETTINGS/edge.env" "$SETTINGS/code"
  install -D -m 644 "$CARD/cheongsa-edge.service" "$ROOT/etc/systemd/system/cheongsa-edge.service"
}

set_system() {
  install -D -m 644 "$CARD/chrony.conf" "$ROOT/etc/chrony/chrony.conf"
  install -D -m 644 "$CARD/time.sources" "$ROOT/etc/chrony/sources.d/cheongsa.sources"
  install -D -m 644 "$CARD/journald.conf" "$ROOT/etc/systemd/journald.conf.d/cheongsa.conf"
  install -D -m 644 "$CARD/watchdog.conf" "$ROOT/etc/systemd/system.conf.d/cheongsa.conf"
  grep -q '^# cheongsa$' "$BOOT/config.txt" || cat "$CARD/config.txt" >> "$BOOT/config.txt"
}

shut_doors() { # last: what came before needs the network
  install -D -m 644 "$CARD/hub.nft" "$ROOT/etc/nftables/cheongsa-hub.nft"
  install -D -m 644 "$CARD/nftables.conf" "$ROOT/etc/nftables.conf"
  systemctl enable nftables.service
}

end_well() {
  rm -f "$CARD/code" # spent, or soon; the node has its copy
  systemctl enable chrony.service cheongsa-edge.service
  if grep -q '^LABEL=cheongsa ' /etc/fstab; then
    raspi-config nonint do_overlayfs 0
    # only the root: what is mounted below it stays what it is
    sed -i 's/overlayroot=tmpfs\( \|$\)/overlayroot=tmpfs:recurse=0\1/' "$BOOT/cmdline.txt"
  fi
  systemctl disable cheongsa-first-boot.service
  say "다 되었어요. 다시 켜지면 등록하고 세기 시작해요."
  systemctl reboot
}

if [ "$#" -eq 0 ]; then
  : > "$CARD/status.txt"
  say "첫 준비를 시작했어요."
  set -- believe_the_card know_the_hub lock_passwords set_ssh give_room get_packages make_user \
    get_program get_model set_program set_system shut_doors end_well
fi
for step in "$@"; do
  "$step"
done
