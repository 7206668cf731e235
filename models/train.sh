#!/usr/bin/env bash
# Trains both mini models anew: models/train.sh WORK. Needs ../shared/data, ../shared/models/all-MiniLM-L6-v2 (its
# vocabulary and word embeddings), and spm_train (Debian: apt-get install sentencepiece). Every training is checkpointed: the
# same command goes on where it was. The texts are downloaded with apt-get (many packages of Debian's archive). It replaces models/genq-mini-*: the encoder is then
# that of stage 2 (mean nDCG@10 .675); the shipped one (.686) has models/distill-on-gpu.py behind it. About four hours of one core with AVX512-BF16 for the generator and, on two cores, 35 minutes for the encoder.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
data=../shared/data teacher=../shared/models/all-MiniLM-L6-v2
source eng/require-shared.sh "$data"/generator/{train-squad,train-natural,train-narrative,heldout}.tsv.gz \
  "$data/unlabelled/medquad-answers.txt.gz" "$teacher"/{vocab.txt,model.safetensors}
work=${1:?usage: models/train.sh WORK}
mkdir -p "$work/t5-sizes" "$work/mpnet-sizes"

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
[ -f "$work/genq-mini-t5/model.safetensors" ] \
  || ./genq train-generator "$data"/generator/train-{squad,natural}.tsv.gz "$work/keyword.tsv" --from "$work/t5-first" -o "$work/genq-mini-t5" \
    --held-out "$data/generator/heldout.tsv.gz" --scale-by-rms --learning-rate 1e-2 --steps 5500 --batch-size 32 --copy-share 0.1 --crop-share 0.7 --fp16

# The encoder: MPNet's layout of BERT's vocabulary, depth and width of the teacher with a narrower feed-forward half, the teacher's word embeddings,
# layers of random weights. First each layer is taught alone what the teacher's layer says of what that reads, then the network as a whole.
# The shipped weights have a third stage of ten minutes of a GPU behind them: models/distill-on-gpu.py, from mpnet-whole, on these texts and howto.tsv.
cp models/recipe/genq-mini-mpnet/* "$work/mpnet-sizes/"
{ printf '%s\n' '<s>' '<pad>' '</s>' '<unk>'; cat "$teacher/vocab.txt"; echo '<mask>'; } > "$work/mpnet-sizes/vocab.txt"
awk 'NR % 3 == 0' "$work/general.txt" > "$work/general-third.txt"
[ -s "$work/docstrings.txt" ] || models/technical-text.sh "$work"
[ -s "$work/questions.tsv" ] || models/source-text.sh "$work"
[ -s "$work/passages-python.txt" ] || models/passage-text.sh "$work"
texts=("$work/questions.tsv" "$work"/passages-{rust,go,ruby,python,web}.txt "$work"/{docstrings,general-third}.txt
  "$data"/generator/train-{squad,natural,narrative}.tsv.gz "$data/unlabelled/medquad-answers.txt.gz")
[ -f "$work/mpnet-layers/model/model.safetensors" ] \
  || ./genq distill "${texts[@]}" --teacher "$teacher" --from-scratch "$work/mpnet-sizes" --word-embeddings "$teacher" -o "$work/mpnet-layers" \
    --layer-by-layer --muon --steps 750 --learning-rate 1e-3 --warmup-steps 40 --shortest-span 8 --longest-span 180 --max-length 256
[ -f "$work/mpnet-whole/model/model.safetensors" ] \
  || ./genq distill "${texts[@]}" --teacher "$teacher" --base "$work/mpnet-layers/model" -o "$work/mpnet-whole" \
    --states-weight 10 --muon --steps 1800 --learning-rate 2e-4 --warmup-steps 20 --shortest-span 8 --longest-span 200 --max-length 256 \
    --neighbours 4 --fp16

mkdir -p models/genq-mini-t5 models/genq-mini-mpnet "$work/shipped"
cp "$work"/genq-mini-t5/{config.json,model.safetensors,spiece.model} models/genq-mini-t5/
# The cards in models/ say more than the ones that a training writes.
cp -r "$work/mpnet-whole/model/." "$work/shipped"; rm "$work/shipped/README.md"; cp -r "$work/shipped/." models/genq-mini-mpnet/
