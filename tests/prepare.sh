#!/bin/sh
# Installs what the tests need beyond Python where it may, and says plainly what it could not.
set -u
cd "$(dirname "$0")/.."
PATH="$PATH:/usr/sbin:/sbin"

missing() {
  command -v chromium >/dev/null 2>&1 || echo chromium
  fc-list 2>/dev/null | grep -qi "noto.*cjk" || echo fontconfig fonts-noto-cjk fonts-nanum
  command -v mosquitto >/dev/null 2>&1 || echo mosquitto
  command -v ffmpeg >/dev/null 2>&1 || echo ffmpeg
  [ "$(uname)" != Linux ] || command -v faketime >/dev/null 2>&1 || echo faketime
  command -v openssl >/dev/null 2>&1 || echo openssl
  command -v systemd-analyze >/dev/null 2>&1 || echo systemd
  command -v nginx >/dev/null 2>&1 || echo nginx-light
  command -v curl >/dev/null 2>&1 || echo curl
  command -v cloud-init >/dev/null 2>&1 || echo cloud-init
  command -v nft >/dev/null 2>&1 || echo nftables
  command -v chronyd >/dev/null 2>&1 || echo chrony
  command -v shellcheck >/dev/null 2>&1 || echo shellcheck
  [ "$(uname)" != Linux ] || command -v busybox >/dev/null 2>&1 || echo busybox
  command -v sfdisk >/dev/null 2>&1 || echo fdisk
  command -v softhsm2-util >/dev/null 2>&1 || echo softhsm2
  command -v promtool >/dev/null 2>&1 || echo prometheus
}

wanted=$(missing | tr '\n' ' ')
[ -n "$wanted" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests: $wanted"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $wanted >/dev/null 2>&1
else
  case "$wanted" in
    *chromium*) .venv/bin/playwright install chromium >/dev/null 2>&1 && echo "Took playwright's own Chromium." ;;
  esac
fi
left=$(missing | tr '\n' ' ')
[ -z "$left" ] || echo "Some tests may skip, and say so. To run all of them: sudo apt-get install $left"
exit 0
