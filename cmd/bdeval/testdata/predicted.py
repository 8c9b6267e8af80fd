"""Reads what bdeval predict and bdeval --worst wrote about the samples of told.json, all in the folder argv[1], and compares it with
the scores of bdeval --scores-out."""
import csv, json, os, sys
import numpy as np
from scipy.special import logsumexp
from sklearn.metrics import log_loss

os.chdir(sys.argv[1])
told = json.load(open("told.json"))  # keys, labels (-1: none), classes, positive: a class or null
s = np.load("scores.npy").astype(float)
if s.shape[1] == 1:
    s = np.hstack([0 * s, s])
p = np.exp(s - s.max(1, keepdims=True))
p /= p.sum(1, keepdims=True)
classes = told["classes"]
names = told["told"]
labels = [classes[y] if y >= 0 else None for y in told["labels"]]

raw = open("predictions.csv", newline="").read()
assert "\r" not in raw and raw.endswith("\n")
header, *rows = csv.reader(open("predictions.csv", newline=""))
assert header == ["key", "label", "predicted"] + ["p_" + name for name in names], header
assert len(rows) == len(s) == len(told["keys"])
for i, row in enumerate(rows):
    assert row[0] == told["keys"][i], (row, i)
    assert row[1] == (labels[i] or ""), (row, i)
    assert row[2] == names[s[i].argmax()], (row, i)
    q = np.array(row[3:], float)
    assert abs(q.sum() - 1) < 1e-15 * len(names), (row, i)
    np.testing.assert_allclose(q, p[i], rtol=1e-7, atol=1e-300)

objects = [json.loads(line) for line in open("predictions.jsonl")]
assert len(objects) == len(rows)
for o, row in zip(objects, rows):
    assert list(o) == ["key", "label", "predicted", "p"], o
    assert [o["key"], o["label"] or "", o["predicted"]] == row[:3] and (o["label"] is None) == (row[1] == ""), (o, row)
    assert list(o["p"]) == names and list(o["p"].values()) == list(map(float, row[3:])), (o, row)

if all(labels):
    y = np.array(told["labels"])
    side = (y == classes.index(told["positive"])).astype(int) if told["positive"] is not None else y
    report = json.load(open("worst.json"))
    each = logsumexp(s, axis=1) - s[range(len(s)), side]
    assert abs(report["loss"]["value"] - each.mean()) < 1e-12 * each.mean(), (report["loss"], each.mean())
    if p.min() > 1e-15:  # it clips them there
        assert abs(log_loss(side, p, labels=range(len(names))) - each.mean()) < 1e-9 * each.mean()
    worst = np.argsort(-each, kind="stable")[: told["worst"]]
    assert [w["key"] for w in report["worst"]] == [told["keys"][i] for i in worst], report["worst"]
    for w, i in zip(report["worst"], worst):
        assert (w["label"], w["predicted"]) == (labels[i], names[s[i].argmax()]), (w, i)
        np.testing.assert_allclose([w["p"], w["loss"]], [p[i][side[i]], each[i]], rtol=1e-7)
