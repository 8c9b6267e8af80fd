"""Times the AUC of scores in Python, read from files: auc.py METHOD SCORES.npy LABELS.npy THREADS

METHOD is sklearn, its AUC alone; or delong, in NumPy with DeLong's interval, from sorted scores (X. Sun, W. Xu, "Fast
implementation of DeLong's algorithm", IEEE Signal Processing Letters 21, 2014), the negative ones in a part for each thread.
"""
import sys
from concurrent.futures import ThreadPoolExecutor

import numpy as np

from serve import serve

method, scores, labels, threads = sys.argv[1], sys.argv[2], sys.argv[3], int(sys.argv[4])
pool = ThreadPoolExecutor(threads)


def ranks(x, y):
    """For each y, the number of sorted x below it; equal ones count half."""
    return (np.searchsorted(x, y, "left") + np.searchsorted(x, y, "right")) / 2


def delong():
    s, y = np.load(scores), np.load(labels) == 1
    positive = np.sort(s[y])

    def part(negative):
        negative.sort()
        return ranks(negative, positive), ranks(positive, negative)

    below, above = zip(*pool.map(part, np.array_split(s[~y], threads)))
    above = np.concatenate(above)
    v10, v01 = sum(below) / len(above), 1 - above / len(positive)
    auc, error = v10.mean(), np.sqrt(v10.var(ddof=1) / len(positive) + v01.var(ddof=1) / len(above))
    return auc, auc - 1.959964 * error, auc + 1.959964 * error


if method == "sklearn":
    import sklearn
    from sklearn.metrics import roc_auc_score

    name = "scikit-learn " + sklearn.__version__

    def run():
        return (roc_auc_score(np.load(labels), np.load(scores)),)
else:
    name, run = "NumPy " + np.__version__, delong

serve(name + "; AUC " + " ".join(f"{v:.4f}" for v in run()), run)
