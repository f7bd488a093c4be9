"""Writes distributions.json: probabilities of bins of known distributions, by SciPy.

Run: pip install scipy && python make.py   (made with SciPy 1.17.1)
Continuous distributions are cut at their deciles; discrete ones at every count that is likely enough, tails joined.
`limit` is the 99.9 % quantile of chi-square: what a fair sample exceeds once in a thousand seeds.
"""

import json
from pathlib import Path

import numpy as np
from scipy import stats


def continuous(name, distribution, **parameters):
    edges = distribution.ppf(np.arange(1, 10) / 10)
    return case(name, parameters, edges, np.full(10, 0.1))


def discrete(name, distribution, **parameters):
    """Edge e separates counts <= e from those above."""
    low, high = int(distribution.ppf(0.02)), int(distribution.ppf(0.98))
    step = max(1, (high - low) // 20)
    edges = np.arange(low, high + 1, step)
    edges = edges[distribution.sf(edges) > 0]
    cdf = np.concatenate([[0], distribution.cdf(edges), [1]])
    return case(name, parameters, edges, np.diff(cdf))


def case(name, parameters, edges, shares):
    return {
        "name": name,
        "parameters": parameters,
        "edges": [float(e) for e in edges],
        "shares": [float(s) for s in shares],
        "limit": float(stats.chi2.ppf(0.999, len(shares) - 1)),
    }


def negative_binomial(mean, size):
    return stats.nbinom(size, size / (size + mean))


cases = [
    continuous("normal", stats.norm()),
    *[continuous("gamma", stats.gamma(a), shape=a) for a in (0.3, 1.0, 2.5, 40.0)],
    *[continuous("beta", stats.beta(a, b), a=a, b=b) for a, b in ((0.5, 0.5), (2.0, 5.0), (30.0, 31.0))],
    *[discrete("poisson", stats.poisson(m), mean=m) for m in (0.4, 3.0, 11.9, 12.5, 150.0, 4000.0)],
    *[
        discrete("binomial", stats.binom(n, p), trials=n, probability=p)
        for n, p in ((5, 0.5), (40, 0.1), (40, 0.9), (1000, 0.3), (100000, 0.71))
    ],
    *[
        discrete("negativeBinomial", negative_binomial(m, k), mean=m, size=k)
        for m, k in ((0.8, 5.0), (6.0, 2.0), (60.0, 12.0))
    ],
]

Path(__file__).with_name("distributions.json").write_text(json.dumps(cases, indent=1) + "\n")
