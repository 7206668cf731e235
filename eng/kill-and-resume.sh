#!/usr/bin/env bash
# Kills a run with SIGKILL while it generates and again while it trains, lets it finish, and compares its pairs and weights
# with those of a run that was left alone. Usage: eng/kill-and-resume.sh [fp32|bf16]. Tiny random models: a minute or two.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
golden=tests/Golden/checkpoints

# 450 short texts, 45 of them held out, are 1,215 pairs in two files. A passage's queries train together, so an epoch has 16 steps.
mkdir "$work/docs"
for i in $(seq 450); do echo "Text number $i says what is to be done with part $i of the machine." > "$work/docs/$i.txt"; done
run() { ./genq run "$work/docs" -o "$work/$1" --generator $golden/t5-tiny --base $golden/mpnet-tiny --set training.epochs=20 training.checkpoint-every=50 \
  --precision "${precision}" --threads 1 --json > "$work/$1.json" 2> "$work/$1.log"; }
precision=${1:-fp32}

killed_when() { # the file whose appearance is the moment
  run killed & local pid=$!
  until [ -e "$work/killed/$1" ]; do
    kill -0 $pid 2> /dev/null || { echo "the run ended before $1 was there" >&2; cat "$work/killed.log" >&2; exit 1; }
    sleep 0.05
  done
  pkill -9 -f "$work/killed" || true
  wait $pid 2> /dev/null || true
  echo "killed when $1 was there"
}

run whole
killed_when pairs/pairs_0000.tsv
killed_when checkpoints/checkpoint.safetensors
run killed
for file in pairs/pairs_0000.tsv pairs/pairs_0001.tsv pairs/pairs_0000.jsonl model/model.safetensors; do
  cmp "$work/whole/$file" "$work/killed/$file"
done
[ "$(wc -l < "$work/whole/training.jsonl")" -eq "$(wc -l < "$work/killed/training.jsonl")" ]
echo "the same pairs and the same weights ($precision)"
