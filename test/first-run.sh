#!/usr/bin/env bash
# What the README promises a newcomer: a clean copy, `npm ci && npm start`, a link to click, a first run with mosquitto_pub, and it is there.
set -euo pipefail
command -v mosquitto_pub >/dev/null || { echo 'skipped: mosquitto_pub is not installed'; exit 0; }
copy=$(mktemp -d)
started=
cleanup() { if [ -n "$started" ]; then kill "$started" 2>/dev/null || true; wait "$started" 2>/dev/null || true; fi; rm -rf "$copy"; }
trap cleanup EXIT
git clone -q . "$copy/trapline"
cd "$copy/trapline"
npm ci --silent --no-progress
export TRAPLINE_MQTT_PORT=${TRAPLINE_MQTT_PORT:-21883} TRAPLINE_HTTP_PORT=${TRAPLINE_HTTP_PORT:-23000}
npm start >start.log 2>&1 &
started=$!
for _ in $(seq 120); do grep -q '/first-start#' start.log && break; sleep 0.5; done
key=$(sed -n 's/.*API key (admin) *//p' start.log)
password=$(sed -n 's/.*user trap-1 *password *//p' start.log)
[ -n "$key" ] && [ -n "$password" ] || { cat start.log; echo 'FAILED: it did not start'; exit 1; }

node -e "require('sharp')({create:{width:64,height:64,channels:3,background:'#c80'}}).jpeg().toFile('insect.jpg')"
login=(-h 127.0.0.1 -p "$TRAPLINE_MQTT_PORT" -u trap-1 -P "$password" -q 1)
mosquitto_pub "${login[@]}" -t traps/v1/trap-1/runs/run-1/crops/0001 -f insect.jpg
mosquitto_pub "${login[@]}" -t traps/v1/trap-1/runs/run-1/end -m '{"v":1,"status":"complete","end":"2026-06-01T10:00:00Z","crops":1}'
# Reads all of it: curl fails where its reader has seen enough and is gone.
has() { grep -F "$1" >/dev/null; }
api="http://127.0.0.1:$TRAPLINE_HTTP_PORT/api/v1"
# The last line of a start is a link; it logs in once, and the pages are there. What happens later is logged below it.
link=$(grep -o 'http[^ ]*/first-start#.*' start.log)
curl -fsS "${link%%#*}" | has '<title>'
open_link() { curl -sS -o /dev/null -w '%{http_code}' -H 'X-Trapline: test' -H 'Content-Type: application/json' -d "{\"token\":\"${link#*#}\"}" "$api/session/link"; }
[ "$(open_link)" = 200 ] && [ "$(open_link)" = 401 ]
curl -fsS -H "Authorization: Bearer $key" "$api/runs" | has '"runId":"run-1"'
curl -fsS -H "Authorization: Bearer $key" "$api/runs/trap-1/run-1/crops/0001" | cmp - insect.jpg
# The demo model answers at once, whatever the picture is.
for _ in $(seq 60); do curl -fsS -H "Authorization: Bearer $key" "$api/runs/trap-1/run-1" | has '"model":"demo-1"' && break; sleep 0.5; done
curl -fsS -H "Authorization: Bearer $key" "$api/runs/trap-1/run-1" | has '"model":"demo-1"'
echo 'the first run is listed, has an observation, and its picture came back byte for byte'
