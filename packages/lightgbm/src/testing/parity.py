"""Does the cases of a file with LightGBM's Python package: python parity.py CASES.json FOLDER > OUTCOMES.jsonl

Each line is what a case came to, by the names that parity-run.ts gives them. Numbers go through repr, which loses nothing.
"""
import json
import os
import sys
import warnings

import lightgbm as lgb
import numpy as np

warnings.simplefilter("ignore")


def table(case, rows):
    kind = np.float32 if case["isFloat"] else np.float64
    return np.array([np.nan if one is None else one for one in rows["x"]], dtype=kind).reshape(-1, case["columns"])


def dataset(case, rows, parameters, reference=None):
    array = lambda name: None if rows[name] is None else np.array(rows[name], dtype=float)
    score = array("initScore")
    if score is not None and case["classes"] > 1:
        score = score.reshape(case["classes"], -1).T
    return lgb.Dataset(
        table(case, rows), array("label"), reference=reference, weight=array("weight"),
        group=None if rows["group"] is None else np.array(rows["group"], dtype=np.int32), init_score=score,
        feature_name=case["featureNames"] or "auto", categorical_feature=case["categorical"] or "auto",
        params=None if case["isLate"] else dict(parameters), free_raw_data=False)


def residuals(case):
    label = np.array(case["training"]["label"])
    wanted = label if case["classes"] == 1 else (label[:, None] == np.arange(case["classes"])).astype(float)
    return lambda scores, _: (scores - wanted, np.ones_like(scores))


def mean(scores, _):
    total = 0.0
    for score in np.asarray(scores).ravel(order="F").tolist():
        total += score
    return "mean", total / scores.size, False


def by_hand(case, parameters, history):
    train = dataset(case, case["training"], parameters)
    held = dataset(case, case["validation"], parameters, train)
    if case["isLate"]:
        train.params, held.params = dict(parameters), dict(parameters)
    booster = lgb.Booster(dict(parameters), train)
    booster.add_valid(held, "held")

    def evaluate():
        history.extend(one[2] for one in booster.eval_train() + booster.eval_valid())

    for rate in [None, None, 0.05, None]:
        if rate is not None:
            booster.reset_parameter({"learning_rate": rate})
        booster.update()
        evaluate()
    booster.rollback_one_iter()
    evaluate()
    booster.update()
    evaluate()
    return booster


def grow(case, parameters, history):
    if case["way"] == "steps":
        return by_hand(case, parameters, history)
    if case["way"] == "custom":
        parameters = {name: value for name, value in parameters.items() if value != "none"}
        parameters["objective"] = residuals(case)

    def note(env):
        history.extend(one[2] for one in env.evaluation_result_list)

    note.order = 0

    def train(rounds, first=None):
        data = dataset(case, case["training"], parameters)
        held = dataset(case, case["validation"], parameters, data)
        return lgb.train(dict(parameters), data, rounds, valid_sets=[data, held], valid_names=["training", "held"],
                         feval=mean if case["way"] == "custom" else None, init_model=first, callbacks=[note])

    if case["way"] == "resume":
        return train(case["rounds"], train(3))
    return train(case["rounds"])


def flatten(value):
    if isinstance(value, bool):
        return [float(value)]
    if isinstance(value, (int, float)):
        return [value]
    if isinstance(value, str):
        return [len(value)]
    if value is None:
        return [float("nan")]
    return [one for part in (value.values() if isinstance(value, dict) else value) for one in flatten(part)]


def run(case, folder):
    parameters = dict(case["parameters"])
    for name in case["files"]:
        parameters[name] = f"{folder}/{case['seed']}-{name}.json"
    history = []
    booster = grow(case, parameters, history)
    x = table(case, case["validation"])
    text_of = lambda **range_: booster.model_to_string(**range_).removesuffix("\npandas_categorical:null\n").replace(folder, "FOLDER")
    text = text_of()
    predict = lambda **how: np.asarray(booster.predict(x, **how), dtype=float).ravel().tolist()
    dump = booster.dump_model()
    dump.pop("pandas_categorical")
    two = {"start_iteration": 1, "num_iteration": 2}
    outcome = {
        "text": text,
        "text of two iterations": text_of(**two, importance_type="gain"),
        "dump": flatten(dump),
        "history": history,
        "iterations": [booster.current_iteration(), max(0, booster.best_iteration), booster._Booster__num_class, booster.num_feature()],
        "value": predict(),
        "raw": predict(raw_score=True),
        "leaf": predict(pred_leaf=True),
        "raw of two iterations": predict(raw_score=True, **two),
        "stopped early": predict(pred_early_stop=True, pred_early_stop_freq=1),
        "splits": booster.feature_importance("split").astype(float).tolist(),
        "gains": booster.feature_importance("gain").tolist(),
    }
    if "[linear_tree: 1]" not in text:
        outcome["contribution"] = predict(pred_contrib=True)
        for kind in ("value", "raw", "leaf"):
            outcome[f"{kind} in TypeScript"] = outcome[kind]
    return outcome


def plain(value):
    """JSON has no NaN and no infinity."""
    if isinstance(value, list):
        return [one if np.isfinite(one) else repr(float(one)) for one in value]
    return value


def outcome_of(case, folder):
    try:
        return {name: plain(value) for name, value in run(case, folder).items()}
    except Exception as error:  # What is refused here has to be refused there.
        return {"refused": f"{type(error).__name__}: {error}"}


if __name__ == "__main__":
    # What LightGBM has to say, some of it beside Python, is no outcome.
    outcomes = os.fdopen(os.dup(1), "w")
    os.dup2(2, 1)
    cases = json.load(open(sys.argv[1]))
    done = 0
    # In a process of their own: some of what LightGBM accepts ends it.
    while done < len(cases):
        counted, count = os.pipe()
        child = os.fork()
        if child == 0:
            for case in cases[done:]:
                print(json.dumps({"seed": case["seed"], "outcome": outcome_of(case, sys.argv[2])}), file=outcomes, flush=True)
                os.write(count, b".")
            os._exit(0)
        os.close(count)
        with os.fdopen(counted, "rb") as finished:
            done += len(finished.read())
        status = os.waitpid(child, 0)[1]
        if status != 0:
            ended = {"ended": f"by signal {os.WTERMSIG(status)}"}
            print(json.dumps({"seed": cases[done]["seed"], "outcome": ended}), file=outcomes, flush=True)
            done += 1
