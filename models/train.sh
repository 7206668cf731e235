#!/usr/bin/env bash
# Trains the mini models anew: models/train.sh WORK. Needs ../shared/data, two teachers in ../shared/models (all-MiniLM-L6-v2 and
# arctic-embed-xs), and spm_train (Debian: apt-get install sentencepiece). Every training is checkpointed: the same command goes on where it was.
# The texts are downloaded with apt-get (many packages of Debian's archive). It replaces models/genq-mini-*. About six hours of one core with
# fast bf16, an hour and a half of them for the encoder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data minilm=../shared/models/all-MiniLM-L6-v2 arctic=../shared/models/arctic-embed-xs
source eng/require-shared.sh "$data"/generator/{train-squad,train-natural,train-narrative,train-written,heldout,heldout-written}.tsv.gz \
  "$data/unlabelled/medquad-answers.txt.gz" {$minilm,$arctic}/{vocab.txt,model.safetensors}
work=${1:?usage: models/train.sh WORK}
mkdir -p "$work/t5-sizes"

# The generator's vocabulary: 10,000 case-folded pieces of passages, questions and health answers.
if [ ! -f "$work/t5-sizes/spiece.model" ]; then
  {
    zcat "$data"/generator/train-{squad,natural,narrative}.tsv.gz | awk -F'\t' '{ print $1 } !seen[$2]++ { print $2 }'
    zcat "$data/unlabelled/medquad-answers.txt.gz" | cut -c1-2000
  } > "$work/vocabulary.txt"
  spm_train --input="$work/vocabulary.txt" --model_prefix="$work/t5" --vocab_size=10000 --model_type=unigram \
    --normalization_rule_name=nmt_nfkc_cf --pad_id=0 --eos_id=1 --unk_id=2 --bos_id=-1 --input_sentence_size=150000 \
    --shuffle_input_sentence=true --max_sentence_length=8000 --character_coverage=0.9999
  mv "$work/t5.model" "$work/t5-sizes/spiece.model"
fi
cp models/recipe/genq-mini-t5/config.json "$work/t5-sizes/"

# The generator: copy tasks first, then questions on passages cut around their answer, then on whole ones.
[ -f "$work/t5-first/model.safetensors" ] \
  || ./genq train-generator "$data"/generator/train-{squad,natural}.tsv.gz --from-scratch "$work/t5-sizes" -o "$work/t5-first" \
    --held-out "$data/generator/heldout.tsv.gz" --steps 5500 --batch-size 32 --fp16

# Once more from there, with short queries that are no questions among the others.
[ -s "$work/general.txt" ] || { models/general-text.sh "$work" > "$work/general.partial" && mv "$work/general.partial" "$work/general.txt"; }
models/keyword-pairs.sh "$work" > "$work/keyword.tsv"
[ -f "$work/t5-second/model.safetensors" ] \
  || ./genq train-generator "$data"/generator/train-{squad,natural}.tsv.gz "$work/keyword.tsv" --from "$work/t5-first" -o "$work/t5-second" \
    --held-out "$data/generator/heldout.tsv.gz" --scale-by-rms --learning-rate 1e-2 --steps 5500 --batch-size 32 --copy-share 0.1 --crop-share 0.7 --fp16

# Once more from there: kinds of query, in a vocabulary that keeps identifiers usable.
[ -s "$work/howto.tsv" ] || models/technical-text.sh "$work"
[ -f "$work/pairs-are-whole" ] || { python3 models/written-pairs.py "$data" "$work" && touch "$work/pairs-are-whole"; }
mkdir -p "$work/t5-kinds"
cp models/recipe/genq-mini-t5-kinds/config.json "$work/t5-kinds/"
if [ ! -f "$work/t5-kinds/spiece.model" ]; then
  spm_train --input="$work/vocabulary-kinds.txt" --model_prefix="$work/t5v" --vocab_size=12000 --model_type=unigram \
    --normalization_rule_name=nmt_nfkc_cf --pad_id=0 --eos_id=1 --unk_id=2 --bos_id=-1 --input_sentence_size=110000 \
    --shuffle_input_sentence=true --max_sentence_length=8000 --character_coverage=0.9998 '--required_chars={}<>_$@\`~^|#'
  mv "$work/t5v.model" "$work/t5-kinds/spiece.model"
fi
[ -f "$work/t5-third/model.safetensors" ] \
  || ./genq train-generator "$work"/{written,human}.tsv --from "$work/t5-second" --grow-to "$work/t5-kinds" -o "$work/t5-third" \
    --held-out "$work/heldout-written.tsv" --held-out "$work/heldout-human.tsv" --scale-by-rms --learning-rate 1e-2 --warmup-steps 150 --steps 3000 \
    --batch-size 32 --copy-share 0.1 --crop-share 0.6 --max-input-length 288 --fp16

