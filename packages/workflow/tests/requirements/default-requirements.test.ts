import { describe, expect, it } from 'vitest';
import { QUANTITIES, type QuantityName } from '@hemline/core';
import { checkRequirements } from '../../src/requirements/check-requirements.ts';
import { defaultRequirements } from '../../src/requirements/default-requirements.ts';
import { tightenRequirements } from '../../src/requirements/tighten-requirements.ts';
import { toyModel } from '../fixtures/toys.ts';

const naive = toyModel('naive', { baseline: true });
const hand = toyModel('hand');
const of = defaultRequirements(hand, [hand, naive]);
const good = { demandError: 0.4, demandBias: -0.02, demandErrorStandardError: 0.01, monotoneViolations: 0 };
const scores = { candidate: good, baseline: { demandError: 0.5 }, monotone: true };

describe('what every model has to reach', () => {
  it.each(Object.keys(QUANTITIES) as QuantityName[])(
    'holds for %s, whatever its package says',
    (quantity) => {
      const model = toyModel('m', { quantity });
      const base = toyModel('b', { quantity, baseline: true });
      const required = defaultRequirements(model, [model, base]);
      expect(required.betterThan?.model).toBe('b');
      expect(required.betterThan?.factor).toBeLessThan(1);
      expect(required).toHaveProperty('bias');
      expect(required).toHaveProperty('approvedTolerance');
      expect(required.monotone === true).toBe(quantity === 'demand');
      expect(defaultRequirements(base, [model, base])).not.toHaveProperty('betterThan');
    },
  );

  it('approves a model that is better than the baseline and falls nowhere', () => {
    expect(checkRequirements(of, scores)).toEqual({ passed: true, reasons: [] });
  });

  it.each([
    ['curves that fall', { ...scores, monotone: false }],
    ['curves that nobody measured', { ...scores, monotone: undefined }],
    ['a score within the margin of the baseline', { ...scores, baseline: { demandError: 0.405 } }],
    ['no baseline to compare with', { ...scores, baseline: undefined }],
    ['a gross bias', { ...scores, candidate: { ...good, demandBias: 0.31 } }],
    ['a score that is no number', { ...scores, candidate: { ...good, demandError: NaN } }],
  ])('refuses %s', (_what, given) => {
    expect(checkRequirements(of, given).reasons).toHaveLength(1);
  });

  it('refuses what is worse than the approved version, unless that is noise', () => {
    const worse = { ...good, demandError: 0.44 };
    const strict = { ...of, approvedTolerance: { ...of.approvedTolerance!, relative: 0.02 } };
    const against = (standardError: number | undefined): boolean =>
      checkRequirements(strict, {
        ...{ ...scores, candidate: worse },
        approved: {
          demandError: 0.4,
          ...(standardError === undefined ? {} : { demandErrorStandardError: standardError }),
        },
      }).passed;
    // 0.04 worse: beyond 2 √(0.01² + 0.01²) = 0.028, within 2 √(0.01² + 0.02²) = 0.045.
    expect(against(0.01)).toBe(false);
    expect(against(0.02)).toBe(true);
    expect(against(undefined)).toBe(false);
  });
});

describe('what a package may ask for', () => {
  it('is more', () => {
    const declared = { maximum: { wape: 0.4 }, bias: { metric: 'demandBias', least: -0.1, most: 0.1 } };
    expect(tightenRequirements(of, declared, 'hand')).toEqual({
      ...of,
      ...declared,
      maximum: { demandError: 1, wape: 0.4 },
    });
    expect(tightenRequirements(of, of, 'hand')).toEqual(of);
  });

  it('is never less, and everything that is looser is named with both limits', () => {
    const loose = {
      maximum: { demandError: 2 },
      bias: { metric: 'demandBias', least: -0.9, most: 0.9 },
      betterThan: { model: 'worse', metric: 'demandError' },
      monotone: false,
      approvedTolerance: { metric: 'demandError', relative: 0.9, standardErrors: 9 },
    };
    expect(() => tightenRequirements(of, loose, 'hand')).toThrow(
      /hand are looser.*maximum\.demandError 2, at most 1.*bias\.most 0\.9, at most 0\.3.*bias\.least.*betterThan\.model worse, only naive.*betterThan\.factor 1, at most 0\.98.*monotone false.*relative 0\.9.*standardErrors 9/,
    );
  });
});
