import type { Lineage } from '@hemline/hemline';
import { expect, it } from 'vitest';
import { lineageText } from '../../src/terminal/lineage-text.ts';

const run = (fingerprint: string): Lineage['training'] =>
  ({
    ...{ run: 'train-1', startedAt: '2026-01-05T00:00:00Z', command: ['hemline', 'train'], parameters: {} },
    code: { version: 'src-1', commit: null, dirty: null },
    inputs: [{ name: 'market', url: 'file:///market', fingerprint }],
  }) as unknown as Lineage['training'];

const lineage = (training: Lineage['training']): Lineage => ({
  file: 'part.parquet',
  footer: {
    ...{ model: 'demand-naive', modelVersion: '1', trainingFingerprint: 'aaa', codeVersion: 'src-1' },
    ...{ runId: 'forecast-1', partition: 'market=DE', inputHash: 'bbb' },
  },
  ...{
    forecast: null,
    artifacts: [],
    training,
    versions: [],
    pricing: null,
    manifest: null,
    gaps: ['something is not known'],
  },
});

it('says why the fingerprint of the training data is another than that of the dataset', () => {
  const lines = lineageText(lineage(run('ccc'))).split('\n');
  expect(lines.some((line) => /training data.*fingerprint aaa \*/.test(line))).toBe(true);
  expect(lines.at(-2)).toMatch(/^\* .*tables that the model was given.*all tables of their dataset/);
  expect(lines.at(-1)).toBe('! something is not known');
});

it('says nothing where they are the same, or no run is known', () => {
  for (const training of [run('aaa'), null]) expect(lineageText(lineage(training))).not.toContain('*');
});
