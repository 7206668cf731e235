#!/usr/bin/env bash
# Measures all-MiniLM-L6-v2 and BM25 on the eight labelled sets beside the project, for comparison with the table in
# ../shared/README.md. Arguments are passed on to genq evaluate (for example --precision fp32).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data/retrieval model=../shared/models/all-MiniLM-L6-v2
sets="selqa wikiqa medline cranfield squad-dev covidqa perl-docs python-docs"
# shellcheck disable=SC2086 # a list of words
source eng/require-shared.sh "$model/model.safetensors" $(printf "$data/%s/corpus.jsonl " $sets)

for set in $sets; do
  ./genq evaluate --beir "$data/$set" --model "$model" --json "$@" 2> /dev/null
done
