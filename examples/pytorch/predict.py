"""The class of each sample of an array, and the probability of each class: python3 predict.py model.safetensors x.npy > predictions.csv"""
import csv, json, sys, numpy as np, torch
from network import load

net = load(sys.argv[1])
x = torch.from_numpy(np.load(sys.argv[2]).astype("f4"))
if x.ndim == net.mean.ndim:  # one channel, without an axis of its own
    x = x.unsqueeze(1)
if x.ndim != net.mean.ndim + 1 or x.shape[1] != len(net.mean):
    sys.exit(f"the samples are {tuple(x.shape[1:])}, but the network takes {len(net.mean)} channels and {net.mean.ndim - 1} axes of space")
with torch.no_grad():
    scores = torch.cat([net(part) for part in x.split(32)])
out = csv.writer(sys.stdout, lineterminator="\n")
if "classes" not in net.about:  # a loss of ranks
    out.writerow(["sample", "score of " + net.about["positive"]])
    out.writerows([i, s] for i, s in enumerate(scores[:, 0].tolist()))
    sys.exit()
classes = json.loads(net.about["classes"])
if scores.shape[1] == 1:  # the logit of the second class; that of the first is 0
    scores = scores * torch.tensor([0.0, 1.0])
out.writerow(["sample", "class"] + classes)
out.writerows([i, classes[int(np.argmax(p))]] + p for i, p in enumerate(scores.softmax(1).tolist()))
