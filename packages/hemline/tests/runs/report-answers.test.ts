import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { openRegistry } from '@hemline/runs';
import { BROWSER, checkCharts, lookAt } from '@hemline/report/testing';
import { report } from '../../src/index.ts';
import { CASE_NAMES, prepareRun, type PreparedRun } from './prepared/prepared-runs.ts';

let folder: string;
beforeAll(async () => {
  // What the browser sees is left behind where somebody wants to look at it.
  folder = await mkdtemp(join(tmpdir(), 'hemline-answers-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

/** Text of the first section, as it is read. */
function firstScreen(page: string): string {
  const [section] = /<section.*?<\/section>/s.exec(page)!;
  const text = section
    .replace(/<[^>]+>/g, ' ')
    .replace(/&amp;/g, '&')
    .replace(/&gt;/g, '>');
  return text.replace(/\s+/g, ' ').replace(/ ([.,:;)])/g, '$1');
}

describe.each(CASE_NAMES)('the first screen of a run: %s', (name) => {
  let prepared: PreparedRun;
  let file: string;
  let text: string;
  beforeAll(async () => {
    prepared = await prepareRun(name, join(folder, name.replace(' ', '-')));
    const written = await report(prepared.run, { home: prepared.home });
    file = written.file;
    text = firstScreen(await readFile(file, 'utf8'));
  }, 60_000);

  it('answers whether the forecasts may be used, and with what in mind', async () => {
    expect(/<h1[^>]*>(.*?)<\/h1>/s.exec(await readFile(file, 'utf8'))![1]!.trim()).toBe(prepared.headline);
    for (const said of prepared.says)
      expect(text).toMatch(typeof said === 'string' ? new RegExp(escaped(said)) : said);
    for (const concealed of prepared.conceals)
      expect(text).not.toMatch(typeof concealed === 'string' ? new RegExp(escaped(concealed)) : concealed);
  });

  it.skipIf(BROWSER === null).each([390, 1280])(
    'is whole and at the top at %i pixels (skipped where there is no Chromium)',
    async (width) => {
      const shots = process.env['HEMLINE_SCREENSHOTS'];
      const shot = shots === undefined ? undefined : join(shots, `${name.replace(' ', '-')}-${width}.png`);
      const seen = await lookAt(file, width, 'light', shot);
      expect(checkCharts(seen)).toEqual([]);
      expect(seen.headlineBottom).toBeLessThan(200);
    },
  );
});

describe('the first screen', () => {
  it('tells who approved a version, and of one that was rejected since', async () => {
    const { home, run } = await prepareRun('fallback', join(folder, 'by-hand'));
    const registry = await openRegistry(join(home, 'registry'));
    const decide = async (status: 'approved' | 'rejected', reason: string): Promise<string> => {
      await registry.setStatus('demand-transformer', 1, { status, reason, by: 'anna' });
      return firstScreen(await readFile((await report(run, { home })).file, 'utf8'));
    };
    expect(await decide('approved', 'fine by me')).toMatch(
      /Demand demand-transformer version 1 .*by anna on [\d-]+: fine by me 5 of 5 requirements met/,
    );
    // Another model has forecast demand as well, and is taken.
    expect(await decide('rejected', 'coats are far off')).toMatch(
      /Use these forecasts, but.*demand-transformer version 1 was rejected by anna: coats are far off.*Demand demand-naive version 2 also there: demand-transformer version 1/,
    );
    await registry.setStatus('demand-naive', 2, { status: 'rejected', reason: 'too coarse', by: 'anna' });
    expect(await decide('rejected', 'coats are far off')).toMatch(
      /Do not use these forecasts.*was rejected by anna: coats are far off.*was rejected by anna: too coarse|Do not use these forecasts.*too coarse.*coats are far off/,
    );
  });
});

function escaped(text: string): string {
  return text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&');
}
