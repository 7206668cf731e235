"""The encoder's third stage, on a GPU: goes on where models/train.sh ends, with twelve times larger batches.

distill-on-gpu.py STUDENT TEACHER TEXTS OUT SECONDS RATE: STUDENT and TEACHER are model folders of the same depth and width, TEXTS a folder
of the .txt and .tsv files of models/train.sh (.xz too), each cell a text. The learning rate rises to RATE and falls to 0 over SECONDS. OUT
receives model.safetensors in fp16; the student's other files fit it. Needs PyTorch, safetensors and tokenizers.
The shipped weights: 440 seconds at 4e-4, then 155 at 1.5e-4, on one H100.
"""
import lzma
import math
import os
import sys
import time
from concurrent.futures import ThreadPoolExecutor

import numpy
import torch
import torch.nn.functional as F
from safetensors.torch import load_file, save_file
from tokenizers import Tokenizer

STUDENT, TEACHER, TEXTS, OUT = sys.argv[1:5]
SECONDS, RATE = map(float, sys.argv[5:7])
DEVICE = torch.device("cuda" if torch.cuda.is_available() else "cpu")
# Of BERT's vocabulary in MPNet's order: four special tokens stand before the words.
SHIFT, CLS, SEP = 4, 101, 102
BATCH, CHUNKS = 768, 6
LONGEST, SHORTEST, SHORT = 254, 8, 40
SHORT_SHARE, NEIGHBOURS, VICINITY = 0.3, 4, 16
WARMUP, DECAY, MOMENTUM = 100, 0.01, 0.95
# What the layers' matrices move by, beside everything else.
MATRICES_SHARE = 0.5
STATES_WEIGHT, COSINE_WEIGHT, SCALE = 10, 10, 20
torch.backends.cuda.matmul.allow_tf32 = True
torch.manual_seed(42)


def read(path):
    with (lzma.open(path, "rt", encoding="utf-8", errors="replace") if path.endswith(".xz") else open(path, encoding="utf-8", errors="replace")) as file:
        cells = (cell for line in file for cell in line.rstrip("\n").split("\t"))
        return list(dict.fromkeys(cell for cell in cells if cell.strip()))


class Texts:
    """All texts as one row of the teacher's token ids, on the device; draws spans of them."""

    def __init__(self, folder):
        began = time.time()
        tokenizer = Tokenizer.from_file(os.path.join(TEACHER, "tokenizer.json"))
        tokenizer.no_truncation(), tokenizer.no_padding()
        paths = sorted(os.path.join(folder, name) for name in os.listdir(folder))
        with ThreadPoolExecutor(16) as pool: texts = sum(pool.map(read, paths), [])
        rows = []
        for first in range(0, len(texts), 50000):
            rows += [numpy.array(e.ids, numpy.uint16) for e in tokenizer.encode_batch_fast(texts[first : first + 50000], add_special_tokens=False)]
        rows = [row for row in rows if len(row) > 1]
        lengths = numpy.array([len(row) for row in rows])
        # A span starts where a word does.
        pieces = numpy.zeros(30522, bool)
        for piece, id in tokenizer.get_vocab().items(): pieces[id] = piece.startswith("##")
        ids = numpy.concatenate(rows)
        starts = numpy.arange(len(ids)); starts[pieces[ids]] = 0; starts = numpy.maximum.accumulate(starts)
        self.ids = torch.from_numpy(ids.astype(numpy.int64)).to(DEVICE)
        self.starts = torch.from_numpy(starts).to(DEVICE)
        self.offset = torch.from_numpy(numpy.concatenate([[0], numpy.cumsum(lengths)[:-1]])).to(DEVICE)
        self.length = torch.from_numpy(lengths).to(DEVICE)
        self.short = torch.nonzero(self.length <= SHORT).view(-1)
        long = torch.nonzero(self.length > SHORT).view(-1)
        self.long, self.cumulated = long, self.length[long].cumsum(0)
        print(f"{len(rows):,} texts of {len(ids):,} tokens, {len(self.short):,} short, in {time.time() - began:.0f} s", flush=True)

    def draw(self, n):
        """n spans: where each starts and how long it is, sorted by length."""
        groups = n // NEIGHBOURS
        by_words = self.long[torch.searchsorted(self.cumulated, (torch.rand(groups, device=DEVICE, dtype=torch.float64) * self.cumulated[-1]).long(), right=True).clamp(max=len(self.long) - 1)]
        whole = self.short[torch.randint(len(self.short), (groups,), device=DEVICE)] if len(self.short) else by_words
        anchor = torch.where(torch.rand(groups, device=DEVICE) < SHORT_SHARE, whole, by_words)
        text = anchor[:, None] + torch.randint(-VICINITY, VICINITY + 1, (groups, NEIGHBOURS), device=DEVICE)
        text[:, 0] = anchor
        text = text.view(-1).clamp(0, len(self.length) - 1)
        u = torch.rand(n, device=DEVICE)
        # Half of the lengths are uniform in their logarithm, half in themselves: passages are what a search reads most of.
        wanted = torch.where(torch.rand(n, device=DEVICE) < 0.5, SHORTEST * (LONGEST / SHORTEST) ** u, SHORTEST + u * (LONGEST - SHORTEST)).long()
        length = torch.minimum(self.length[text], torch.where(self.length[text] <= SHORT, SHORT, wanted))
        room = self.length[text] - length
        start = self.offset[text] + (torch.rand(n, device=DEVICE) * (torch.rand(n, device=DEVICE) < 0.7) * (room + 1)).long()
        start = torch.maximum(self.starts[start], self.offset[text])
        length, order = length.sort()
        return start[order], length

    def chunk(self, start, length, width):
        """(texts, width) ids with the teacher's special tokens, and where there are tokens."""
        length = length.clamp(max=width - 2)
        at = torch.arange(width - 2, device=DEVICE)
        inside = at < length[:, None]
        ids = torch.where(inside, self.ids[(start[:, None] + at).clamp(max=len(self.ids) - 1)], 0)
        rows = torch.zeros(len(start), width, dtype=torch.long, device=DEVICE)
        rows[:, 0] = CLS
        rows[:, 1:-1] = ids
        rows[torch.arange(len(start), device=DEVICE), length + 1] = SEP
        return rows, torch.arange(width, device=DEVICE) < length[:, None] + 2


