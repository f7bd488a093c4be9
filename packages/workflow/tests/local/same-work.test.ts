import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import type { ProcessingRequest } from '@hemline/sagemaker/requests';
import { LocalBuckets, type JobRunner } from '@hemline/sagemaker/run';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DEFAULT_PARAMETERS } from '../../src/declaration/declaration.ts';
import { takeWork } from '../../src/functions/same-work.ts';
import type { StepServices } from '../../src/functions/step-services.ts';
import { Executor, type ExecutionEnd } from '../../src/local/executor.ts';
import { Journal } from '../../src/local/journal.ts';
import { LocalFiles } from '../../src/local/local-files.ts';
import { machinesOf } from '../../src/local/local-run.ts';
import { synthesize, type Template } from '../../src/stack/synthesize.ts';
import { runToysHere, toyData, toyDeployment, toyLog } from '../fixtures/toys.ts';

let folder: string;
let template: Template;
let file: string;
let data: string;
/** Of the artifacts: its name in the definitions. */
let bucket: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-same-work-'));
  ({ template } = synthesize(toyDeployment()));
  bucket = Object.keys(template.Resources).find(
    (id) => /^StorageArtifacts(?!.*Logs)/.test(id) && template.Resources[id]!.Type === 'AWS::S3::Bucket',
  )!;
  file = join(folder, 'template.json');
  writeFileSync(file, JSON.stringify(template));
  data = toyData(join(folder, 'data'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newOut = (): string => {
  const out = join(folder, `out-${count++}`);
  mkdirSync(out);
  return out;
};

describe('two workflows on one machine, on the same data', () => {
  const environment = { TOY_MILLISECONDS: '40' };
  const start = (out: string, workflow: string): ReturnType<typeof runToysHere> =>
    runToysHere({ template: file, data, out, workflow, environment });

  it.each([
    ['weekly', 'training', 'training of ape on this data is under way'],
    ['training', 'weekly', 'training of ape on this data is under way'],
    ['weekly', 'inference', 'inference of ape on this data is under way'],
  ])('%s and %s share work: the second is refused, and nothing is done twice', async (one, two, told) => {
    const out = newOut();
    const first = start(out, one);
    while (toyLog(out).length === 0) await new Promise((resolve) => setTimeout(resolve, 5));
    await expect(start(out, two)).rejects.toMatchObject({
      code: 'CONFLICT',
      message: expect.stringContaining(told) as string,
    });
    expect((await first).error).toBeNull();
    const started = toyLog(out).filter(({ what }) => what === 'started');
    expect(new Set(started.map(({ job }) => job)).size).toBe(started.length);
    // Once it is over, the other may run.
    expect((await start(out, two)).error).toBeNull();
  });

  it('training and inference share none', async () => {
    const out = newOut();
    await start(out, 'weekly');
    const ends = await Promise.all(['training', 'inference'].map((workflow) => start(out, workflow)));
    expect(ends.map(({ error, summary }) => [error, summary?.status])).toEqual([
      [null, 'complete'],
      [null, 'complete'],
    ]);
  });
});

describe('an execution that finds another at the same work', () => {
  const other = { execution: 'arn:other', run: 'other' };
  const uri = 's3://data/week/';
  const facts = { name: 'toys', fingerprint: 'f', lastWeek: '2026-01-05', tables: { weekly: 'weekly/' } };

  /** Runs `inference` while the other is under way for two looks, and then over, with this summary. */
  async function wait(
    out: string,
    summary: object | null,
  ): Promise<{ end: ExecutionEnd; jobs: number; looks: number; files: LocalFiles }> {
    const files = new LocalFiles(new LocalBuckets({ [bucket]: { folder: out } }));
    const services: StepServices = {
      files,
      registry: { latestApproved: () => Promise.resolve(null) } as unknown as StepServices['registry'],
      artifacts: `s3://${bucket}/`,
      now: () => new Date('2026-01-05T08:00:00Z'),
      metric: () => undefined,
    };
    const work = { workflow: 'inference', data: uri, parameters: DEFAULT_PARAMETERS, over: null };
    expect(await takeWork({ ...other, ...work }, services)).toEqual({ kind: 'ours', after: null });
    let [jobs, looks] = [0, 0];
    const process = async ({ ProcessingOutputConfig }: ProcessingRequest): Promise<unknown> => {
      jobs++;
      await files.write(`s3://${bucket}/runs/mine/check/facts.json`, JSON.stringify(facts));
      return { ProcessingOutputConfig };
    };
    const executor = new Executor({
      ...{ machines: machinesOf(template, 'test'), run: 'r', folder: out, services, retryDelay: 1 },
      runner: { process } as unknown as JobRunner,
      journal: new Journal(join(out, 'journal'), 'v'),
      signal: new AbortController().signal,
      onEvent: () => undefined,
      statusOf: async (execution) => {
        expect(execution).toBe(other.execution);
        if (++looks < 3) return 'RUNNING';
        if (summary !== null)
          await files.write(`s3://${bucket}/runs/other/inference.json`, JSON.stringify(summary));
        return summary === null ? 'ABORTED' : 'SUCCEEDED';
      },
    });
    return { end: await executor.run('inference', { run: 'mine', data: uri }), jobs, looks, files };
  }

  it('is not misled by files of others that have expired', async () => {
    const out = newOut();
    const files = new LocalFiles(new LocalBuckets({ [bucket]: { folder: out } }));
    const now = (): Date => new Date('2026-01-05T08:00:00Z');
    const services = { files, artifacts: `s3://${bucket}/`, now } as unknown as StepServices;
    const work = { workflow: 'inference', data: uri, parameters: DEFAULT_PARAMETERS, over: null };
    const take = (run: string): Promise<unknown> =>
      takeWork({ execution: `arn:${run}`, run, ...work }, services);
    const end = (run: string): Promise<void> =>
      files.write(`s3://${bucket}/runs/${run}/inference.json`, '{}');
    await take('first');
    await end('first');
    await take('second');
    await end('second');
    const [oldest] = (await files.list(`s3://${bucket}/claims/work/`)).sort();
    await rm(new LocalBuckets({ [bucket]: { folder: out } }).pathOf(oldest!));
    expect(await take('third')).toEqual({ kind: 'ours', after: null });
    expect(await take('fourth')).toMatchObject({ kind: 'another', worker: { run: 'third' } });
  });

  it('waits until that one is over, and ends with what it made of the same data', async () => {
    const summary = { run: 'other', status: 'fallback', dataset: { fingerprint: 'f' } };
    const { end, jobs, looks, files } = await wait(newOut(), summary);
    expect(end).toEqual({ output: summary, error: null });
    // The data is checked: it may have been delivered anew.
    expect([jobs, looks]).toEqual([1, 3]);
    // For whoever waits for this one.
    expect(JSON.parse((await files.read(`s3://${bucket}/runs/mine/inference.json`))!)).toEqual(summary);
  });

  it.each([
    ['was stopped', null],
    ['came to nothing', { run: 'other', status: 'incomplete', dataset: { fingerprint: 'f' } }],
    ['knew other data', { run: 'other', status: 'complete', dataset: { fingerprint: 'e' } }],
  ])('does the work itself when that one %s', async (_, summary) => {
    const { end, looks } = await wait(newOut(), summary);
    expect(looks).toBe(3);
    expect(end.error?.cause).toContain('inference run mine is INCOMPLETE.');
    expect(end.error?.cause).toContain('ape: it has no approved version');
  });
});
