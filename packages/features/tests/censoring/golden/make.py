"""Tails of Poisson counts by SciPy, and Gauss-Hermite rules by NumPy: python make.py > tails-and-rules.json"""

import json

import numpy as np
from scipy import special

tails = []
for count in [0.3, 1, 2, 5, 17, 60, 400]:
    for mean in [1e-3, 0.1, 0.9, 1.5, 4, 12, 18, 70, 390, 500]:
        log = float(special.loggamma(count).real)
        density = np.exp(count * np.log(mean) - mean - log)
        probability = float(special.gammainc(count, mean))
        if probability > 1e-250:
            tails.append([count, mean, float(np.log(probability)), float(density / probability)])
rules = {}
for nodes in [1, 2, 5, 12, 30]:
    z, w = np.polynomial.hermite_e.hermegauss(nodes)
    rules[nodes] = {"nodes": z.tolist(), "weights": (w / w.sum()).tolist()}
print(
    json.dumps(
        {
            "tails": tails,
            "rules": rules,
        }
    )
)
