"""The loss by its formulas, in 64 bits of plain Python, and its gradients by central differences: python make.py > loss.json"""

import json
import math
import random

SERIES, WEEKS, SLOPES = 2, 4, 12
PENALTIES = {"levelPenalty": 0.3, "tiltPenalty": 0.05}
CELLS = range(SERIES * WEEKS)

random.seed(7)
level = [random.gauss(0, 0.6) for _ in CELLS]
tilt = [random.gauss(0, 1) for _ in CELLS]
slopes = [abs(random.gauss(0, 0.8)) for _ in range(len(CELLS) * SLOPES)]
reach = [random.uniform(-0.1, 0.3) for _ in range(len(CELLS) * SLOPES)]
dispersion = [random.gauss(-1, 0.5) for _ in CELLS]
demand = [random.expovariate(1) for _ in CELLS]
weight = [random.uniform(5, 60) for _ in CELLS]
# A week whose demand is not known, one without demand, and the bounds: of log demand, of the squared error, of the dispersion.
weight[2], demand[2] = 0, 0
demand[3] = 0
level[4], weight[4] = 12, 0.01
demand[5] = 40
dispersion[6] = 5


def log_demand(level, slopes, cell):
    lift = sum(slopes[cell * SLOPES + k] * reach[cell * SLOPES + k] for k in range(SLOPES))
    return min(8, max(-8, level[cell] + lift))


# The scatter is taken around the mean as it is: its gradient reaches the dispersion alone.
MEAN = [math.exp(log_demand(level, slopes, cell)) for cell in CELLS]


def loss(level, tilt, slopes, dispersion):
    known = [cell for cell in CELLS if weight[cell] > 0]
    total = sum(weight)
    usual = sum(level[cell] for cell in known) / len(known)
    sums = {"poisson": 0, "pull": 0, "tilt": 0, "scatter": 0}
    for cell in known:
        log = log_demand(level, slopes, cell)
        sums["poisson"] += weight[cell] / total * (math.exp(log) - demand[cell] * log)
        sums["pull"] += (level[cell] - usual) ** 2 / len(known)
        sums["tilt"] += tilt[cell] ** 2 / len(known)
        error = min(25, ((demand[cell] - MEAN[cell]) / (MEAN[cell] + 1e-3)) ** 2)
        confined = min(4, max(-6, dispersion[cell]))
        sums["scatter"] += 0.5 * (confined + error * math.exp(-confined)) / len(known)
    return (
        sums["poisson"]
        + PENALTIES["levelPenalty"] * sums["pull"]
        + PENALTIES["tiltPenalty"] * sums["tilt"]
        + sums["scatter"]
    )


outputs = {"level": level, "tilt": tilt, "slopes": slopes, "dispersion": dispersion}


def gradient(name):
    step, found = 1e-6, []
    for i in range(len(outputs[name])):
        moved = [{**outputs, name: outputs[name][:i] + [outputs[name][i] + by] + outputs[name][i + 1 :]} for by in (step, -step)]
        found.append((loss(**moved[0]) - loss(**moved[1])) / (2 * step))
    return found


def numbers(values, shape):
    return {"shape": shape, "values": [float(f"{value:.9g}") for value in values]}


ONE, MANY = [SERIES, WEEKS, 1], [SERIES, WEEKS, SLOPES]
shapes = {"level": ONE, "tilt": ONE, "slopes": MANY, "dispersion": ONE}
print(
    json.dumps(
        {
            "penalties": PENALTIES,
            "outputs": {name: numbers(values, shapes[name]) for name, values in outputs.items()},
            "targets": {
                "demand": numbers(demand, [SERIES, WEEKS]),
                "weight": numbers(weight, [SERIES, WEEKS]),
                "reach": numbers(reach, MANY),
            },
            "loss": float(f"{loss(**outputs):.9g}"),
            "gradients": {name: numbers(gradient(name), shapes[name]) for name in outputs},
        }
    )
)
