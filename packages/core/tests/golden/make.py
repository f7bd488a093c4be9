"""Special functions by SciPy (1.17): python make.py > special-functions.json"""

import json

from scipy import special, stats

arguments = [0.01, 0.1, 0.5, 0.999, 1, 1.5, 2, 2.5, 3.7, 7.75, 7.99, 8, 12, 20, 60, 123.4, 1e4, 1e7]
values = [0, 0.01, 0.3, 1, 1.96, 3.5, 8, 30, 200]
probabilities = [0.5, 0.6, 0.9, 0.95, 0.975, 0.995, 0.9999, 0.999999]


def table(function, xs):
    return [[x, float(function(x))] for x in xs]


print(
    json.dumps(
        {
            "logGamma": table(special.gammaln, arguments),
            "digamma": table(special.digamma, arguments),
            "trigamma": table(lambda x: special.polygamma(1, x), arguments),
            "studentP": [
                [t, degrees, float(2 * stats.t.sf(t, degrees))]
                for degrees in [0.5, 1, 2.3, 4, 12, 40.7, 120, 1000]
                for t in values
            ],
            "studentQuantile": [
                [probability, degrees, float(stats.t.ppf(probability, degrees))]
                for degrees in [1, 2, 3, 5, 10, 25, 51, 200]
                for probability in probabilities
            ],
        }
    )
)
