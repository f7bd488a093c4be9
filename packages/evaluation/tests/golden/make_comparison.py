"""Paired t intervals by SciPy 1.17: writes comparison.json. Run: python make_comparison.py"""

import json
import pathlib

import numpy as np
from scipy import stats

random = np.random.default_rng(5)
cases = []
for pairs in (2, 3, 5, 12, 60):
    for confidence, comparisons in ((0.95, 1), (0.95, 11), (0.99, 33)):
        reference = random.uniform(0.4, 0.9, pairs)
        candidate = reference + random.normal(-0.03, 0.02, pairs)
        level = 1 - (1 - confidence) / comparisons
        interval = stats.ttest_rel(candidate, reference).confidence_interval(level)
        cases.append(
            {
                "candidate": list(candidate),
                "reference": list(reference),
                "confidence": confidence,
                "comparisons": comparisons,
                "difference": float(np.mean(candidate - reference)),
                "interval": [float(interval.low), float(interval.high)],
            }
        )

path = pathlib.Path(__file__).parent / "comparison.json"
path.write_text(json.dumps(cases, indent=1) + "\n")
