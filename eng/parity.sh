#!/usr/bin/env bash
# Measures all-MiniLM-L6-v2 and BM25 on the eight labelled sets beside the project, for comparison with the table in
# ../shared/README.md. Arguments are passed on to genq evaluate (for example --precision fp32).
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data/retrieval
if [ ! -d "$data" ]; then
  echo "$data is missing: there is nothing to measure on" >&2
  exit 1
fi

for set in selqa wikiqa medline cranfield squad-dev covidqa perl-docs python-docs; do
  ./genq evaluate --beir "$data/$set" --model ../shared/models/all-MiniLM-L6-v2 --json "$@" 2> /dev/null
done
