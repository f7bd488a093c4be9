import type { AnyModel } from '@hemline/core';
import { describe, test } from 'vitest';
import type { ConformanceCheck } from './check.ts';
import { curveChecks } from './curve-checks.ts';
import { definitionChecks } from './definition-checks.ts';
import { forecastChecks } from './forecast-checks.ts';
import { gridChecks } from './grid-checks.ts';
import { invarianceChecks } from './invariance-checks.ts';
import { jobChecks } from './job-checks.ts';
import { Subject, type ConformanceOptions } from './subject.ts';

/**
 * Everything that is demanded of every model, as functions that throw. `testModel` makes tests of them.
 * @param model under test
 * @param options hyperparameters, seed, size of the data, tolerance
 * @returns the checks; each can be run alone, in any order
 */
export function conformanceChecks(model: AnyModel, options: ConformanceOptions = {}): ConformanceCheck[] {
  const subject = new Subject(model, options);
  return [
    ...definitionChecks(subject),
    ...forecastChecks(subject),
    ...gridChecks(subject),
    ...curveChecks(subject),
    ...invarianceChecks(subject),
    ...jobChecks(subject),
  ];
}

/**
 * Registers the conformance suite for a model: call it at the top of a test file. Properties that the model's own
 * declaration rules out appear as skipped tests that say why.
 * @param model under test
 * @param options hyperparameters (the preset `tiny` by default), seed, size of the synthetic market, tolerance, tensors
 */
export function testModel(model: AnyModel, options: ConformanceOptions = {}): void {
  describe(`${model.name} conforms to the model contract`, () => {
    for (const check of conformanceChecks(model, options)) {
      if (check.skip === undefined) test(check.name, () => check.run());
      else test.skip(`${check.name} (${check.skip})`);
    }
  });
}
