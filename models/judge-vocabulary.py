"""The word pieces of a small judge: judge-vocabulary.py DATA WORK VOCABULARY > vocab.txt.

Of the vocabulary of a BERT the pieces that are met most often in the training texts stay, 12,000 in all, and every single Latin letter. Needs
WORK/docstrings.txt and WORK/general.txt. Only the standard library is needed.
"""
import collections
import gzip
import re
import sys
import unicodedata

SIZE = 12000
data, work, vocabulary = sys.argv[1:4]
with open(vocabulary) as file:
    full = file.read().split("\n")[:-1]
known, words = set(full), collections.Counter()


def add(text):
    plain = "".join(c for c in unicodedata.normalize("NFD", text.lower()) if unicodedata.category(c) != "Mn")
    words.update(re.findall(r"[^\W_]+|[^\w\s]|_", plain))


def pieces(word):
    """The longest piece first, as WordPiece cuts; none where a letter is unknown."""
    result, start = [], 0
    while start < len(word):
        end = next((end for end in range(len(word), start, -1) if ("##" if start else "") + word[start:end] in known), None)
        if end is None:
            return []
        result.append(("##" if start else "") + word[start:end])
        start = end
    return result


for line in gzip.open(f"{data}/generator/train-written.tsv.gz", "rt"):
    add(line)
seen = set()
for line in gzip.open(f"{data}/generator/train-squad.tsv.gz", "rt"):
    query, passage = line.rstrip("\n").split("\t")[:2]
    add(query)
    if passage not in seen:
        seen.add(passage)
        add(passage)
for name, every, most in (("docstrings.txt", 4, 3000), ("general.txt", 6, 600)):
    with open(f"{work}/{name}", errors="replace") as file:
        for number, line in enumerate(file):
            if number % every == 0:
                add(line[:most])
for number, line in enumerate(gzip.open(f"{data}/unlabelled/medquad-answers.txt.gz", "rt")):
    if number % 4 == 0:
        add(line[:1500])

count = collections.Counter()
for word, times in words.items():
    if len(word) <= 100:
        for piece in pieces(word):
            count[piece] += times
LATIN = 0x250
kept = {"[PAD]", "[UNK]", "[CLS]", "[SEP]", "[MASK]"}
kept |= {piece for piece in full if len(piece) == 1 and ord(piece) < LATIN}
kept |= {piece for piece in full if piece.startswith("##") and len(piece) == 3 and ord(piece[2]) < LATIN}
for piece, _ in count.most_common():
    if len(kept) == SIZE:
        break
    kept.add(piece)
sys.stdout.writelines(piece + "\n" for piece in full if piece in kept)
