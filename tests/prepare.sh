#!/bin/sh
# Installs what the tests need beyond Python where it may, and says plainly what it could not.
set -u
cd "$(dirname "$0")/.."
missing=""
command -v chromium >/dev/null 2>&1 || missing="$missing chromium"
fc-list 2>/dev/null | grep -qi "noto.*cjk" || missing="$missing fonts-noto-cjk fonts-nanum fontconfig"
[ -x /usr/sbin/mosquitto ] || command -v mosquitto >/dev/null 2>&1 || missing="$missing mosquitto"
command -v ffmpeg >/dev/null 2>&1 || missing="$missing ffmpeg"
[ -n "$missing" ] || exit 0
if [ "$(id -u)" = 0 ] && command -v apt-get >/dev/null 2>&1; then
  echo "Installing for the tests:$missing"
  apt-get update -qq && DEBIAN_FRONTEND=noninteractive apt-get install -y -qq $missing >/dev/null 2>&1 && exit 0
fi
case "$missing" in
  *chromium*) .venv/bin/playwright install chromium 2>/dev/null || true ;;
esac
echo "Some tests may skip. To run all of them: sudo apt-get install$missing"
exit 0
