#!/usr/bin/env bash
# Holds model folders against sentence-transformers, packed beside the project: a folder that GenQ wrote is opened there, the
# same model written by version 6 is opened here, and the vectors are compared. interoperability.sh MODEL [TEXTS.jsonl]
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
peers=../shared/peers
source eng/require-shared.sh "$peers"/{unpack.sh,peers-py311.tar.xz,check_model.py}
model=${1:?usage: interoperability.sh MODEL [TEXTS.jsonl]}

scratch=$(mktemp -d)
trap 'rm -rf "$scratch"' EXIT
texts=${2:-$scratch/texts.jsonl}
[ $# -gt 1 ] || cut -f2 samples/pairs.tsv | sort -u | sed 's/[\\"]/\\&/g; s/^/"/; s/$/"/' > "$texts"
python=$("$peers/unpack.sh")

./genq embed --model "$model" --json-lines --precision fp32 < "$texts" > "$scratch/own.jsonl"
echo "written by GenQ, read by sentence-transformers:"
env $python "$peers/check_model.py" "$model" "$texts" "$scratch/own.jsonl"

env $python "$peers/check_model.py" "$model" --save-v6 "$scratch/v6"
./genq embed --model "$scratch/v6" --json-lines --precision fp32 < "$texts" > "$scratch/v6.jsonl"
echo "written by sentence-transformers 6, read by GenQ:"
env $python "$peers/check_model.py" "$model" "$texts" "$scratch/v6.jsonl"
