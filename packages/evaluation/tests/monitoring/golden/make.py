"""Makes variance-prior.json: priors of variances by the moments of Smyth 2004, section 6.2, with scipy's special functions.

Made with Python 3.11, numpy 2.4, scipy 1.17: python make.py
"""

import json
from pathlib import Path

import numpy as np
from scipy import optimize, special

random = np.random.default_rng(7)


def fit(variances, degrees):
    logs = np.log(variances) - special.digamma(degrees / 2) + np.log(degrees / 2)
    mean = logs.mean()
    excess = logs.var(ddof=1) - special.polygamma(1, degrees / 2).mean()
    if excess <= 0:
        return None, float(np.exp(mean))
    half = optimize.brentq(lambda x: special.polygamma(1, x) - excess, 1e-4, 1e5, xtol=1e-13)
    return 2 * float(half), float(np.exp(mean + special.digamma(half) - np.log(half)))


def case(count, prior_degrees, scale):
    degrees = random.integers(3, 40, count) / 1.5
    true = np.full(count, scale) if prior_degrees is None else scale * prior_degrees / random.chisquare(prior_degrees, count)
    variances = true * random.chisquare(degrees) / degrees
    prior, variance = fit(variances, degrees)
    return {"variances": variances.tolist(), "degrees": degrees.tolist(), "priorDegrees": prior, "priorVariance": variance}


cases = [case(12, 4.0, 0.01), case(40, 12.0, 3.0), case(5, 2.0, 1.0), case(30, None, 0.2)]
Path(__file__).with_name("variance-prior.json").write_text(json.dumps({"cases": cases}, indent=2) + "\n")
