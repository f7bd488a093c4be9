import type { AnyModel } from '@hemline/core';
import { describe, test } from 'vitest';
import type { ConformanceCheck } from './check.ts';
import { curveChecks } from './curve-checks.ts';
import { definitionChecks } from './definition-checks.ts';
import { forecastChecks } from './forecast-checks.ts';
import { gridChecks } from './grid-checks.ts';
import { heldOutChecks } from './held-out-checks.ts';
import { invarianceChecks } from './invariance-checks.ts';
import { jobChecks } from './job-checks.ts';
import { plausibilityChecks } from './plausibility-checks.ts';
import { readChecks } from './read-checks.ts';
import { strangerChecks } from './stranger-checks.ts';
import { Subject, type ConformanceOptions } from './subject.ts';

/** The check on which all others that need a fitted model rest. */
const WORKS = 'fit and predict come to an end on a small market';

/**
 * Everything that is demanded of every model, as functions that throw. `testModel` makes tests of them.
 * @param model under test
 * @param options hyperparameters, seed, size of the data, tolerance
 * @returns the checks; each can be run alone, in any order
 */
export function conformanceChecks(model: AnyModel, options: ConformanceOptions = {}): ConformanceCheck[] {
  const subject = new Subject(model, options);
  const works = async (): Promise<void> => void (await subject.baseline());
  const blocked = (): Promise<string | undefined> =>
    works().then(
      () => undefined,
      () => `nothing to look at: see "${WORKS}"`,
    );
  const fitted = [
    ...forecastChecks(subject),
    ...strangerChecks(subject),
    ...gridChecks(subject),
    ...curveChecks(subject),
    ...plausibilityChecks(subject),
    ...invarianceChecks(subject),
    ...heldOutChecks(subject),
    ...readChecks(subject),
    ...jobChecks(subject),
  ];
  return [
    ...definitionChecks(subject),
    { name: WORKS, run: works },
    ...fitted.map((check) => ({ ...check, blocked })),
  ];
}

/**
 * Registers the conformance suite for a model: call it at the top of a test file. Properties that the model's own
 * declaration rules out appear as skipped tests that say why, and so do those that cannot be looked at because `fit` or
 * `predict` fails: that is one red test, not thirty.
 * @param model under test
 * @param options hyperparameters (the preset `tiny` by default), seed, size of the synthetic market, tolerance, tensors
 */
export function testModel(model: AnyModel, options: ConformanceOptions = {}): void {
  describe(`${model.name} conforms to the model contract`, () => {
    for (const { name, skip, blocked, run } of conformanceChecks(model, options)) {
      if (skip === undefined)
        test(name, async (context) => {
          const reason = await blocked?.();
          if (reason !== undefined) context.skip(reason);
          await run();
        });
      else test.skip(`${name} (${skip})`);
    }
  });
}
