import type { AnyModel } from '@hemline/core';
import type { ConformanceCheck } from './check.ts';
import { curveChecks } from './curve-checks.ts';
import { definitionChecks } from './definition-checks.ts';
import { forecastChecks } from './forecast-checks.ts';
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
    ...curveChecks(subject),
    ...invarianceChecks(subject),
    ...jobChecks(subject),
  ];
}
