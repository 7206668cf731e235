"""What a judge of queries learns from: judge-pairs.py DATA WORK, DATA being ../shared/data.

Writes WORK/asked.tsv (queries that people and a large language model wrote, with their passages), WORK/false.tsv (queries that do not fit: of a
neighbour, or with their words replaced by others of the passage) and WORK/judge-passages.jsonl (the passages, for a generator to write for). Needs
WORK/howto.tsv (technical-text.sh). Only the standard library is needed.
"""
import collections
import gzip
import json
import random
import re
import sys

data, output = sys.argv[1] + "/generator/", sys.argv[2] + "/"
WRITTEN, HUMAN, HOWTO = 7500, 4500, 3000
draw = random.Random(5)


def lines(name):
    with gzip.open(data + name + ".tsv.gz", "rt") as file:
        return [line.rstrip("\n").split("\t") for line in file]


def bare(query):
    return query.rstrip("?").strip()


# (passage, its queries, queries of a neighbour in its collection)
groups = {"written": [], "human": []}
collections_of = collections.defaultdict(list)
for row in lines("train-written"):
    collections_of[row[0]].append(row)
for rows in collections_of.values():
    for i, row in enumerate(rows):
        asked = [bare(row[k]) for k in (1, 2, 4) if len(row[k].split()) > 1]
        other = rows[(i + draw.choice((-2, -1, 1, 2))) % len(rows)]
        if asked and other[5] != row[5]:
            groups["written"].append((row[5], asked, [bare(other[k]) for k in (1, 2) if len(other[k].split()) > 1]))
questions = collections.OrderedDict()
for query, passage in lines("train-squad"):
    questions.setdefault(passage, []).append(bare(query).lower())
questions = list(questions.items())
for i, (passage, asked) in enumerate(questions):
    others = questions[(i + draw.choice((-1, 1))) % len(questions)][1]
    groups["human"].append((passage, draw.sample(asked, min(4, len(asked))), draw.sample(others, 1)))
howto = []
with open(output + "howto.tsv", errors="replace") as file:
    for line in file:
        query, passage = line.rstrip("\n").split("\t")
        if query.lower().startswith(("how", "what")):
            howto.append((bare(query).lower(), passage))
groups["howto"] = [(passage, [query], [draw.choice(howto)[0]]) for query, passage in howto]
chosen = draw.sample(groups["written"], WRITTEN) + draw.sample(groups["human"], HUMAN) + draw.sample(groups["howto"], HOWTO)
draw.shuffle(chosen)

# Words that every text has stay where they are: what is left of a query is its manner.
frequency = collections.Counter(word for passage, _, _ in chosen for word in set(re.findall(r"[a-z]+", passage.lower())))
plain = {word for word, count in frequency.items() if count > len(chosen) / 40} | {"how", "what", "who", "which", "when", "where", "why", "does", "do", "did", "can", "i"}
WORD = re.compile(r"[\w'./:+-]*\w")


def phrase(passage, longest):
    """Some words of the passage that follow each other and begin and end with one of its own."""
    words = WORD.findall(passage)
    for _ in range(20):
        start, length = draw.randrange(len(words)), draw.randint(1, longest)
        found = words[start:start + length]
        if found[0].lower() not in plain and found[-1].lower() not in plain:
            return " ".join(found)
    return draw.choice(words)


def pieces(query, passage):
    """The query in pieces, each with whether it is of the passage: words that follow each other there stay together."""
    own, result = set(word.lower() for word in WORD.findall(passage)), []
    for word in query.split():
        of_passage = word.lower() in own and word.lower() not in plain
        if result and of_passage and result[-1][1]:
            result[-1] = (result[-1][0] + " " + word, True)
        else:
            result.append((word, of_passage))
    return result


def filled(template, passage):
    return " ".join(phrase(passage, 1 + text.count(" ")) if of_passage else text for text, of_passage in template)


def with_one_other(query, passage):
    parts = pieces(query, passage)
    places = [i for i, part in enumerate(parts) if part[1]]
    if places:
        parts[draw.choice(places)] = (phrase(passage, 2), True)
    return " ".join(text for text, _ in parts)


def torn(query):
    words = query.split()
    place = draw.randrange(len(words))
    how = draw.randrange(3)
    if how == 0 and len(words) > 2:
        del words[place]
    elif how == 1:
        words.insert(draw.randrange(len(words) + 1), words[place])
    else:
        other = draw.randrange(len(words))
        words[place], words[other] = words[other], words[place]
    return " ".join(words)


templates = [pieces(query, passage) for passage, asked, _ in chosen for query in asked if len(query.split()) > 3]
templates = [template for template in templates if any(part[1] for part in template)]
with open(output + "asked.tsv", "w") as asked_file, open(output + "false.tsv", "w") as false_file, open(output + "judge-passages.jsonl", "w") as corpus:
    for number, (passage, asked, others) in enumerate(chosen):
        corpus.write(json.dumps({"_id": f"{number}", "text": passage}) + "\n")
        asked_file.writelines(f"{query}\t{passage}\n" for query in asked)
        false = others[:1] + [filled(draw.choice(templates), passage) for _ in range(3)] \
            + [with_one_other(draw.choice(asked), passage) for _ in range(2)] + [torn(draw.choice(asked)) for _ in range(2)]
        known = set(query.lower() for query in asked)
        false_file.writelines(f"{query.lower()}\t{passage}\n" for query in false if " " in query and query.lower() not in known)
