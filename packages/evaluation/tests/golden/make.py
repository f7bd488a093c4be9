"""Metrics of random forecasts by NumPy 2.4: writes metrics.json. Run: python make.py"""

import json
import pathlib

import numpy as np

random = np.random.default_rng(11)
cases = []
for rows in (1, 7, 400):
    actual = random.poisson(6, rows).astype(float) + 1
    forecast = actual + random.normal(0, 3, rows)
    weight = random.uniform(5, 90, rows)
    error = forecast - actual
    cases.append(
        {
            "actual": list(actual),
            "forecast": list(forecast),
            "weight": list(weight),
            "demand": {
                "demandError": float(np.sqrt((weight * error**2).sum() / (weight * actual**2).sum())),
                "demandBias": float((weight * error).sum() / (weight * actual).sum()),
                "rmse": float(np.sqrt(np.mean(error**2))),
                "mae": float(np.mean(np.abs(error))),
                "wape": float(np.abs(error).sum() / actual.sum()),
            },
            "weighted": {
                "rmse": float(np.sqrt(np.average(error**2, weights=weight))),
                "mae": float(np.average(np.abs(error), weights=weight)),
                "wape": float((weight * np.abs(error)).sum() / (weight * actual).sum()),
                "bias": float((weight * error).sum() / (weight * actual).sum()),
            },
        }
    )
pathlib.Path(__file__).with_name("metrics.json").write_text(json.dumps(cases) + "\n")
