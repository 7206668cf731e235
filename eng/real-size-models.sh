#!/usr/bin/env bash
# Makes models of the published sizes with random weights, to see what a run with them costs: real-size-models.sh FOLDER.
# FOLDER/t5-base: T5-base (223 M parameters), trained for two steps. FOLDER/mpnet-base/model: MPNet-base (109 M), for six.
set -euo pipefail
cd "$(dirname "${BASH_SOURCE[0]}")/.."
folder=${1:?usage: real-size-models.sh FOLDER}
mkdir -p "$folder/t5-sizes" "$folder/mpnet-sizes"

# A vocabulary of 10,000 pieces in a matrix of T5's 32,128 rows: the work of a token is that of the published model.
cp models/genq-mini-t5/spiece.model "$folder/t5-sizes/"
cat > "$folder/t5-sizes/config.json" << 'JSON'
{ "model_type": "t5", "d_model": 768, "d_kv": 64, "d_ff": 3072, "num_layers": 12, "num_heads": 12, "vocab_size": 32128,
  "feed_forward_proj": "relu", "tie_word_embeddings": true, "dropout_rate": 0.1 }
JSON
cp models/genq-mini-mpnet/{vocab.txt,tokenizer_config.json} "$folder/mpnet-sizes/"
cat > "$folder/mpnet-sizes/config.json" << 'JSON'
{ "model_type": "mpnet", "architectures": ["MPNetModel"], "hidden_size": 768, "num_hidden_layers": 12, "num_attention_heads": 12,
  "intermediate_size": 3072, "max_position_embeddings": 514, "vocab_size": 30527, "layer_norm_eps": 1e-05,
  "hidden_act": "gelu", "hidden_dropout_prob": 0.1, "attention_probs_dropout_prob": 0.1, "pad_token_id": 1,
  "relative_attention_num_buckets": 32 }
JSON
[ -f "$folder/t5-base/model.safetensors" ] \
  || ./genq train-generator samples/pairs.tsv --from-scratch "$folder/t5-sizes" -o "$folder/t5-base" --steps 2 --batch-size 4
[ -f "$folder/mpnet-base/model/model.safetensors" ] \
  || ./genq train samples/pairs.tsv --from-scratch "$folder/mpnet-sizes" -o "$folder/mpnet-base" --batch-size 4
