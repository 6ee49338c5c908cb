#!/bin/sh
# For Bookworm, which has no cloud-init: started once by systemd.run= in cmdline.txt.
set -eu
CARD=/boot/firmware/cheongsa
install -m 644 "$CARD/cheongsa-first-boot.service" /etc/systemd/system/
systemctl enable cheongsa-first-boot.service
hostnamectl set-hostname "$(cat "$CARD/hostname")" 2>/dev/null || cp "$CARD/hostname" /etc/hostname
if [ -s "$CARD/wifi.nmconnection" ]; then
  install -m 600 "$CARD/wifi.nmconnection" /etc/NetworkManager/system-connections/cheongsa.nmconnection
  raspi-config nonint do_wifi_country "$(cat "$CARD/wifi-country")"
fi
sed -i 's# systemd\.[^ ]*##g' /boot/firmware/cmdline.txt
