#!/usr/bin/env bash
# Runs the stages of a run one by one and prints the time and the peak memory of each: peak-memory.sh RUN OPTIONS OF GENQ RUN…
# For example: peak-memory.sh runs/memory docs --preset mini. Needs GNU time.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
run=${1:?usage: peak-memory.sh RUN OPTIONS OF GENQ RUN…}
shift
measure=$(mktemp)
trap 'rm -f "$measure"' EXIT
printf '%-10s %10s %10s\n' stage seconds MB

stage() {
  local name=$1
  /usr/bin/time -o "$measure" -f '%e %M' ./genq "$@" > "$measure.log" 2>&1 || { cat "$measure.log" >&2; exit 1; }
  awk -v name="$name" '{ printf "%-10s %10.1f %10.0f\n", name, $1, $2 / 1024 }' "$measure"
  rm -f "$measure.log"
}

stage passages "$@" -o "$run"
stage generate "$run"
stage filter "$run"
stage train "$run"
stage index "$run"
stage evaluate "$run"
