import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { checkRequirements, requirementChecks } from '../../src/requirements/check-requirements.ts';
import { parseRequirements, type Requirements } from '../../src/requirements/requirements.ts';

const all: Requirements = {
  maximum: { demandError: 0.6, wape: 0.5 },
  bias: { metric: 'demandBias', least: -0.1, most: 0.05 },
  betterThan: { model: 'demand-naive', metric: 'demandError', factor: 0.95 },
  monotone: true,
  approvedTolerance: { metric: 'demandError', relative: 0.02 },
};
const good = {
  candidate: { demandError: 0.4, wape: 0.3, demandBias: -0.02 },
  baseline: { demandError: 0.5 },
  approved: { demandError: 0.395 },
  monotone: true,
};

describe('checkRequirements', () => {
  it('passes a candidate that meets all of them', () => {
    expect(checkRequirements(all, good)).toEqual({ passed: true, reasons: [] });
  });

  it('gives every reason at once, with value and limit', () => {
    const verdict = checkRequirements(all, {
      candidate: { demandError: 0.7, wape: 0.51, demandBias: 0.2 },
      baseline: { demandError: 0.5 },
      approved: { demandError: 0.6 },
      monotone: false,
    });
    expect(verdict).toEqual({
      passed: false,
      reasons: [
        'demandError is 0.7, at most 0.6 is required',
        'wape is 0.51, at most 0.5 is required',
        'demandBias is 0.2, from -0.1 to 0.05 is required',
        'demandError is 0.7, below 0.475 is required: 0.95 times that of demand-naive',
        'the forecasts are not monotone in the discount',
        'demandError is 0.7, the approved version has 0.6: at most 2 % more is required',
      ],
    });
  });

  it('tells every requirement with its limit and the value, met or not', () => {
    const candidate = { demandError: 0.7, wape: 0.4, demandBias: NaN, monotoneViolations: 0.07 };
    const { approved: _, ...others } = good;
    const checks = requirementChecks(all, { ...others, candidate, monotone: false });
    expect(checks.map(({ requirement, limit, value, met }) => [requirement, limit, value, met])).toEqual([
      ['anyMetric', 'a metric that is a number', null, true],
      ['maximum', 'at most 0.6', 0.7, false],
      ['maximum', 'at most 0.5', 0.4, true],
      ['bias', 'from -0.1 to 0.05', null, false],
      ['betterThan', 'below 0.475: 0.95 times that of demand-naive', 0.7, false],
      ['monotone', 'none: demand never falls as the discount rises', 0.07, false],
      ['approvedTolerance', 'at most 2 % more than the approved version, once there is one', 0.7, null],
    ]);
    // What is not met has its reason, and what is met or not asked has none.
    expect(checks.every(({ met, reasons }) => (met === false) === reasons.length > 0)).toBe(true);
    const [tolerance] = requirementChecks({ approvedTolerance: all.approvedTolerance! }, good).slice(1);
    expect(tolerance).toMatchObject({
      limit: expect.stringMatching(/^at most 0.4029: .* the 0.395 of/) as string,
      met: true,
    });
  });

  it('takes limits as passing, except where better is required', () => {
    const { maximum, bias, approvedTolerance } = all;
    expect(checkRequirements({ maximum }, { candidate: { demandError: 0.6, wape: 0.5 } }).passed).toBe(true);
    for (const demandBias of [-0.1, 0.05])
      expect(checkRequirements({ bias }, { candidate: { demandBias } }).passed).toBe(true);
    const same = {
      candidate: { demandError: 0.5 },
      baseline: { demandError: 0.5 },
      approved: { demandError: 0.5 },
    };
    expect(checkRequirements({ approvedTolerance }, same).passed).toBe(true);
    const betterThan = { model: 'demand-naive', metric: 'demandError' };
    expect(checkRequirements({ betterThan }, same).reasons).toEqual([
      'demandError is 0.5, below 0.5 is required: that of demand-naive',
    ]);
  });

  it('does not pass where there is nothing to compare with, but for the first version', () => {
    const { approved: _, ...first } = good;
    expect(checkRequirements(all, first).passed).toBe(true);
    const { baseline: __, ...alone } = good;
    expect(checkRequirements(all, alone).reasons).toEqual(['demand-naive has no metric demandError']);
    expect(checkRequirements(all, { ...good, approved: { demandError: NaN } }).reasons).toEqual([
      'demandError of the approved version is NaN',
    ]);
    expect(checkRequirements(all, { ...good, monotone: undefined }).reasons).toEqual([
      'nobody has checked that the forecasts are monotone in the discount',
    ]);
    expect(checkRequirements({ ...all, monotone: false }, { ...good, monotone: undefined }).passed).toBe(
      true,
    );
  });

  it.each<Record<string, number>>([{}, { demandError: NaN, wape: NaN }, { wape: Infinity }])(
    'without requirements still wants a number: %o',
    (candidate) => {
      expect(checkRequirements({}, { candidate }).reasons).toEqual([
        'the candidate has no metric that is a number',
      ]);
    },
  );

  it('never passes a candidate whose metric is missing or no number, whatever is required of it', () => {
    const bad = fc.constantFrom<(undefined | number)[]>([undefined], [NaN], [Infinity], [-Infinity]);
    const number = fc.double({ noNaN: true });
    const requirement = fc.oneof(
      fc.record({ maximum: fc.record({ m: number }) }),
      fc.record({ bias: fc.record({ metric: fc.constant('m'), least: number, most: number }) }),
      fc.record({
        betterThan: fc.record({ model: fc.constant('b'), metric: fc.constant('m'), factor: number }),
      }),
      fc.record({ approvedTolerance: fc.record({ metric: fc.constant('m'), relative: number }) }),
    );
    fc.assert(
      fc.property(requirement, bad, number, (requirements, [value], other) => {
        const candidate: Record<string, number> = value === undefined ? { n: 1 } : { m: value, n: 1 };
        const verdict = checkRequirements(requirements, {
          candidate,
          baseline: { m: other },
          approved: { m: other },
        });
        expect(verdict.passed).toBe(false);
        expect(verdict.reasons.length).toBeGreaterThan(0);
      }),
    );
  });

  it('never passes the worse of two where it refuses the better', () => {
    const metric = fc.double({ min: 0, max: 2, noNaN: true });
    fc.assert(
      fc.property(metric, metric, metric, metric, (a, b, baseline, approved) => {
        const passes = (demandError: number): boolean =>
          checkRequirements(
            {
              maximum: { demandError: 1 },
              betterThan: all.betterThan,
              approvedTolerance: all.approvedTolerance,
            },
            {
              candidate: { demandError },
              baseline: { demandError: baseline },
              approved: { demandError: approved },
            },
          ).passed;
        if (passes(Math.max(a, b))) expect(passes(Math.min(a, b))).toBe(true);
      }),
    );
  });

  it('takes no metric from the prototype', () => {
    const verdict = checkRequirements({ maximum: { toString: 1 } }, { candidate: { a: 1 } });
    expect(verdict.reasons).toEqual(['the candidate has no metric toString']);
  });
});

