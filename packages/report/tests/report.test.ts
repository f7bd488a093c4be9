import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseWeek } from '@hemline/core';
import { RunRecorder, readRun } from '@hemline/runs';
import { answerSection } from '../src/sections/answer-section.ts';
import type { Answer } from '../src/answer/point.ts';
import type { ForecastOverview } from '../src/source/forecast-overview.ts';
import { renderReport, writeReport } from '../src/write-report.ts';
import { BROWSER, lookAt } from '../src/testing/look-at.ts';
import { checkCharts, emptySections } from '../src/testing/check-charts.ts';
import { fabricatedSource } from './fabricated-source.ts';

let folder: string;
let page: string;
let text: string;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-page-'));
  text = await renderReport(await fabricatedSource(join(folder, 'run')));
  page = join(folder, 'report.html');
  await writeFile(page, text);
}, 60_000);
afterAll(() => rm(folder, { recursive: true, force: true }));

describe('a report', () => {
  it('tells what failed, was tried again, or was stood in for', () => {
    expect(text).toContain('ended with problems');
    expect(text).toMatch(
      /Demand: demand-transformer version 8, which knows the weeks up to 2026-01-05, stands in: &lt;script&gt;/,
    );
    expect(text).toContain('2 attempts');
    expect(text).toContain('3.0 GiB');
  });

  it('compares with baseline and champion', () => {
    expect(text).toContain('champion: demand-transformer version 7');
  });

  it('shows every metric, what it says, and what is required of it', () => {
    const scores = readable(/<section aria-labelledby="scores-demand".*?<\/section>/s.exec(text)![0]);
    expect(scores).toMatch(
      /demand error .*1 is what forecasting nothing scores\. Required: at most 1; below 0\.56, 0\.8 times that of demand-naive/,
    );
    expect(scores).toMatch(/10 % quantile.*50 % quantile.*90 % quantile.*90\.8 %/);
    expect(scores).toMatch(/root mean squared error .*mean absolute error/);
  });

  it('draws by week ahead how many rows a quantile covers, of quantities that have one', () => {
    const title = 'at or below the 10 % quantile, by week ahead';
    expect(readable(/<section aria-labelledby="scores-demand".*?<\/section>/s.exec(text)![0])).toContain(
      title,
    );
    expect(
      readable(/<section aria-labelledby="scores-return-rate".*?<\/section>/s.exec(text)![0]),
    ).not.toContain(title);
  });

  it('marks what is beyond its limit, and what is not', () => {
    const scores = readable(/<section aria-labelledby="scores-demand".*?<\/section>/s.exec(text)![0]);
    // 0.6 of the Transformer is not 0.8 times the 0.7 of the baseline.
    expect(scores).toMatch(/demand-transformer 0\.6 ✗ not below 0\.56/);
    expect(scores).toContain('demand-naive 0.7 ✓');
    expect(scores).toContain('15.9 % ! should be 10.0 %');
    expect(scores).toContain('90.8 % ✓');
    expect(scores).toMatch(
      /falling demand curves.*Required: at most 0 %\. .*demand-transformer 0 % ✓ .*demand-naive 100\.0 % ✗ above 0 %/,
    );
  });

  it('says beside the scores that censored weeks are not in them, and how many there are', () => {
    expect(readable(text)).toMatch(
      /Demand: scores .*are not scored: .*42 of 100 observed weeks of articles \(42\.0 %\)/,
    );
  });

  it('says what the data does not tell, in the place of a count of nothing', async () => {
    const source = await fabricatedSource(join(folder, 'silent'));
    const finding = 'sales are censored by a stock-out: demand may have been higher';
    const silent = {
      table: 'weekly',
      column: 'uncensored',
      finding,
      unit: 'rows',
      count: null,
      of: 100,
    } as const;
    const other = readable(await renderReport({ ...source, quality: [silent] }));
    expect(other).toContain('The data does not say which weeks were sold out');
    expect(other).toMatch(
      /0 further checks found nothing.*Not known, since the data does not say: sales are censored/,
    );
  });

  it('has technical facts last, and no script to find an article with', () => {
    const at = (part: string): number => text.indexOf(part);
    expect(at('Technical facts</h2>')).toBeGreaterThan(at('Timeline of the run</h2>'));
    expect(at('src-0123456789abcdef')).toBeGreaterThan(at('Technical facts</h2>'));
  });

  it('escapes what runs say', () => {
    expect(text).not.toContain('<script>');
    expect(text).toContain('&lt;script&gt;alert(1)&lt;/script&gt;');
  });

  it('shows the largest parts where there are many, and says how many it left out', () => {
    expect(text).toContain('the 15 largest, 25 smaller ones left out');
    expect(text).toContain('the 15 largest, 10 smaller ones left out');
  });

  it('tells which versions forecast that did not before, and which no longer do', async () => {
    const source = await fabricatedSource(join(folder, 'versions'));
    const versions = new Map([
      ['demand-transformer', 7],
      ['demand-naive', 8],
      ['demand-trees', 2],
    ]);
    const previous = { run: 'weekly-0', versions, forecasts: new Map<string, string>() };
    expect(readable(await renderReport({ ...source, previous }))).toMatch(
      /Against weekly-0: demand-transformer 7 → 8, return-rate-trees is new, .*, demand-trees no longer forecasts\./,
    );
  });

  it('says why the forecasts of the week before cannot be compared', async () => {
    const source = await fabricatedSource(join(folder, 'before'));
    const overview: ForecastOverview = {
      ...{ model: 'demand-transformer', articles: 2, markets: 1, isPlanned: true, units: 9 },
      span: { first: parseWeek('2026-01-12'), count: 2 },
      rows: { read: 4, of: 4 },
      ...{ previous: null, lastYear: null, levelsAgainst: 'sales', items: [], reactions: [] },
    };
    const answer: Answer = { verdict: 'use', headline: 'Use these forecasts', points: [], actions: [] };
    const told = (versions: [string, number][], places: [string, string][]): string => {
      const previous = { run: 'weekly-0', versions: new Map(versions), forecasts: new Map(places) };
      return readable(answerSection({ ...source, previous }, answer, overview).text);
    };
    const forecast: [string, number] = ['demand-transformer', 7];
    expect(told([['demand-naive', 1]], [])).toContain('be compared: there are none by demand-transformer.');
    expect(told([forecast], [])).toContain('be compared: they are not at hand.');
    expect(told([forecast], [['demand-transformer', '/forecasts']])).toContain(
      'be compared: they are of other articles, weeks or discounts.',
    );
  });

  it('forbids forecasts whose curves fall where no others are there, and else takes the others', async () => {
    const source = await fabricatedSource(join(folder, 'falling'));
    const falling = source.models.map((each) =>
      each.model === 'demand-transformer' && each.forecastBy !== null && each.forecastBy.registered !== null
        ? {
            ...each,
            forecastBy: {
              ...each.forecastBy,
              registered: {
                ...each.forecastBy.registered,
                metrics: { demandError: 0.1, monotoneViolations: 1 },
              },
            },
          }
        : each,
    );
    const both = readable(await renderReport({ ...source, models: falling }));
    expect(both).toMatch(
      /Use these forecasts, but mind.*demand-transformer version 8: 100 % of its demand curves fall/,
    );
    expect(both).toMatch(/Demand demand-naive version 8 also there: demand-transformer version 8/);
    const alone = falling.filter(({ model }) => model !== 'demand-naive');
    expect(readable(await renderReport({ ...source, models: alone }))).toMatch(
      /Do not use these forecasts.*100 % of its demand curves fall.*No discount may be chosen by them\./,
    );
  });

  it('is the same for the same source', async () => {
    const source = await fabricatedSource(join(folder, 'again'));
    expect(await renderReport(source)).toBe(await renderReport(source));
  });

  it.skipIf(BROWSER === null).each([
    ['laptop', 1280, 'light'],
    ['laptop at night', 1280, 'dark'],
    ['tablet', 800, 'light'],
    ['phone', 375, 'light'],
  ] as const)('is whole on a %s (skipped where there is no Chromium)', async (_, width, scheme) => {
    const seen = await lookAt(page, width, scheme);
    expect(checkCharts(seen)).toEqual([]);
    expect(seen.charts.length).toBeGreaterThan(25);
    // On a phone scores are cards, and the navigation is one line that scrolls.
    expect(seen.scrolling.map(({ what }) => what)).not.toContain('scores table');
    if (width < 400) expect(seen.scrolling).toContainEqual({ what: 'navigation', hasHint: true });
    expect(emptySections(seen)).toEqual([
      ...['Recommended prices', 'Which articles to look at', 'How demand reacts to the discount'],
      ...['Demand of single articles', 'What the blend is made of'],
    ]);
  });
});

