"""Pairs to teach a generator kinds of queries: written-pairs.py DATA WORK, DATA being ../shared/data.

Writes WORK/query-words.txt (the words that queries ask with besides their passage's), written.tsv, human.tsv, all-human.tsv and, of WORK/howto.tsv,
howto-kinds.tsv (lines 'query<TAB>kind: passage'), heldout-written.tsv and heldout-human.tsv, and vocabulary-kinds.txt for spm_train. A query with a word that is neither common nor its passage's is left out of
the training: a name must be copied, never remembered. So are needs in other words, which a small network cannot write. Only the standard library is
needed.
"""
import collections
import gzip
import random
import re
import sys
import zlib

data, output = sys.argv[1] + "/generator/", sys.argv[2] + "/"
KINDS = {1: "question", 2: "keywords", 4: "detail"}
WORD = re.compile(r"(?<![\w.])[A-Za-z][A-Za-z'-]*[A-Za-z](?![\w(]|\.\w)|\ba\b")


def lines(name):
    with gzip.open(data + name + ".tsv.gz", "rt") as file:
        return [line.rstrip("\n").split("\t") for line in file]


written, passages = lines("train-written"), []
total, lower = collections.Counter(), collections.Counter()
collections_of, asked_in = collections.defaultdict(set), collections.defaultdict(set)


def count(text, collection):
    for word in set(WORD.findall(text)):
        total[word.lower()] += 1
        if word.islower():
            lower[word] += 1
            collections_of[word].add(collection)


for row in written:
    count(row[5], row[0])
    for query in row[1:5]:
        for word in set(re.findall(r"[a-z][a-z'-]*[a-z]|\ba\b|\bi\b", query)):
            asked_in[word].add(row[0])
for name in ("train-squad", "train-natural", "train-narrative"):
    seen = set()
    for query, passage in lines(name):
        count(query, "questions")
        if passage not in seen:
            seen.add(passage)
            passages.append(passage)
            count(passage, name)
with gzip.open(sys.argv[1] + "/unlabelled/medquad-answers.txt.gz", "rt") as file:
    answers = [line[:2000].rstrip("\n") for line in file]
for answer in answers[::2]:
    count(answer, "health")

# Mostly in lower case and in several collections, so no name; or asked with in many.
places = {word: len(collections_of[word] | asked_in[word]) for word in total}
common = {word for word in total
          if (lower[word] >= 12 and lower[word] >= 0.75 * total[word] and places[word] >= 4)
          or len(asked_in[word]) >= 12 or (len(asked_in[word]) >= 6 and lower[word] >= 0.5 * total[word])} | {"i", "a"}

# Asked with beside the passage's own words, often and of many passages: what a query needs to be one.
beside, beside_in = collections.Counter(), collections.defaultdict(set)


def ask(query, passage, collection):
    own = set(re.findall(r"[\w']+", passage.lower()))
    for word in set(re.findall(r"(?<![\w'.-])(?:[a-z][a-z'-]*[a-z]|a|i)(?![\w'.-]*\w)", query)) - own:
        beside[word] += 1
        beside_in[word].add(collection)


for row in written:
    for k in KINDS:
        ask(row[k], row[5], row[0])
for name in ("train-squad", "train-natural"):
    for query, passage in lines(name):
        ask(query[:1].lower() + query[1:], passage, zlib.crc32(passage.encode()) % 40)
asked = {word for word in beside if beside[word] >= 16 and len(beside_in[word]) >= 6} | {"a", "i"}
with open(output + "query-words.txt", "w") as file:
    file.writelines(word + "\n" for word in sorted(asked))


def forms(word):
    return {word, word + "s"} | {word[:-len(end)] for end in ("s", "es", "ed", "d", "ing", "'s") if word.endswith(end)}


def is_spelled(query, passage):
    own = set().union(*(forms(word) for word in re.findall(r"[\w']+", passage.lower())), set())
    return all(word in common or word in own or all(part in common or part in own for part in re.split(r"[-_']", word) if part)
               for word in re.findall(r"[\w'-]+", query.lower()))


def save(name, pairs):
    with open(output + name, "w") as file:
        file.writelines(f"{query}\t{passage}\n" for query, passage in pairs)


def bare(query):
    return query.rstrip("?").strip()


def kinds(rows):
    return [(bare(row[k]) if k == 1 else row[k], f"{kind}: {row[5]}") for row in rows for k, kind in KINDS.items()]


save("written.tsv", [pair for row in written for pair in kinds([row]) if len(pair[0].split()) > 1 and is_spelled(pair[0], row[5])])
held_out = kinds(lines("heldout-written"))
random.Random(2).shuffle(held_out)
save("heldout-written.tsv", held_out)
human, all_human = [], []
for name, most in (("train-squad", 30000), ("train-natural", 2000)):
    pairs = [(bare(query), passage) for query, passage in lines(name) if 5 <= len(query.split()) <= 16 and is_spelled(bare(query), passage)]
    random.Random(2).shuffle(pairs)
    human += pairs[:most]
    all_human += pairs
for name, pairs in (("human.tsv", human), ("all-human.tsv", all_human)):
    save(name, [(query, "question: " + passage) for query, passage in pairs])
howto = [(bare(query), passage) for query, passage in (line.rstrip("\n").split("\t") for line in open(output + "howto.tsv"))
         if query.lower().startswith(("how", "what"))]
random.Random(2).shuffle(howto)
save("howto-kinds.tsv", [(query.lower(), "question: " + passage) for query, passage in howto if is_spelled(query, passage)][:10000])
save("heldout-human.tsv", [(bare(query), "question: " + passage) for query, passage in lines("heldout")])
with open(output + "vocabulary-kinds.txt", "w") as file:
    for row in written:
        file.writelines(text + "\n" for text in (row[5], *row[1:5]))
    file.writelines(text + "\n" for text in passages)
    file.writelines(query + "\n" for query, _ in human)
    file.writelines(answer + "\n" for answer in answers[::3])
