#!/usr/bin/env bash
# A labelled retrieval set in BEIR's layout of a run over .NET documentation: label.sh RUN OUTPUT. The questions and the members that answer them
# (a trailing * stands for all overloads) are in questions.tsv; they were written before any search was made. Questions whose members the run did
# not read are left out. Then: genq evaluate --beir OUTPUT --model RUN/model, or genq run … --labelled OUTPUT.
set -euo pipefail
here=$(dirname "${BASH_SOURCE[0]}")
run=${1:?usage: label.sh RUN OUTPUT} output=${2:?usage: label.sh RUN OUTPUT}
mkdir -p "$output/qrels"
cp "$run/passages.jsonl" "$output/corpus.jsonl"
sed -n 's/^{"_id":"\([^"]*\.xml#[^"]*\)",.*/\1/p' "$run/passages.jsonl" > "$output/ids.partial"
awk -F'\t' -v queries="$output/queries.jsonl" -v qrels="$output/qrels/test.tsv" '
  BEGIN { print "query-id\tcorpus-id\tscore" > qrels; printf "" > queries }
  FNR == NR { name = $0; sub(/^[^#]*#/, "", name); sub(/#[0-9]+$/, "", name); ids[++count] = $0; names[count] = name; next }
  {
    parts = split($2, member, " "); found = 0
    for (i = 1; i <= count; i++) {
      for (m = 1; m <= parts; m++) {
        stem = member[m]; isPrefix = sub(/\*$/, "", stem)
        if (names[i] == stem || (isPrefix && index(names[i], stem) == 1)) { print FNR "\t" ids[i] "\t1" > qrels; found++; break }
      }
    }
    if (!found) next
    text = $1; gsub(/["\\]/, "\\\\&", text)
    print "{\"_id\": \"" FNR "\", \"text\": \"" text "\"}" > queries
    asked++; answers += found
  }
  END { printf "%d questions, %d answers\n", asked, answers }' "$output/ids.partial" "$here/questions.tsv"
rm "$output/ids.partial"