describe('parseRequirements', () => {
  it('takes what is declared', () => {
    expect(parseRequirements(JSON.parse(JSON.stringify(all)), 'm')).toEqual(all);
    expect(parseRequirements({}, 'm')).toEqual({});
  });

  it('names every mistake', () => {
    const wrong = {
      maximum: { demandError: '0.5' },
      bias: { metric: 'demandBias', least: 1, most: -1 },
      betterThan: { model: 'x', metric: '' },
      monoton: true,
    };
    expect(() => parseRequirements(wrong, 'demand-naive')).toThrow(
      /requirements of demand-naive.*maximum\.demandError.*bias: expected least.*betterThan\.metric.*monoton/,
    );
  });

  it('refuses metrics that no version has, by their names, with those there are', () => {
    const known = ['demandError', 'demandBias', 'wape'];
    expect(parseRequirements(all, 'm', known)).toEqual(all);
    const misspelt = {
      ...{ maximum: { demandErorr: 1, wape: 1 }, bias: { metric: 'bias', least: 0, most: 1 } },
      betterThan: { model: 'x', metric: 'toString' },
    };
    expect(() => parseRequirements(misspelt, 'demand-x', known)).toThrow(
      /requirements of demand-x name metrics.*expected demandError, demandBias, wape, found maximum\.demandErorr, bias\.metric bias, betterThan\.metric toString.*Did you mean demandError\?/s,
    );
  });
});