def bucket(width, buckets=32, farthest=128):
    """MPNet's buckets of relative distance, (width, width)."""
    n = -(torch.arange(width, device=DEVICE)[None, :] - torch.arange(width, device=DEVICE)[:, None])
    half = buckets // 2
    result = (n < 0).long() * half
    n = n.abs()
    exact = half // 2
    large = exact + (torch.log(n.float().clamp(min=1) / exact) / math.log(farthest / exact) * (half - exact)).long()
    return result + torch.where(n < exact, n, large.clamp(max=half - 1))


def layer(x, mask, heads, qw, qb, kw, kb, vw, vb, ow, ob, n1w, n1b, fw, fb, pw, pb, n2w, n2b):
    """One layer of BERT or MPNet; mask (texts or 1, heads or 1, width, width) is added to the scores."""
    texts, width, hidden = x.shape
    q, k, v = (F.linear(x, w, b).view(texts, width, heads, -1).transpose(1, 2) for w, b in ((qw, qb), (kw, kb), (vw, vb)))
    a = F.scaled_dot_product_attention(q, k, v, attn_mask=mask).transpose(1, 2).reshape(texts, width, hidden)
    x = F.layer_norm(F.linear(a, ow, ob) + x, (hidden,), n1w, n1b, 1e-12)
    return F.layer_norm(F.linear(F.gelu(F.linear(x, fw, fb)), pw, pb) + x, (hidden,), n2w, n2b, 1e-12)


PARTS = [f"{a}.{b}" for a in ("attention.attn.q", "attention.attn.k", "attention.attn.v", "attention.attn.o", "attention.LayerNorm", "intermediate.dense", "output.dense", "output.LayerNorm") for b in ("weight", "bias")]
OF_BERT = {"attention.attn.q": "attention.self.query", "attention.attn.k": "attention.self.key", "attention.attn.v": "attention.self.value", "attention.attn.o": "attention.output.dense", "attention.LayerNorm": "attention.output.LayerNorm"}
LAYERS, HEADS = 6, 12


