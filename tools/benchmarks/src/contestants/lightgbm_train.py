"""LightGBM's Python package: bins the data and grows trees, with the parameters of tree-data.ts."""
import hashlib
import sys
import time

import lightgbm as lgb
import numpy as np

from sample import print_sample

folder, rounds = sys.argv[1], int(sys.argv[2])
values = np.fromfile(f"{folder}/values.bin", np.float32).reshape(-1, 40)
label = np.fromfile(f"{folder}/label.bin", np.float32)
parameters = dict(objective="cross_entropy", num_leaves=63, learning_rate=0.1, num_threads=2, verbosity=-1)

began = time.perf_counter()
data = lgb.Dataset(values, label, categorical_feature=[0, 1, 2, 3, 4], params=parameters).construct()
binned = time.perf_counter()
booster = lgb.train(parameters, data, rounds)
ended = time.perf_counter()

# Python adds a line of its own about pandas.
text = booster.model_to_string().removesuffix("\npandas_categorical:null\n").strip()
stages = {"dataset": (binned - began) / (ended - began), "training": (ended - binned) / (ended - began)}
print_sample(ended - began, hashlib.sha256(text.encode()).hexdigest()[:16], stages=stages)
