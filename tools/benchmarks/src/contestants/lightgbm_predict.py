"""LightGBM's Python package: predicts the data on one thread."""
import hashlib
import sys

import lightgbm as lgb
import numpy as np

from sample import print_sample, timed

folder, model = sys.argv[1], sys.argv[2]
values = np.fromfile(f"{folder}/values.bin", np.float32).reshape(-1, 40)
booster = lgb.Booster(model_file=model)
seconds, result = timed(lambda: booster.predict(values, num_threads=1))
print_sample(seconds, hashlib.sha256(result.tobytes()).hexdigest()[:16])
