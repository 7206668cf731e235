#!/usr/bin/env bash
# The method's own claim, from an encoder that cannot search yet: how near do generated queries come to questions that people
# asked? untuned-base.sh WORK trains the mini encoder's sizes, layers of random weights over MiniLM's word embeddings, on both, in as
# many steps (STEPS, 2000 by default), and measures on squad-dev, whose articles neither has. Needs ../shared; what is finished in
# WORK is not done again. The mini generator has learned from the questions asked about these very paragraphs: what it writes of
# articles it has never seen may teach less.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
asked=../shared/data/generator/train-squad.tsv.gz teacher=../shared/models/all-MiniLM-L6-v2 measured=../shared/data/retrieval/squad-dev
source eng/require-shared.sh "$asked" "$teacher"/{vocab.txt,model.safetensors} "$measured/corpus.jsonl"
work=${1:?usage: untuned-base.sh WORK} steps=${STEPS:-2000}
mkdir -p "$work/sizes"
cp models/recipe/genq-mini-mpnet/* "$work/sizes/"
{ printf '%s\n' '<s>' '<pad>' '</s>' '<unk>'; cat "$teacher/vocab.txt"; echo '<mask>'; } > "$work/sizes/vocab.txt"

# The paragraphs of the 380 training articles, and three queries for each.
if [ ! -f "$work/paragraphs.jsonl" ]; then
  zcat "$asked" | awk -F'\t' '!seen[$2]++ { gsub(/\\/, "\\\\", $2); gsub(/"/, "\\\"", $2); printf "{\"_id\": \"%d\", \"text\": \"%s\"}\n", ++id, $2 }' \
    > "$work/partial"
  mv "$work/partial" "$work/paragraphs.jsonl"
fi
./genq passages "$work/paragraphs.jsonl" --holdout 0 --queries 3 --set query.crops=0 training.max-steps=9999 -o "$work/run"
./genq generate "$work/run"

# One step at a rate of next to nothing leaves the base itself.
train() {
  [ -f "$work/$1/model/model.safetensors" ] \
    || ./genq train "${@:4}" --from-scratch "$work/sizes" --word-embeddings "$teacher" -o "$work/$1" --max-steps "$2" --learning-rate "$3"
}
train untuned 1 1e-12 "$work"/run/pairs/*.tsv
train generated "$steps" 5e-4 "$work"/run/pairs/*.tsv
train asked "$steps" 5e-4 "$asked"
./genq evaluate --beir "$measured" --model "$work"/{untuned,generated,asked}/model
