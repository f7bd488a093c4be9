import { expect, it } from 'vitest';
import { formatCheck, holds, type CheckReport } from '../../src/harness/check-case.ts';

const fine: CheckReport = {
  title: 'here and there',
  skipped: null,
  cases: 3,
  same: 2,
  refused: ['case 1: both say no'],
  ended: [],
  differences: [],
};

it('a check holds where nothing differs, and what both sides refuse is told', () => {
  expect(holds(fine)).toBe(true);
  expect(formatCheck(fine)).toBe(
    [
      'here and there',
      '2 of 3 cases are the same, 1 are refused by both, 0 end the peer itself',
      'refused: case 1: both say no',
      'holds: no difference without an explanation (0, limit 0)',
    ].join('\n'),
  );
});

it('differences, cases that end the peer, and a check that could not be made do not hold', () => {
  const differs = { ...fine, differences: ['case 2: raw: 1 here, 2 in Python'] };
  expect(holds(differs)).toBe(false);
  expect(formatCheck(differs)).toMatch(/DIFFERS: case 2.*\nFALLS SHORT: .*\(1, limit 0\)/);
  expect(holds({ ...fine, ended: ['case 0: by signal 11'] })).toBe(false);
  expect(holds({ ...fine, skipped: 'no Python' })).toBe(false);
  expect(formatCheck({ ...fine, skipped: 'no Python' })).toBe('here and there\nskipped: no Python');
});
