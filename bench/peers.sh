#!/usr/bin/env bash
# The same work in GenQ, Hugging Face transformers and CTranslate2 on this machine, one after the other in each round, so that all see the same
# neighbours: bench/peers.sh [ROUNDS]. MPNet-base and T5-base sizes, random weights, two threads; prints medians and GenQ's
# ratios to them, in the precision it chooses and with int8.
# Needs ../shared/peers, Python 3.11 and a machine with nothing else to do. Five rounds take half an hour, with AVX2 alone nearly an hour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
rounds=${1:-5}
peers=../shared/peers
source eng/require-shared.sh "$peers"/{unpack.sh,peers-py311.tar.xz,ct2-py311.tar.xz,bench.py,bench_ct2.py}
work=$(mktemp -d)
trap 'rm -rf "$work"' EXIT
# shellcheck disable=SC2207 # words of a command
python=($("$peers/unpack.sh"))

# What GenQ sets for itself, the peers get too: the allocator keeps what a step frees.
export MALLOC_MMAP_THRESHOLD_=1073741824 MALLOC_TRIM_THRESHOLD_=2000000000
types=(fp32)
grep --quiet --extended-regexp 'avx512_bf16|amx_bf16' /proc/cpuinfo && types+=(bf16)

number() { grep --only-matching "\"$1\": *[0-9.e+-]*" | head -1 | sed 's/.*: *//'; }
# note WORK WHO RATE
note() { printf '%s\t%s\t%s\n' "$@" | tee -a "$work/rates" >&2; }
genq() { note "$1" "GenQ${2:+, $2}" "$(./genq bench "$1" --rounds 1 --threads 2 --json ${2:+--"$2"} | number rate)"; }
face() { # WORK WHO FIELD OPTIONS…
  local work_name=$1 who=$2 field=$3
  shift 3
  note "$work_name" "$who" "$(env "${python[@]}" "$peers/bench.py" "$@" 2> /dev/null | number "$field")"
}

./genq bench tokenize --rounds 1 > /dev/null # builds, so that no round does
for ((round = 0; round < rounds; round++)); do
  for part in encode train generate; do genq $part ""; done
  for part in encode generate; do genq $part int8; done
  for type in "${types[@]}"; do
    face encode "Hugging Face, $type" texts_per_s encode --dtype "$type" --n 16
    note train "Hugging Face, $type" "$(env "${python[@]}" "$peers/bench.py" train --dtype "$type" --steps 2 2> /dev/null | number s_per_step | awk '{ print 24 / $1 }')"
    face generate "Hugging Face, $type, batch 16" queries_per_s generate --dtype "$type" --n 32 --batch 16
  done
  face generate "Hugging Face, fp32, one passage at a time" queries_per_s generate --dtype fp32 --n 8 --naive
  for type in float32 int8; do
    note generate "CTranslate2, $type, batch 32" "$(env "${python[@]}" "$peers/bench_ct2.py" --dtype $type --n 32 --batch 32 2> /dev/null | number queries_per_s)"
  done
done

sort "$work/rates" | awk -F'\t' '
  function median(   half) { half = int((count + 1) / 2); return count % 2 ? rate[half] : (rate[half] + rate[half + 1]) / 2 }
  function close_group() {
    if (!count) return
    for (i = 2; i <= count; i++) for (j = i; j > 1 && rate[j - 1] > rate[j]; j--) { swap = rate[j]; rate[j] = rate[j - 1]; rate[j - 1] = swap }
    order[++groups] = group; rates[group] = median(); count = 0
  }
  function times(by, rate) { return by in rates ? sprintf("%.2f times as fast", rates[by] / rate) : "" }
  BEGIN { print "| work | by | a second | GenQ is | with int8 |"; print "|---|---|---|---|---|" }
  { if ($1 FS $2 != group) { close_group(); group = $1 FS $2 } rate[++count] = $3 + 0 }
  END {
    close_group()
    for (i = 1; i <= groups; i++) {
      split(order[i], part, FS)
      ours = part[2] ~ /^GenQ/
      printf "| %s | %s | %.2f | %s | %s |\n", part[1], part[2], rates[order[i]],
        ours ? "" : times(part[1] FS "GenQ", rates[order[i]]), ours ? "" : times(part[1] FS "GenQ, int8", rates[order[i]])
    }
  }'
