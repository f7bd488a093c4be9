import { join } from 'node:path';
import { expect, it } from 'vitest';
import { Batch, stringsToColumn, type ForecastRequest } from '@hemline/core';
import { openArtifact } from '@hemline/runtime';
import model from '../src/model.ts';

/** Trained by hemline 0.1.0 on `hemline simulate --articles 12 --markets 2 --weeks 60`. */
const WRITTEN_BEFORE = join(import.meta.dirname, 'golden', 'written-by-0.1.0', 'model');

it('a model that 0.1.0 trained forecasts what it forecast then', async () => {
  const { card, artifact } = await openArtifact(WRITTEN_BEFORE, model);
  expect(card.cutoff).toBe('2022-11-21');
  const fitted = await model.load(artifact);
  const items = new Batch({
    article: stringsToColumn(['A00000002', 'A00000004', 'A00000004']),
    group: stringsToColumn(['jackets', 'coats', 'coats']),
    market: stringsToColumn(['DE', 'DE', 'FR']),
  });
  const request = { items, batchRows: 10, signal: new AbortController().signal };
  const batches: Batch[] = [];
  for await (const batch of fitted.predict(request as unknown as ForecastRequest)) batches.push(batch);
  // Of its forecast's file, written by 0.1.0.
  expect([...batches[0]!.numbers('returnRate').values]).toEqual([
    0.5532650781341041, 0.5134932017100479, 0.6296564213413773,
  ]);
  fitted.dispose();
});
