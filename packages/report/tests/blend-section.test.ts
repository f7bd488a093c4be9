import { expect, it } from 'vitest';
import { blendSection } from '../src/sections/blend-section.ts';
import type { ReportSource } from '../src/source/report-source.ts';

const of = (insights: object): ReportSource =>
  ({ models: [{ model: 'demand-blend', insights }] }) as unknown as ReportSource;

it('tells the error and the weight of each part, by segment too, and why one is left out', () => {
  const parts = [
    { part: 'naive', member: 'demand-naive', heldOutError: 0.8, weight: 0.25, state: 'blended' },
    { part: 'trees', member: 'demand-trees', heldOutError: null, weight: 0, state: 'left out: no <library>' },
  ];
  const weights = [
    { segment: 'near, old', rows: 12_000, part: 'naive', weight: 0.4 },
    { segment: 'near, old', rows: 12_000, part: 'trees', weight: 0.6 },
  ];
  const text = blendSection(of({ blendParts: parts, blendWeights: weights })).content.text;
  for (const piece of ['0.8', '25\u00a0%', 'left out: no &lt;library&gt;', '12k', '40\u00a0%', '60\u00a0%'])
    expect(text).toContain(piece);
});

it('is not there where no model is made of others', () => {
  expect(blendSection(of({})).isEmpty).toBe(true);
});
