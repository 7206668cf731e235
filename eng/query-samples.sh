#!/usr/bin/env bash
# Shows what the generator writes, unselected: 50 queries of a run, evenly spaced over its pairs but for those that were left empty or have one word,
# and how many there are of these, or are written twice for a passage. query-samples.sh RUN...
set -euo pipefail
[ $# -gt 0 ] || { echo "usage: query-samples.sh RUN..." >&2; exit 2; }
for run in "$@"; do
  paste <(cat "$run"/pairs/*.jsonl) <(cat "$run"/pairs/*.tsv) | awk -F'\t' -v run="$(basename "$run")" '
    index($1, "\"kind\":\"generated\"") { query = $2; passage = $1; sub(/","sample".*/, "", passage)
      written++
      if (query !~ /[^ ]/) { empty++; next }
      if (query !~ /[^ ] +[^ ]/) { single++; next }
      if (seen[passage, query]++) twice++
      queries[++count] = query }
    END {
      printf "## %s\n\n%d generated queries; %.1f %% of them repeat another of their passage, %d are empty, %d have one word.\n\n", run, written, 100 * twice / written, empty, single
      for (i = 0; i < 50; i++) print "* " queries[1 + int(i * count / 50)]
      print ""
    }'
done