def states(weights, ids, is_token, is_mpnet, type):
    """The embeddings and every layer's output, each (texts, width, hidden)."""
    width = ids.shape[1]
    padding = torch.zeros(is_token.shape, device=DEVICE).masked_fill(~is_token, -1e4)[:, None, None, :]
    if is_mpnet:
        ids = torch.where(is_token, ids + SHIFT, 1)
        ids = torch.where(ids == CLS + SHIFT, 0, torch.where(ids == SEP + SHIFT, 2, ids))
        x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][2 : 2 + width]
        mask = padding + weights["encoder.relative_attention_bias.weight"].float()[bucket(width)].permute(2, 0, 1)[None]
    else:
        x = weights["embeddings.word_embeddings.weight"][ids] + weights["embeddings.position_embeddings.weight"][:width] + weights["embeddings.token_type_embeddings.weight"][0]
        mask = padding.expand(-1, HEADS, width, width)
    hidden = x.shape[-1]
    x = F.layer_norm(x.float(), (hidden,), weights["embeddings.LayerNorm.weight"].float(), weights["embeddings.LayerNorm.bias"].float(), 1e-12).to(type)
    result = [x]
    for i in range(LAYERS):
        parts = [weights[f"encoder.layer.{i}.{part}"] for part in PARTS]
        result.append(layer(result[-1], mask.to(type).contiguous(), HEADS, *parts))
    return result


def pooled(x, is_token):
    return F.normalize((x.float() * is_token[..., None]).sum(1) / is_token.sum(1, keepdim=True), dim=1)


def similarities(vectors):
    return (vectors @ vectors.t() * SCALE + torch.eye(len(vectors), device=DEVICE) * -1e4).log_softmax(1)


texts = Texts(TEXTS)
bert = load_file(os.path.join(TEACHER, "model.safetensors"))
for ours, theirs in OF_BERT.items():
    for name in [name for name in bert if f".{theirs}." in name]: bert[name.replace(theirs, ours)] = bert.pop(name)
TYPE = torch.bfloat16 if DEVICE.type == "cuda" else torch.float32
# The teacher's own values: fp16 has three more bits than bf16.
KNOWN = torch.float16 if DEVICE.type == "cuda" else torch.float32
teacher = {name: value.to(DEVICE, KNOWN) for name, value in bert.items() if value.is_floating_point()}
masters = {name: value.to(DEVICE, torch.float32).requires_grad_() for name, value in load_file(os.path.join(STUDENT, "model.safetensors")).items()}

