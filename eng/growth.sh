#!/usr/bin/env bash
# How time and memory of each stage grow with the passages: growth.sh WORK [SIZES…] runs 1,000, 10,000 and 100,000 made-up passages through
# every stage, one query each and one pass over all of them, and writes WORK/growth.tsv and docs/growth.svg. The mini T5 writes; the encoder is one layer of random
# weights, so that a stage's own costs are not hidden behind its matrix multiplications. Needs GNU time and gnuplot; the three sizes take a quarter of an hour.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
work=${1:?usage: growth.sh WORK [SIZES…]}
shift
[ $# -gt 0 ] || set -- 1000 10000 100000
mkdir -p "$work/sizes"
./genq --version > /dev/null # builds, so that no stage does

cp models/genq-mini-mpnet/{vocab.txt,tokenizer_config.json} "$work/sizes/"
cat > "$work/sizes/config.json" << 'JSON'
{ "model_type": "mpnet", "architectures": ["MPNetModel"], "hidden_size": 128, "num_hidden_layers": 1, "num_attention_heads": 2,
  "intermediate_size": 256, "max_position_embeddings": 258, "vocab_size": 30527, "layer_norm_eps": 1e-12,
  "hidden_act": "gelu", "hidden_dropout_prob": 0, "attention_probs_dropout_prob": 0, "pad_token_id": 1,
  "relative_attention_num_buckets": 32 }
JSON
[ -d "$work/encoder/model" ] || ./genq train samples/pairs.tsv --from-scratch "$work/sizes" -o "$work/encoder" --batch-size 4 > /dev/null 2>&1

# Sixty words a passage, common ones often and rare ones rarely, as in a language.
grep --extended-regexp '^[a-z]{3,}$' models/genq-mini-mpnet/vocab.txt > "$work/words"
for size in "$@"; do
  awk -v size="$size" '
    { word[NR] = $0 }
    END {
      srand(42)
      for (passage = 0; passage < size; passage++) {
        printf "{\"_id\": \"%d\", \"title\": \"\", \"text\": \"", passage
        for (i = 1; i <= 60; i++) printf "%s%s", word[int(exp(rand() * log(NR)))], i % 12 ? " " : ". "
        print "\"}"
      }
    }' "$work/words" > "$work/$size.jsonl"
  rm -rf "$work/run-$size"
  eng/peak-memory.sh "$work/run-$size" "$work/$size.jsonl" --base "$work/encoder/model" --queries 1 --set query.crops=0 training.epochs=1 training.max-steps=1000000 \
    | awk -v size="$size" -v OFS='\t' 'NR > 1 { print size, $1, $2, $3 }' > "$work/growth-$size.tsv"
  rm -rf "$work/run-$size"
done
for size in "$@"; do cat "$work/growth-$size.tsv"; done | tee "$work/growth.tsv"

gnuplot << PLOT
set terminal svg size 1000,420 font "sans-serif,12" background "white"
set output "docs/growth.svg"
set multiplot layout 1,2
set logscale xy
set datafile missing NaN
set key left top
set grid
set xlabel "passages"
set xrange [700:150000]
stages = "passages generate filter train index evaluate"
set ylabel "seconds"
plot for [stage in stages] "$work/growth.tsv" using 1:(strcol(2) eq stage ? \$3 : NaN) with linespoints title stage
set ylabel "peak memory, MB"
plot for [stage in stages] "$work/growth.tsv" using 1:(strcol(2) eq stage ? \$4 : NaN) with linespoints title stage
unset multiplot
PLOT
