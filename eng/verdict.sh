#!/usr/bin/env bash
# How often is the verdict true? Adapts the base to the passages of labelled sets by recipes good and bad, without the labels, measures each run on held-out queries and on the
# people's questions of the set, and counts how often the word was true on these. One thread; hours for many sets.
# verdict.sh OUT SEEDS SET...   SEEDS as "1 2 3"; a SET is a folder in BEIR's layout; RECIPES="default shuffled" makes these alone
set -euo pipefail
[ "$#" -ge 3 ] || { sed -n '2,4s/^# //p' "$0"; exit 2; }
here=$(dirname "${BASH_SOURCE[0]}")
out=$1 seeds=$2
shift 2
genq=${GENQ:-$here/../genq}
recipes=${RECIPES:-default shuffled fast crops shuffled-again long unfiltered}

# 400 passages get queries, so that a run takes minutes; the trained model is kept whatever the held-out queries say, since it is what is judged here.
settings="query.passages=400 export=false keep-best=false"

# The set's questions as answers that people have marked right: they measure, and train nothing.
label() {
  python3 - "$1" "$2" << 'PY'
import json, os, sys
texts = {query['_id']: query['text'] for query in map(json.loads, open(sys.argv[1] + '/queries.jsonl'))}
os.makedirs(sys.argv[2] + '/labelled', exist_ok=True)
with open(sys.argv[2] + '/labelled/answers.jsonl', 'w') as answers:
    for line in list(open(sys.argv[1] + '/qrels/test.tsv'))[1:]:
        query, passage, grade = line.split('\t')[:3]
        if int(grade) > 0 and query in texts:
            answers.write(json.dumps({'query': texts[query], 'passage': passage, 'right': True}) + '\n')
PY
}

# Writes the training pairs anew: shuffled, queries of one passage go to another; crops, each query is a span of its own passage.
rewrite() {
  python3 - "$1" "$2" "$3" << 'PY'
import glob, random, sys
folder, recipe, seed = sys.argv[1:]
files = {name: [line.rstrip('\n').split('\t') for line in open(name)] for name in sorted(glob.glob(folder + '/pairs/*.tsv'))}
passages = list(dict.fromkeys(passage for pairs in files.values() for _, passage in pairs))
chance = random.Random(seed)
others = dict(zip(passages, chance.sample(passages, len(passages))))

def span(passage):
    words = passage.split()
    start = chance.randrange(max(1, len(words) - 9))
    return ' '.join(words[start:start + 10])

for name, pairs in files.items():
    open(name, 'w').writelines((f'{span(p)}\t{p}\n' if recipe == 'crops' else f'{q}\t{others[p]}\n') for q, p in pairs)
PY
}

for seed in $seeds; do
  for set in "$@"; do
    runs=$out/$(basename "$set")-$seed
    prepared=$runs/prepared
    if [ ! -f "$prepared.done" ]; then
      label "$set" "$prepared"
      # shellcheck disable=SC2086
      { "$genq" passages "$set/corpus.jsonl" -o "$prepared" --seed "$seed" --set $settings \
        && "$genq" generate "$prepared" --threads 1 && "$genq" filter "$prepared" --threads 1; } > "$prepared.log" 2>&1
      touch "$prepared.done"
    fi
    recipe() {
      local name=$1
      shift
      [[ " $recipes " == *" $name "* ]] || return 0
      [ -f "$runs/$name/report/report.json" ] && return
      if [ ! -d "$runs/$name" ]; then
        cp -r "$prepared" "$runs/$name"
        case $name in
          shuffled*) rewrite "$runs/$name" shuffled "$name-$seed" ;;
          crops) rewrite "$runs/$name" crops "$seed" ;;
        esac
      fi
      # shellcheck disable=SC2086
      "$genq" run "$set/corpus.jsonl" -o "$runs/$name" --seed "$seed" --threads 1 --set $settings "$@" > "$runs/$name.log" 2>&1
    }
    recipe default
    recipe shuffled filter=false training.base-share=0
    recipe fast training.learning-rate=4e-4
    recipe crops filter=false
    recipe shuffled-again filter=false training.base-share=0
    recipe long training.epochs=6 training.base-share=0
    recipe unfiltered filter=false
  done
done
for recipe in $recipes; do ls -d "$out"/*/"$recipe"; done | xargs "$here/verdict.py"
