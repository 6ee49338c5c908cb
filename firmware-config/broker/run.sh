#!/bin/sh
# mosquitto, with what the keeper writes for it (`python -m hub ca keep`): started when all of it
# is there, told by SIGHUP when some of it has changed. It then reads its certificate, the CA and
# the list of revoked nodes again. Who is connected stays: `ingest` hangs up on whom was revoked.
set -u
config="${CONFIG:-/mosquitto/config}"
pki="${PKI:-/mosquitto/pki}"
broker=""

all_there() {
  for name in ca.pem broker.pem broker.key revoked.pem; do
    [ -s "$pki/$name" ] || return 1
  done
}

stamp() { # what is half written begins with a dot
  cat "$pki"/*.pem "$pki"/*.key | cksum
}

rest() { # a signal ends it at once, unlike a plain sleep
  sleep 1 &
  wait "$!"
}

leave() {
  [ -n "$broker" ] || exit 0
  kill -TERM "$broker" 2>/dev/null
  wait "$broker"
  exit "$?"
}

trap leave TERM INT
all_there || echo "waiting for the keeper to write into $pki"
until all_there; do rest; done

seen=$(stamp)
mosquitto -c "$config/mosquitto.conf" &
broker=$!
trap 'kill -HUP "$broker"' HUP
while kill -0 "$broker" 2>/dev/null; do
  rest
  [ "$(stamp)" != "$seen" ] || continue
  rest # a key and its certificate are two files
  seen=$(stamp)
  kill -HUP "$broker"
done
wait "$broker"
