#!/usr/bin/env bash
# Does adaptation help? Adapts to the corpus of each retrieval set and measures on the set's labelled queries, which no stage of the
# adaptation sees: adaptation.sh WORK NAME [OPTIONS of genq run]. SETS chooses the sets, AVERAGES the shares of the base's
# weights to try afterwards. What is finished in WORK/NAME is not done again; the table (nDCG@10) ends with the means.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data/retrieval
sets=${SETS:-selqa medline cranfield squad-dev wikiqa covidqa perl-docs python-docs}
# shellcheck disable=SC2086 # a list of words
source eng/require-shared.sh $(printf "$data/%s/corpus.jsonl " $sets)
work=${1:?usage: adaptation.sh WORK NAME [OPTIONS]} name=${2:?usage: adaptation.sh WORK NAME [OPTIONS]}
shift 2
averages=${AVERAGES-0.25 0.5 0.75}
base=models/genq-mini-mpnet
for ((i = 1; i < $#; i++)); do
  if [ "${!i}" = --base ]; then next=$((i + 1)) && base=${!next}; fi
done

for set in $sets; do
  run=$work/$name/$set
  mkdir -p "$run"
  [ -f "$run/report/report.json" ] || ./genq run --beir "$data/$set" -o "$run" "$@" > "$run/log" 2>&1
  models=()
  for share in $averages; do
    [ -f "$run/average-$share/model.safetensors" ] || ./genq average "$run/model" "$base" --share "$share" -o "$run/average-$share" > /dev/null
    models+=(--model "$run/average-$share")
  done
  if [ -n "$averages" ] && [ ! -f "$run/averages.json" ]; then
    ./genq evaluate --beir "$data/$set" "${models[@]}" --json > "$run/partial" 2> /dev/null
    mv "$run/partial" "$run/averages.json"
  fi
done

# One line for each model and measure, then a column for each set.
for set in $sets; do
  run=$work/$name/$set
  { cat "$run/report/report.json" "$run/averages.json" 2> /dev/null || true; } | tr ',{' '\n\n' | awk -v set="$set" -F'"' '
    $2 == "model" { model = $4; sub(/.*\//, "", model); keep = $4 !~ /^hybrid\(.*\// }
    $2 == "ndcg@10" && keep { sub(/[: ]+/, "", $3); print set "\t" model "\t" $3 }'
done | awk -F'\t' -v sets="$sets" '
  { if (!($2 in order)) { order[$2] = ++models; names[models] = $2 } value[$2, $1] = $3 }
  END {
    count = split(sets, set, " ")
    printf "|"; for (s = 1; s <= count; s++) printf " | %s", set[s]; print " | mean |"
    printf "|---"; for (s = 0; s <= count; s++) printf "|---"; print "|"
    for (m = 1; m <= models; m++) {
      printf "| %s", names[m]; sum = 0
      for (s = 1; s <= count; s++) { printf " | %.4f", value[names[m], set[s]]; sum += value[names[m], set[s]] }
      printf " | %.4f |\n", sum / count
    }
  }'
