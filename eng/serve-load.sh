#!/usr/bin/env bash
# How much the search page's server bears: eng/serve-load.sh RUN [SECONDS] [CONNECTIONS]. Starts a server on the run, asks it as fast as it answers,
# and prints requests, errors, how long they took, and the server's memory at the start, when it is warm, and at the end.
set -euo pipefail

root=$(cd -P "$(dirname "${BASH_SOURCE[0]}")/.." && pwd)
run=${1:?which run? eng/serve-load.sh RUN [SECONDS] [CONNECTIONS]} seconds=${2:-30} connections=${3:-16}
out=$(mktemp)
"$root/genq" serve "$run" --port 0 > "$out" 2>&1 &
server=$!
trap 'kill $server 2> /dev/null || true; rm -f "$out"' EXIT

for _ in $(seq 600); do
  address=$(grep -m1 -o 'http://[^ ]*' "$out" || true)
  [ -n "$address" ] && break
  kill -0 "$server" 2> /dev/null || { cat "$out" >&2; exit 1; }
  sleep .5
done
memory() { awk -v at="$1" '/^VmRSS/ { printf "memory %s: %.0f MB\n", at, $2 / 1024 }' "/proc/$server/status"; }
ask() { dotnet run "$root/eng/serve-load.cs" -- "$address" "$run/passages.jsonl" "$1" "$connections"; }

memory "at the start"
ask 3 > /dev/null
memory "when it is warm"
ask "$seconds"
memory "at the end"
