"""Writes random scores and labels into the folder argv[1] and prints what scikit-learn says of them, as JSON."""
import json, os, sys
import numpy as np
from sklearn import metrics as skm
from sklearn.preprocessing import label_binarize

rng = np.random.default_rng(5)
cases = []


def case(name, scores, labels, flags, figures):
    paths = [os.path.join(sys.argv[1], f"{name}.{kind}.npy") for kind in ("scores", "labels")]
    np.save(paths[0], scores)
    np.save(paths[1], labels)
    cases.append(dict(name=name, scores=paths[0], labels=paths[1], flags=flags, figures={k: float(v) for k, v in figures.items()}))


def of_two(y, s, p):  # s: logit, p: probability of class 1
    hit = s > 0
    return dict(loss=skm.log_loss(y, p), accuracy=skm.accuracy_score(y, hit), auc=skm.roc_auc_score(y, s),
                average_precision=skm.average_precision_score(y, s), f1=skm.f1_score(y, hit),
                f1_macro=skm.f1_score(y, hit, average="macro"), f1_weighted=skm.f1_score(y, hit, average="weighted"))


def softmax(z):
    e = np.exp(z.astype(np.float64) - z.max(1, keepdims=True))
    return e / e.sum(1, keepdims=True)


for name, n, share, step, dtype in [("float32", 500, 0.3, 0, np.float32), ("rare", 2000, 0.01, 0, np.float64), ("ties", 300, 0.5, 0.5, np.float32)]:
    y = (rng.random(n) < share).astype(np.int64)
    s = (rng.standard_normal(n) + 2 * y - 1).astype(dtype)
    if step:
        s = np.round(s / step) * step
    p = 1 / (1 + np.exp(-s.astype(np.float64)))
    case(name, s, y, [], of_two(y, s, p))
    case(name + "_two_columns", np.stack([-s / 2, s / 2], 1), y, [], of_two(y, s, p))

for k, n, dtype in [(3, 400, np.float32), (5, 300, np.float64), (10, 1000, np.float32)]:
    y = rng.choice(k, n, p=np.arange(1, k + 1) / np.arange(1, k + 1).sum())
    z = rng.standard_normal((n, k)).astype(dtype)
    z[np.arange(n), y] += 1
    p, hit, onehot = softmax(z), z.argmax(1), label_binarize(y, classes=range(k))
    f = dict(loss=skm.log_loss(y, p), accuracy=skm.accuracy_score(y, hit), average_precision=skm.average_precision_score(onehot, p))
    for scheme in ("ovr", "ovo"):
        for mean in ("macro", "weighted"):
            f[f"auc_{scheme}_{mean}"] = skm.roc_auc_score(y, p, multi_class=scheme, average=mean)
    for mean in ("macro", "micro", "weighted"):
        f["f1_" + mean] = skm.f1_score(y, hit, average=mean)
    f.update(auc=f["auc_ovr_macro"], f1=f["f1_macro"])
    case(f"classes{k}", z, y, [], f)
    one = p[:, 1]
    case(f"classes{k}_positive", z, y, ["--positive", "1"], of_two((y == 1).astype(int), np.log(one / (1 - one)), one))

json.dump(cases, sys.stdout)
