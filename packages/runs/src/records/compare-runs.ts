import type { RunRecord } from './run-record.ts';

/** A fact of which two runs differ; null where one lacks it. */
export interface Difference {
  readonly of: string;
  readonly first: string | number | null;
  readonly second: string | number | null;
}

/** Where two runs differ. */
export interface RunComparison {
  /** Code, parameters, inputs, images, versions. */
  readonly facts: readonly Difference[];
  /** All metrics of either, the same ones too, as `step: name`. */
  readonly metrics: readonly Difference[];
  /** Seconds of all steps of either. */
  readonly seconds: readonly Difference[];
}

/**
 * Compares what went into two runs and what came of it.
 * @param first one run
 * @param second the other
 * @returns facts that differ, and all metrics and timings side by side
 */
export function compareRuns(first: RunRecord, second: RunRecord): RunComparison {
  const facts = sideBySide(factsOf(first), factsOf(second));
  return {
    facts: facts.filter((each) => each.first !== each.second),
    metrics: sideBySide(metricsOf(first), metricsOf(second)),
    seconds: sideBySide(secondsOf(first), secondsOf(second)),
  };
}

type Values = ReadonlyMap<string, string | number | null>;

function sideBySide(first: Values, second: Values): Difference[] {
  const names = [...new Set([...first.keys(), ...second.keys()])];
  return names.map((of) => ({ of, first: first.get(of) ?? null, second: second.get(of) ?? null }));
}

function factsOf({ kind, state, code, parameters, inputs, images, versions }: RunRecord): Values {
  const { version, commit, dirty } = code;
  return new Map<string, string | number | null>([
    ['kind', kind],
    ['state', state],
    ['code', `${version}${commit === null ? '' : ` ${commit}`}${dirty === true ? ' with changes' : ''}`],
    ...Object.entries(parameters).map(([name, value]) => [`parameter ${name}`, value] as const),
    ...inputs.map(({ name, fingerprint }) => [`input ${name}`, fingerprint] as const),
    ...images.map(({ name, uri, digest }) => [`image ${name}`, digest ?? uri] as const),
    ...versions.map(
      ({ step, model, role, version: number, artifact }) =>
        [`${role} ${model}${step === null ? '' : ` (${step})`}`, number ?? artifact] as const,
    ),
  ]);
}

function metricsOf({ metrics }: RunRecord): Values {
  return new Map(
    metrics.map(({ step, name, value, notFinite }) => [
      step === null ? name : `${step}: ${name}`,
      value ?? notFinite,
    ]),
  );
}

function secondsOf({ steps, seconds }: RunRecord): Values {
  return new Map<string, number | null>([
    ...steps.map((step) => [step.step, step.seconds] as const),
    ['the whole run', seconds],
  ]);
}
