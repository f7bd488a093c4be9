import { cpSync, mkdtempSync, readFileSync, rmSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { pathToFileURL } from 'node:url';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { addWeeks, formatWeek, parseWeek } from '@hemline/core';
import { runProcessing, type Telemetry } from '@hemline/runtime';
import { type MonitorResult, loadModel } from '@hemline/hemline';
import { localSettings, processingRequest } from '@hemline/sagemaker/requests';
import { fabricateProcessingRoot, LocalBuckets, ONE_HOST } from '@hemline/sagemaker/run';
import { command } from '../command.ts';

const WEEKS = 46;
const FIRST_CUTOFF = 14;
const SHIFT_AT = WEEKS - 3;
const GROUP = 't-shirts';
/** First day of a week of the simulation. */
const week = (index: number): string => formatWeek(addWeeks(parseWeek('2021-10-04'), index));
const nothing = (): void => undefined;
const silent: Telemetry = {
  ...{ info: nothing, warn: nothing, error: nothing, progress: nothing, metric: nothing, close: nothing },
};
let folder: string;
let model: string;

async function succeed(...args: string[]): Promise<void> {
  const { code, stderr } = await command(folder, args);
  expect(code, stderr).toBe(0);
}

/** The container's entrypoint, in a root as SageMaker lays it out. */
async function forecast(market: string, cutoff: number): Promise<void> {
  const root = join(folder, 'roots', `${market}-${cutoff}`);
  const output = join(root, 'processing', 'output', 'forecast');
  const request = processingRequest({
    ...localSettings('forecast', 'demand-naive'),
    arguments: [],
    inputs: [
      { name: 'dataset', uri: pathToFileURL(join(folder, market, 'observed')).href },
      { name: 'model', uri: pathToFileURL(model).href },
    ],
    outputs: [{ name: 'forecast', uri: pathToFileURL(output).href }],
  });
  fabricateProcessingRoot(root, request, ONE_HOST, new LocalBuckets());
  const environment = { SAGEMAKER_BASE_DIR: root, HEMLINE_RUN_ID: `week-${cutoff}` };
  const argv = ['--step', 'forecast', '--cutoff', week(cutoff), '--horizon', '4', '--discounts', '0'];
  const { signal } = new AbortController();
  await runProcessing(await loadModel('demand-naive'), argv, { environment, signal, telemetry: silent });
  cpSync(output, join(folder, `forecasts-of-${market}`, String(cutoff)), { recursive: true });
}

async function monitor(market: string): Promise<{ code: number; stderr: string; result: MonitorResult }> {
  const data = ['--data', `${market}/observed`, '--forecasts', `forecasts-of-${market}`];
  const { code, stdout, stderr } = await command(folder, ['monitor', ...data, '--json']);
  return { code, stderr, result: JSON.parse(stdout) as MonitorResult };
}

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-shift-'));
  const size = ['--articles', '800', '--markets', '4', '--weeks', String(WEEKS)];
  await succeed('simulate', ...size, '--out', 'steady');
  await succeed('simulate', ...size, '--shift', `${GROUP}:0.7:${week(SHIFT_AT)}`, '--out', 'shifted');
  await succeed('train', 'demand-naive', '--data', 'steady/observed', '--cutoff', week(FIRST_CUTOFF));
  const trained = join(folder, '.hemline/models/simulated-market/demand-naive.json');
  model = (JSON.parse(readFileSync(trained, 'utf8')) as { directory: string }).directory;
  for (let cutoff = FIRST_CUTOFF; cutoff < WEEKS - 1; cutoff++) await forecast('steady', cutoff);
  // Until the shift both markets are the same, and so are their forecasts.
  for (let cutoff = FIRST_CUTOFF; cutoff < SHIFT_AT; cutoff++)
    cpSync(
      join(folder, 'forecasts-of-steady', String(cutoff)),
      join(folder, 'forecasts-of-shifted', String(cutoff)),
      {
        recursive: true,
      },
    );
  for (let cutoff = SHIFT_AT; cutoff < WEEKS - 1; cutoff++) await forecast('shifted', cutoff);
}, 600_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

describe('hemline monitor, three weeks after the demand of a group has fallen by 30 %', () => {
  it('finds the group, and since when', async () => {
    const { code, stderr, result } = await monitor('shifted');
    const segments = result.models[0]?.segments ?? [];
    expect(code, stderr || JSON.stringify(segments)).toBe(5);
    const found = segments.filter((segment) => segment.found);
    expect(found.map(({ dimension, value }) => `${dimension} ${value}`)).toEqual([`group ${GROUP}`]);
    expect(found[0]!.demandChange).toBeGreaterThan(-0.45);
    expect(found[0]!.demandChange).toBeLessThan(-0.15);
    // The window that is the most errors off may begin a week too early: three of its four weeks have the fall.
    expect([week(SHIFT_AT - 1), week(SHIFT_AT), week(SHIFT_AT + 1)]).toContain(found[0]!.since);
  }, 180_000);

  it('is silent where it has not', async () => {
    const { code, stderr, result } = await monitor('steady');
    expect(code, stderr).toBe(0);
    expect(result.found).toBe(false);
  }, 180_000);
});
