import type { AnyModel } from '@hemline/core';
import { describe, test } from 'vitest';
import { conformanceChecks } from './conformance-checks.ts';
import type { ConformanceOptions } from './subject.ts';

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
