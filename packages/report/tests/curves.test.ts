import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it, vi } from 'vitest';
import { DEFAULT_DISCOUNTS, parseDiscountGrid } from '@hemline/core';
import { serveS3 } from '@hemline/sagemaker/testing';
import { renderReport } from '../src/write-report.ts';
import { chooseArticles } from '../src/source/choose-articles.ts';
import { readDemandCurves, type ArticleCurves } from '../src/source/demand-curves.ts';
import { readForecastOverview } from '../src/source/forecast-overview.ts';
import type { ReportSource } from '../src/source/report-source.ts';
import { BROWSER, lookAt } from '../src/testing/look-at.ts';
import { checkCharts, emptySections } from '../src/testing/check-charts.ts';
import { fabricatedSource } from './fabricated-source.ts';
import { PLANNED_DISCOUNT, POWER_CURVES, writeForecasts, writeHistory } from './fabricated-forecasts.ts';

let folder: string;
let dataset: { directory: string; descriptor: null };
let source: ReportSource;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-curves-'));
  dataset = { directory: join(folder, 'data'), descriptor: null };
  await writeHistory(dataset.directory);
  await writeForecasts(join(folder, 'grid'), 'grid');
  await writeForecasts(join(folder, 'curves'), 'curves');
  source = await fabricatedSource(join(folder, 'run'));
});
afterAll(async () => {
  vi.unstubAllEnvs();
  await rm(folder, { recursive: true, force: true });
});

async function read(place: string, curves = POWER_CURVES): Promise<ArticleCurves[]> {
  const forecasts = { model: 'demand-transformer', place, curves };
  const overview = await readForecastOverview(forecasts, null, dataset);
  return readDemandCurves([forecasts], chooseArticles(overview!), dataset);
}

/** The page of a run whose Transformer has left forecasts. */
async function pageOf(forecasts: string, curves: typeof POWER_CURVES | null = POWER_CURVES): Promise<string> {
  const models = source.models.map((each) =>
    each.model === 'demand-transformer' ? { ...each, forecasts, curves } : each,
  );
  return renderReport({ ...source, models, dataset });
}

/** What the page says of single articles. */
function sectionOf(page: string): string {
  const absent = /<dt>Demand of single articles<\/dt>.*?<\/dd>/s;
  return (/<section aria-labelledby="curves".*?<\/section>/s.exec(page) ?? absent.exec(page))![0];
}

describe('forecasts on a grid', () => {
  it('have quantiles around them, and the articles that tell most', async () => {
    const articles = await read(join(folder, 'grid'));
    expect(articles.map(({ article, why }) => `${article} ${why}`)).toEqual([
      'A-1 sells most',
      'A-3 in the middle',
      'A-2 least certain',
      'A-4 fewest observations behind it',
      'A-5 cold start: never observed',
    ]);
    for (const { forecasts } of articles)
      for (const { demand, low, high } of forecasts[0]!.points)
        expect([low, high]).toEqual([demand / 2, demand * 2]);
  });

  it('are drawn with a band from 10 % to 90 %', async () => {
    const text = sectionOf(await pageOf(join(folder, 'grid')));
    expect(text).toContain('10 % to 90 %');
    // Over time and over the discount of five articles, each for laptop and phone.
    expect(text.match(/aria-label="area"/g)).toHaveLength(5 * 2 * 2);
    expect(text).toContain('sold out (at least)');
  });
});

describe('forecasts of curves', () => {
  it('are those of the grid, and exact at the planned discount', async () => {
    const [grid, curves] = [await read(join(folder, 'grid')), await read(join(folder, 'curves'))];
    expect(curves.map(({ article }) => article)).toEqual(grid.map(({ article }) => article));
    const usual = new Set(parseDiscountGrid(DEFAULT_DISCOUNTS));
    for (const [i, { forecasts }] of curves.entries()) {
      const { points } = forecasts[0]!;
      expect(points.filter(({ discount }) => usual.has(discount))).toEqual(grid[i]!.forecasts[0]!.points);
      expect(points.filter(({ discount }) => discount === PLANNED_DISCOUNT)).toHaveLength(8);
    }
  });

  it('of a model that is not known any more are not drawn, which the section says', async () => {
    expect(sectionOf(await pageOf(join(folder, 'curves'), null))).toContain(
      'curves that this workspace cannot evaluate',
    );
  });

  it.skipIf(BROWSER === null).each([
    ['laptop', 1280, 'light'],
    ['phone', 375, 'dark'],
  ] as const)('are whole on a %s (skipped where there is no Chromium)', async (_, width, scheme) => {
    const file = join(folder, 'report.html');
    await writeFile(file, await pageOf(join(folder, 'curves')));
    const seen = await lookAt(file, width, scheme);
    expect(checkCharts(seen)).toEqual([]);
    // Of the run that is drawn here nothing was priced, and no blend was trained.
    expect(emptySections(seen)).toEqual(['Recommended prices', 'What the blend is made of']);
    expect(seen.charts.filter(({ title }) => title === 'Over the discount')).toHaveLength(5);
  });
});

describe('forecasts in S3', () => {
  it('are drawn as those of a folder are', async () => {
    const { environment, close } = await serveS3({ forecasts: folder });
    for (const [name, value] of Object.entries(environment)) vi.stubEnv(name, value);
    try {
      const [there, here] = [await pageOf('s3://forecasts/grid'), await pageOf(join(folder, 'grid'))];
      expect(sectionOf(there)).toBe(sectionOf(here));
      expect(sectionOf(await pageOf('s3://forecasts/nowhere'))).toMatch(
        /are in S3 and cannot be read: .*s3:\/\/forecasts\/nowhere/s,
      );
    } finally {
      await close();
    }
  });
});
