"""Writes random scores and labels into the folder argv[1] and prints what scikit-learn says of them, as JSON."""
import json, os, sys
import numpy as np
from sklearn import metrics as skm
from sklearn.preprocessing import label_binarize

rng = np.random.default_rng(5)
cases = []


def case(name, scores, labels, flags, figures, per_class, curves={}):
    paths = {kind: os.path.join(sys.argv[1], f"{name}.{kind}.npy") for kind in ("scores", "labels", *curves)}
    for kind, array in dict(scores=scores, labels=labels, **curves).items():
        np.save(paths[kind], array)
    cases.append(dict(name=name, scores=paths["scores"], labels=paths["labels"], flags=flags, curves={kind: paths[kind] for kind in curves},
                      figures={k: float(v) for k, v in figures.items()}, per_class=per_class))


def bins_of(p, came_true, bins=15):  # rows of the calibration curve
    at = np.clip(np.ceil(p * bins).astype(int) - 1, 0, bins - 1)
    return np.array([(b / bins, (b + 1) / bins, p[at == b].mean(), came_true[at == b].mean(), (at == b).sum()) for b in range(bins) if (at == b).any()])


def calibration_error(p, came_true):
    rows = bins_of(p, came_true)
    return (rows[:, 4] * abs(rows[:, 2] - rows[:, 3])).sum() / len(p)


def of_classes(y, hit, aucs):  # rows of precision, recall, F1, support, AUC
    return [list(map(float, row)) for row in zip(*skm.precision_recall_fscore_support(y, hit), aucs)]


def curves_of_two(y, s, p, hit):
    fpr, tpr, at = skm.roc_curve(y, s, drop_intermediate=False)
    at[0] = np.inf
    precision, recall, above = skm.precision_recall_curve(y, s)
    return dict(roc=np.stack([fpr, tpr, at], 1), pr=np.stack([recall[:-1], precision[:-1], above], 1)[::-1],
                calibration=bins_of(p, y), confusion=skm.confusion_matrix(y, hit))


def of_two(y, s, p):  # s: what ranks, p: probability of class 1
    hit = p > 0.5
    return dict(brier=skm.brier_score_loss(y, p), partial_auc=skm.roc_auc_score(y, s, max_fpr=0.2), calibration_error=calibration_error(p, y), loss=skm.log_loss(y, p), accuracy=skm.accuracy_score(y, hit), auc=skm.roc_auc_score(y, s),
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
    limit, rows = ["--max-fpr", "0.2"], of_classes(y, s > 0, [skm.roc_auc_score(y, s)] * 2)
    case(name, s, y, limit, of_two(y, s, p), rows, curves_of_two(y, s.astype(np.float64), p, s > 0))
    case(name + "_two_columns", np.stack([-s / 2, s / 2], 1), y, limit, of_two(y, s, p), rows)

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
    f.update(auc=f["auc_ovr_macro"], f1=f["f1_macro"], brier=((p - onehot) ** 2).sum(1).mean(), calibration_error=calibration_error(p.max(1), hit == y))
    case(f"classes{k}", z, y, [], f, of_classes(y, hit, skm.roc_auc_score(onehot, p, average=None)),
         dict(calibration=bins_of(p.max(1), hit == y), confusion=skm.confusion_matrix(y, hit)))
    one, is_one = p[:, 1], (y == 1).astype(int)
    odds = np.log(one / (1 - one))
    case(f"classes{k}_positive", z, y, ["--positive", "1", "--max-fpr", "0.2"], of_two(is_one, odds, one),
         of_classes(is_one, odds > 0, [skm.roc_auc_score(is_one, odds)] * 2))

# Probabilities as they are, some of them 0 and 1, where the class is so; and their logits, which are infinite then and which
# scikit-learn does not take.
for name, n, share, dtype in [("probabilities", 400, 0.4, np.float64), ("probabilities32", 300, 0.2, np.float32)]:
    y = (rng.random(n) < share).astype(np.int64)
    given = (1 / (1 + np.exp(-1.5 * rng.standard_normal(n) - 2 * y + 1))).astype(dtype)
    given[:20], y[:20], given[20:40], y[20:40] = 0, 0, 1, 1
    p = given.astype(np.float64)
    with np.errstate(divide="ignore"):
        logits, logs = np.log(p / (1 - p)), np.log(np.stack([1 - p, p], 1))
    limit, rows, figures = ["--max-fpr", "0.2"], of_classes(y, p > 0.5, [skm.roc_auc_score(y, p)] * 2), of_two(y, p, p)
    case(name, given, y, limit + ["--probabilities"], figures, rows, curves_of_two(y, p, p, p > 0.5))
    case(name + "_two_columns", np.stack([1 - p, p], 1), y, limit + ["--probabilities"], figures, rows)
    case(name + "_logits", logits, y, limit, figures, rows)
    case(name + "_logs", logs, y, limit, figures, rows)

for k, n, dtype in [(3, 300, np.float64), (6, 500, np.float32)]:
    y = rng.integers(0, k, n)
    z = 2 * rng.standard_normal((n, k))
    z[np.arange(n), y] += 1
    p = softmax(z)
    if dtype == np.float32:  # in steps of 1/256, so that rows of float32 sum to 1 for scikit-learn, too
        p = np.floor(p * 250) + 1
        p[:, -1] += 256 - p.sum(1)
        p /= 256
    p[:30] = np.eye(k)[y[:30]]
    hit, onehot = p.argmax(1), label_binarize(y, classes=range(k))
    f = dict(loss=skm.log_loss(y, p), accuracy=skm.accuracy_score(y, hit), average_precision=skm.average_precision_score(onehot, p),
             brier=((p - onehot) ** 2).sum(1).mean(), calibration_error=calibration_error(p.max(1), hit == y))
    for scheme in ("ovr", "ovo"):
        for mean in ("macro", "weighted"):
            f[f"auc_{scheme}_{mean}"] = skm.roc_auc_score(y, p, multi_class=scheme, average=mean)
    case(f"probabilities_of_{k}", p.astype(dtype), y, ["--probabilities"], f, of_classes(y, hit, skm.roc_auc_score(onehot, p, average=None)), dict(confusion=skm.confusion_matrix(y, hit)))

json.dump(cases, sys.stdout)