# The same widths at every step, from many drawn batches.
trial = torch.stack([texts.draw(BATCH)[1] for _ in range(100)])
per = BATCH // CHUNKS
edges = [int(trial[:, (c + 1) * per - 1].float().quantile(0.99)) + 2 for c in range(CHUNKS)]
WIDTHS = [min(256, (edge + 7) // 8 * 8) for edge in edges]
print("widths", WIDTHS, "tokens", int(trial.float().sum(1).mean()), "of", sum(w * per for w in WIDTHS), flush=True)


def batch():
    start, length = texts.draw(BATCH)
    return [texts.chunk(start[c * per : (c + 1) * per], length[c * per : (c + 1) * per], WIDTHS[c]) for c in range(CHUNKS)]


def forward(chunks, weights):
    own, known, errors, variances = [], [], 0, 0
    for ids, is_token in chunks:
        with torch.no_grad(): targets = states(teacher, ids, is_token, False, KNOWN)
        said = states(weights, ids, is_token, True, TYPE)
        own.append(pooled(said[-1], is_token)), known.append(pooled(targets[-1], is_token))
        m = is_token[..., None]
        e, v = [], []
        for a, b in zip(said, targets):
            b = b.float()
            mean = (b * m).sum((0, 1)) / m.sum()
            e.append(((a.float() - b).square() * m).sum()), v.append(((b - mean).square() * m).sum())
        errors, variances = errors + torch.stack(e), variances + torch.stack(v)
    own, known = torch.cat(own), torch.cat(known)
    cosine = (own * known).sum(1).mean()
    wanted, found = similarities(known), similarities(own)
    divergence = (wanted.exp() * (wanted - found)).sum(1).mean()
    missed = errors / variances
    return COSINE_WEIGHT * (1 - cosine) + divergence + STATES_WEIGHT * missed.mean(), cosine.detach(), missed.detach()


# Muon for the layers' matrices, AdamW for all else.
is_matrix = {name: ".layer." in name and name.endswith(".weight") and "LayerNorm" not in name for name in masters}
shapes = {}
for name, value in masters.items():
    if is_matrix[name]: shapes.setdefault(tuple(value.shape), []).append(name)
momentum = {shape: torch.zeros(len(names), *shape, device=DEVICE) for shape, names in shapes.items()}
others = [name for name in masters if not is_matrix[name]]
adam = torch.optim.AdamW(
    [{"params": [masters[n] for n in others if n.endswith("embeddings.weight") or "bias.weight" in n], "weight_decay": DECAY},
     {"params": [masters[n] for n in others if not (n.endswith("embeddings.weight") or "bias.weight" in n)], "weight_decay": 0.0}],
    lr=RATE, betas=(0.9, 0.999), eps=1e-8, fused=DEVICE.type == "cuda")


@torch.no_grad()
def muon(rate):
    for shape, names in shapes.items():
        sums = momentum[shape]
        gradient = torch.stack([masters[n].grad for n in names])
        sums.mul_(MOMENTUM).add_(gradient)
        g = gradient + MOMENTUM * sums
        tall = shape[0] > shape[1]
        x = g.transpose(1, 2) if tall else g
        x = (x / (x.norm(dim=(1, 2), keepdim=True) + 1e-7)).to(TYPE)
        for _ in range(5):
            s = x @ x.transpose(1, 2)
            x = 3.4445 * x + (-4.7750 * s + 2.0315 * s @ s) @ x
        x = (x.transpose(1, 2) if tall else x).float() * math.sqrt(max(shape))
        # An orthogonal direction, scaled to a root mean square of 1, as a step of AdamW has about.
        for n, direction in zip(names, x): masters[n].mul_(1 - rate * DECAY).add_(direction, alpha=-rate * MATRICES_SHARE)


def snapshot():
    os.makedirs(OUT, exist_ok=True)
    save_file({name: value.detach().to("cpu", torch.float16).contiguous() for name, value in masters.items()}, os.path.join(OUT, "model.safetensors"))


torch.manual_seed(7)
held_out = [batch() for _ in range(2)]


@torch.no_grad()
def measure():
    weights = {name: value.to(TYPE) for name, value in masters.items()}
    results = [forward(b, weights) for b in held_out]
    return float(sum(r[1] for r in results) / len(results)), [round(float(x), 4) for x in results[0][2]]


print("before:", measure(), flush=True)
torch.manual_seed(43)
began, step, seen, sums = time.time(), 0, 0, torch.zeros(2, device=DEVICE)
best, kept = float("inf"), None
while True:
    passed = time.time() - began
    if passed >= SECONDS: break
    rate = RATE * min(1, (step + 1) / WARMUP) * (1 - passed / SECONDS)
    weights = {name: value.to(TYPE) for name, value in masters.items()}
    loss, cosine, missed = forward(batch(), weights)
    loss.backward()
    torch.nn.utils.clip_grad_norm_([masters[n] for n in others], 1.0)
    muon(rate)
    for group in adam.param_groups: group["lr"] = rate
    adam.step(); adam.zero_grad(set_to_none=True)
    for value in masters.values(): value.grad = None
    step += 1
    sums += torch.stack([loss.detach(), cosine])
    if step % 100 == 0 or (step < 100 and step % 20 == 0):
        n = 100 if step % 100 == 0 and step > 100 else 20
        mean_loss, mean_cosine = (sums / n).tolist(); sums.zero_()
        if step % 500 == 0 or step <= 100: print(f"{step} {time.time() - began:.0f}s loss {mean_loss:.3f} cosine {mean_cosine:.4f} rate {rate:.1e}", measure() if step % 1000 == 0 else "", flush=True)
        # A rate that was too high is halved, from the last good weights.
        if step > 200 and (not math.isfinite(mean_loss) or mean_loss > 1.5 * best):
            print(f"step {step}: loss {mean_loss:.3f} after {best:.3f}; back, at half the rate", flush=True)
            RATE /= 2
            with torch.no_grad():
                for name, value in kept.items(): masters[name].copy_(value)
                for value in momentum.values(): value.zero_()
        elif step >= 100:
            best = min(best, mean_loss)
            if step % 500 == 0 or kept is None: kept = {name: value.detach().clone() for name, value in masters.items()}
        if step % 2000 == 0: snapshot()
print("after:", step, "steps", measure(), flush=True)
snapshot()
