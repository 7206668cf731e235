#!/usr/bin/env python3
"""How often is the verdict true? Reads finished runs that were measured on held-out queries and, by labelled/, on people's questions of the same corpus.

verdict.py RUN...   a run's folder is named SET-SEED/RECIPE

The word is true where people's questions do not contradict it, both in the default search: "better" where their mean gains, "worse" where it loses, and
"no difference shown" where it lies within .01 or their 95 % interval holds zero.
"""
import json
import sys

agree = harmful = 0
print('| corpus, seed | recipe | held-out queries | verdict | people\'s questions | true |\n|---|---|---|---|---|---|')
runs = []
for folder in sys.argv[1:]:
    try:
        runs.append((folder.rstrip('/').split('/')[-2:], json.load(open(f'{folder}/report/report.json'))))
    except OSError as e:
        print(e, file=sys.stderr)
for (corpus, recipe), report in runs:
    low, mean, high = report['labelled']['difference']['hybrid - hybrid(base)']
    word = report['verdict']
    true = {'better': mean > 0, 'worse': mean < 0}.get(word, abs(mean) <= .01 or low <= 0 <= high)
    agree += true
    harmful += word == 'better' and mean < -.01
    sign = lambda values: '%+.3f (%+.3f to %+.3f)' % (values[1], values[0], values[2])
    print(f"| {corpus} | {recipe} | {sign(report['default'])} | {word} | {sign((low, mean, high))} | {'yes' if true else 'no'} |")
print(f'\n{agree} of {len(runs)} words are true; {harmful} say "better" where people\'s questions lose more than .01.')
shuffled = [report['verdict'] for (_, recipe), report in runs if recipe.startswith('shuffled')]
print(f'Shuffled pairs: {sum(word != "better" for word in shuffled)} of {len(shuffled)} are not called better.')
