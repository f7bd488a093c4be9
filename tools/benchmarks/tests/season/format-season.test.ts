import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { formatSeason } from '../../src/season/format-season.ts';
import type { SeasonReport } from '../../src/season/season-case.ts';

const MAIN = join(import.meta.dirname, '../../src/main.ts');

it('tells a line a policy, with intervals where there are some', () => {
  const policy = (name: string, captured: SeasonReport['policies'][number]['captured']) =>
    ({
      ...{ policy: name, profit: { mean: 1234.4, interval: null, seeds: 1 }, gain: null, captured },
      firstPlanOptimism: null,
    }) as SeasonReport['policies'][number];
  const policies = [policy('planner', null), policy('mine', { mean: 0.5, interval: [0.4, 0.6], seeds: 2 })];
  const text = formatSeason({ title: 'Profit', policies, notes: ['A note.'], seconds: 90, spent: [] });
  const [, , planner, mine, note, minutes] = text.split('\n');
  expect(planner).toMatch(/^planner +1234 +– +– +–$/);
  expect(mine).toMatch(/^mine +1234 +– +50\.0 % \(40\.0 … 60\.0\) +–$/);
  expect([note, minutes]).toEqual(['A note.', '1.5 minutes']);
});

it('is one of the benchmarks', () => {
  expect(execFileSync(process.execPath, [MAIN, '--list'], { encoding: 'utf8' })).toMatch(/^season$/m);
});
