#!/usr/bin/env python3
"""A language model that has written before: serves the queries of ../shared/data/generator as OpenAI's protocol has them.

    written-writer.py WORK [COLLECTION ...]

Writes WORK/set, a labelled set in BEIR's layout: the passages of the collections in train-written.tsv.gz and heldout-written.tsv.gz, and the queries of the
latter. Then serves on http://localhost:8123/v1 until it is stopped. Queries are given for the passages of train-written.tsv.gz; the others are unusable to it,
so that nothing that measures is trained on. Only Python's own library is needed.
"""
import gzip, http.server, json, os, pathlib, re, sys

DATA = pathlib.Path(__file__).resolve().parent.parent.parent / "shared/data/generator"
KINDS = ["question", "keywords", "in_other_words", "detail"]
PASSAGE = re.compile(r'<passage number="\d+">\n(.*?)\n</passage>', re.S)


def lines(name, collections):
    with gzip.open(DATA / name, "rt", encoding="utf-8") as file:
        for line in file:
            fields = line.rstrip("\n").split("\t")
            if not collections or fields[0] in collections:
                yield fields[1:5], fields[5].strip()


def write_set(folder, known, others):
    (folder / "qrels").mkdir(parents=True, exist_ok=True)
    with open(folder / "corpus.jsonl", "w", encoding="utf-8") as corpus:
        for i, passage in enumerate([*known, *others]):
            corpus.write(json.dumps({"_id": str(i), "title": "", "text": passage}, ensure_ascii=False) + "\n")
    with open(folder / "queries.jsonl", "w", encoding="utf-8") as queries, open(folder / "qrels/test.tsv", "w", encoding="utf-8") as qrels:
        qrels.write("query-id\tcorpus-id\tscore\n")
        for i, written in enumerate(others.values(), len(known)):
            for n, query in enumerate(written):
                queries.write(json.dumps({"_id": f"{i}-{n}", "text": query}, ensure_ascii=False) + "\n")
                qrels.write(f"{i}-{n}\t{i}\t1\n")


class Writer(http.server.BaseHTTPRequestHandler):
    known = {}

    def do_POST(self):
        request = json.loads(self.rfile.read(int(self.headers["Content-Length"])))["messages"][-1]["content"]
        request = request if isinstance(request, str) else request[0]["text"]
        answers = [{"passage": i, **{kind: [query] for kind, query in zip(KINDS, self.known.get(passage.strip(), []))}} for i, passage in enumerate(PASSAGE.findall(request), 1)]
        for answer in answers:
            for kind in KINDS:
                answer.setdefault(kind, [])
        text = json.dumps({"answers": answers}, ensure_ascii=False)
        body = json.dumps({
            "id": "1", "object": "chat.completion", "created": 1, "model": "written",
            "choices": [{"index": 0, "message": {"role": "assistant", "content": text}, "finish_reason": "stop"}],
            "usage": {"prompt_tokens": len(request) // 4, "completion_tokens": len(text) // 4, "total_tokens": (len(request) + len(text)) // 4},
        }).encode()
        self.send_response(200)
        self.send_header("Content-Type", "application/json")
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_):
        pass


if len(sys.argv) < 2:
    sys.exit(__doc__)
if not os.path.isdir(DATA):
    sys.exit(f"{DATA} is missing: it is no part of this repository")
for queries, passage in lines("train-written.tsv.gz", sys.argv[2:]):
    Writer.known.setdefault(passage, queries)
others = {passage: queries for queries, passage in lines("heldout-written.tsv.gz", sys.argv[2:]) if passage not in Writer.known}
write_set(pathlib.Path(sys.argv[1]) / "set", Writer.known, others)
print(f"{len(Writer.known)} passages to write for, {len(others)} to measure on; serving on http://localhost:8123/v1", flush=True)
http.server.ThreadingHTTPServer(("localhost", 8123), Writer).serve_forever()
