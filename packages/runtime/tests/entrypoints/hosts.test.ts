import { cp, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  fabricateProcessing,
  fabricateTraining,
  run,
  writeJson,
  writeWeekly,
  type Ended,
} from '../fixtures/fabricate-root.ts';

let shared: string;
/** A training by a host with a name of its own, and the root that it left its model in. */
let trained: { root: string; ended: Ended };
beforeAll(async () => {
  shared = await mkdtemp(join(tmpdir(), 'hemline-hosts-'));
  const root = await freshRoot();
  await fabricateTraining(root, { epochs: '2' });
  await writeJson(join(root, 'input', 'config', 'resourceconfig.json'), {
    current_host: 'algo-7',
    hosts: ['algo-7'],
  });
  trained = { root, ended: await run('train.ts', root) };
}, 60_000);
afterAll(() => rm(shared, { recursive: true, force: true }));

const freshRoot = (): Promise<string> => mkdtemp(join(shared, 'root-'));
const HOSTS = ['algo-1', 'algo-2'];

/** What each line of a log, and each embedded metric, says of where it comes from; fails for lines that say nothing. */
function placesOf({ stdout, stderr }: Ended): { lines: string[]; metrics: string[] } {
  const place = (line: string): string => {
    const { model, job, host } = JSON.parse(line) as Record<string, string>;
    return `${model} ${job} ${host}`;
  };
  const jsonOf = (text: string): string[] => text.split('\n').filter((line) => line.startsWith('{'));
  const lines = jsonOf(stderr).map(place);
  expect(lines.length, stderr).toBeGreaterThan(1);
  return { lines: [...new Set(lines)], metrics: [...new Set(jsonOf(stdout).map(place))] };
}

describe.concurrent('every line of a job says which host it is of', () => {
  it('of a training', ({ expect }) => {
    const { ended } = trained;
    expect(ended.code, ended.stderr).toBe(0);
    const place = 'smoothing training-1 algo-7';
    expect(placesOf(ended)).toEqual({ lines: [place], metrics: [place] });
  });

  it('of a processing job, embedded metrics too', async ({ expect }) => {
    const root = await freshRoot();
    fabricateProcessing(root, {
      inputs: { model: {}, weekly: {} },
      outputs: ['forecast'],
      host: 'algo-2',
      hosts: HOSTS,
    });
    const input = join(root, 'processing', 'input');
    await cp(join(trained.root, 'model'), join(input, 'model'), { recursive: true });
    await writeWeekly(join(input, 'weekly'), ['AT', 'DE', 'FR']);
    const argv = ['--step', 'forecast', '--horizon', '2', '--discounts', '0'];
    const ended = await run('process.ts', root, argv);
    expect(ended.code, ended.stderr).toBe(0);
    // The job's name is that of the request; a workflow gives the run's, which joins its jobs.
    const place = 'smoothing forecast-1 algo-2';
    expect(placesOf(ended)).toEqual({ lines: [place], metrics: [place] });
    const joined = await run('process.ts', root, argv, { HEMLINE_RUN_ID: 'weekly-1' });
    expect(placesOf(joined).lines).toEqual(['smoothing weekly-1 algo-2']);
  });

  it('of a check of data that is refused', async ({ expect }) => {
    const root = await freshRoot();
    fabricateProcessing(root, { inputs: { dataset: {} }, outputs: ['facts'], host: 'algo-2', hosts: HOSTS });
    const ended = await run('../../src/check.ts', root);
    expect(ended.code).toBe(65);
    expect(placesOf(ended).lines).toEqual(['data forecast-1 algo-2']);
  });

  it('and a configuration that cannot be read is told once, by the job itself', async ({ expect }) => {
    const root = await freshRoot();
    fabricateProcessing(root, { inputs: { dataset: {} }, outputs: ['facts'] });
    await writeJson(join(root, 'config', 'resourceconfig.json'), '{"current_host": ');
    const ended = await run('../../src/check.ts', root);
    expect(ended.code).toBe(65);
    expect(ended.stderr.match(/no JSON/g)).toHaveLength(1);
    expect(placesOf(ended).lines).toEqual(['data forecast-1 algo-1']);
  });
});