# Once more from there, with all of SQuAD, and what people ask of functions; written queries are given twice, so that they are not lost among these.
[ -f "$work/genq-mini-t5/model.safetensors" ] \
  || ./genq train-generator "$work"/{written,written,all-human,howto-kinds}.tsv --from "$work/t5-third" -o "$work/genq-mini-t5" \
    --held-out "$work/heldout-written.tsv" --held-out "$work/heldout-human.tsv" --scale-by-rms --learning-rate 8e-3 --warmup-steps 150 --steps 4000 \
    --batch-size 32 --copy-share 0.03 --crop-share 0.4 --max-input-length 288 --fp16

# The encoder: an MPNet that begins exactly as arctic-embed-xs, and learns what both teachers say.
sizes=$work/mpnet-sizes
mkdir -p "$sizes"
cp -r models/recipe/genq-mini-mpnet/. "$sizes"
{ printf '%s\n' '<s>' '<pad>' '</s>' '<unk>'; cat "$arctic/vocab.txt"; echo '<mask>'; } > "$sizes/vocab.txt"

# The same lines each time.
some() { shuf -n "$1" --random-source=<(yes); }
{ zcat "$data/generator/train-written.tsv.gz" | awk -F'\t' '{ for (k = 2; k <= 5; k++) if ($k != "") print $k "\t" $6 }'
  zcat "$data/generator/train-squad.tsv.gz" | some 16000
  zcat "$data/generator/train-natural.tsv.gz"
  some 16000 < "$work/howto.tsv"; } > "$work/asked-of.tsv"
{ some 12000 < "$work/docstrings.txt"
  some 12000 < "$work/general.txt"
  zcat "$data/unlabelled/medquad-answers.txt.gz" | some 6000
  zcat "$data/generator/train-narrative.tsv.gz" | cut -f2 | sort -u | some 3000; } > "$work/plain.txt"
[ -f "$work/mpnet/model/model.safetensors" ] \
  || ./genq distill "$work/asked-of.tsv" "$work/plain.txt" --teacher "$minilm" --teacher-weight 0.7 --teacher "$arctic" --teacher-weight 1 \
    --from-scratch "$sizes" --layers-of "$arctic" -o "$work/mpnet" --steps 3600 --batch-size 48 --learning-rate 1e-4 --warmup-steps 100 \
    --neighbours 4 --answers-beside --short-share 0.5 --shortest-span 8 --longest-span 130 --max-length 512 --fp16

mkdir -p models/genq-mini-t5 models/genq-mini-mpnet "$work/shipped"
# How it samples stands in its generation_config.json, and how many of each kind in its config.json: both are written by hand.
cp "$work"/genq-mini-t5/{model.safetensors,spiece.model} "$work/query-words.txt" models/genq-mini-t5/

# The judge: a BERT of four layers that begins as arctic-embed-xs, with people's queries, made-up ones, and what the generator writes.
judge=$work/judge-sizes
mkdir -p "$judge"
cp models/recipe/genq-mini-judge/* "$judge"
python3 models/judge-vocabulary.py "$data" "$work" "$arctic/vocab.txt" > "$judge/vocab.txt"
[ -f "$work/judge-passages.jsonl" ] || python3 models/judge-pairs.py "$data" "$work"
draw() { # TEMPERATURE
  [ -d "$work/drawn-$1" ] || ./genq passages "$work/judge-passages.jsonl" -o "$work/drawn-$1" --generator models/genq-mini-t5 --set query.temperature="$1" \
    holdout=0 query.count=6 query.crops=0 query.candidates=1 query.logprob-threshold=-1000 query.judge=off training.max-steps=none
  ./genq generate "$work/drawn-$1"
}
draw 0.6
[ -f "$work/judge-first/model.safetensors" ] \
  || ./genq train-judge "$work/asked.tsv" --drawn "$work/drawn-0.6/pairs" "$work/false.tsv" --from-scratch "$judge" --layers-of "$arctic" \
    -o "$work/judge-first" --steps 800 --fp16
draw 1
[ -f "$work/genq-mini-judge/model.safetensors" ] \
  || ./genq train-judge "$work/asked.tsv" --drawn "$work/drawn-1/pairs" "$work/false.tsv" --base "$work/judge-first" \
    -o "$work/genq-mini-judge" --steps 220 --learning-rate 5e-5 --fp16
mkdir -p models/genq-mini-judge
cp "$work"/genq-mini-judge/{config.json,model.safetensors,tokenizer.json,tokenizer_config.json,vocab.txt} models/genq-mini-judge/

# The cards in models/ say more than the ones that a training writes.
cp -r "$work/mpnet/model/." "$work/shipped"; rm "$work/shipped/README.md"; cp -r "$work/shipped/." models/genq-mini-mpnet/