/** Text without marks, as it is read. */
function readable(html: string): string {
  return html.replace(/<[^>]+>/g, ' ').replace(/\s+/g, ' ');
}

describe('a report of a run that left little', () => {
  it('is about what there is: its end, its facts, and in one place what is missing and why', async () => {
    const directory = join(folder, 'little');
    const code = { version: '1', commit: null, dirty: null };
    const recorder = await RunRecorder.open(directory, { run: 'train-1', kind: 'train', code });
    await recorder.finish('failed');
    const nothing = {
      quantityOf: () => null,
      curvesOf: async () => null,
      championOf: async () => null,
      versionOf: async () => null,
      limitsOf: () => [],
      previous: async () => null,
      monitored: async () => null,
      frontiers: async () => [],
    };
    const file = join(folder, 'little.html');
    const written = await writeReport((await readRun(directory))!, nothing, file);
    expect(written.bytes).toBeLessThan(20_000);
    const page = readable(await readFile(file, 'utf8'));
    expect(page).toContain('This run has failed: it was to have trained a model');
    expect(page).toMatch(/Not on this page .*Demand: scores This run has not scored forecasts of demand\./);
    if (BROWSER === null) return;
    const seen = await lookAt(file, 375, 'light');
    expect(checkCharts(seen)).toEqual([]);
    expect(seen.charts).toEqual([]);
    expect(seen.sections.filter(({ isEmpty }) => !isEmpty).map(({ title }) => title)).toEqual([
      ...['Technical facts', 'Not on this page'],
    ]);
  });
});
