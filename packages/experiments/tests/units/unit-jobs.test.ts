import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { ConfigurationError, ConflictError, formatWeek, parseWeek, StoreError } from '@hemline/core';
import type { JobSettings } from '@hemline/sagemaker/requests';
import type { JobStatus, SageMaker } from '@hemline/sagemaker/submit';
import { openStore, type Store } from '@hemline/stores';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { sageMakerPlace } from '../../src/places/sagemaker-place.ts';
import { unitsOf, type ExperimentPlan, type Unit } from '../../src/plan.ts';
import { runExperiment, type ExperimentResult } from '../../src/run-experiment.ts';
import { UnitJobs, type UnitJobsOptions } from '../../src/units/unit-jobs.ts';
import { UnitJournal } from '../../src/units/unit-journal.ts';
import { unitJobName, unitRequest, type UnitJobSettings } from '../../src/units/unit-request.ts';

const settingsOn =
  (instanceType: string) =>
  (model: string, name: string): JobSettings => ({
    ...{ name, image: `registry/hemline/${model}:7`, role: 'arn:aws:iam::123456789012:role/job' },
    machines: { instanceType, instances: 1, volumeGiB: 10, maximumSeconds: 3600 },
    ...{ environment: {}, tags: { 'hemline:model': model } },
  });

const settings: UnitJobSettings = {
  ...{ experiment: 'windows', data: 's3://data/observed', output: 's3://results' },
  settingsOf: settingsOn('ml.m5.xlarge'),
};

const failureOf = ({ name, reason }: JobStatus): ConfigurationError =>
  new ConfigurationError(`${name} failed`, { found: reason! });

/** Variants whose error is their window, so that one is hopeless from the first cutoff. */
const plan: ExperimentPlan = {
  ...{ name: 'windows', quantity: 'demand', metric: 'demandError', champion: 'w=1', horizon: 4, seeds: [1] },
  ...{ confidence: 0.95, stopping: null, data: 'd', code: 'c' },
  variants: [1, 2, 9].map((w) => ({ name: `w=${w}`, model: 'demand-naive', hyperparameters: { w } })),
  cutoffs: ['2026-01-05', '2026-02-02', '2026-03-02', '2026-03-30'].map(parseWeek),
};

/** SageMaker as far as jobs of experiments ask it; a job takes so many looks. */
class Jobs {
  readonly submitted: string[] = [];
  readonly stopped: string[] = [];
  readonly status = new Map<string, JobStatus['status']>();
  peak = 0;
  quota = Infinity;
  looks = 2;
  /** What becomes of a job at its end. */
  end: (name: string) => JobStatus['status'] = () => 'Completed';
  /** What a submission fails with. */
  refuse: (name: string) => Error | null = () => null;
  readonly #store: Store;
  readonly #left = new Map<string, number>();

  constructor(store: Store) {
    this.#store = store;
  }

  running(): string[] {
    return [...this.status].filter(([, status]) => status === 'InProgress').map(([name]) => name);
  }

  async find(_kind: string, name: string): Promise<JobStatus | null> {
    return this.status.has(name) ? this.describe('process', name) : null;
  }

  async describe(_kind: string, name: string): Promise<JobStatus> {
    const left = (this.#left.get(name) ?? 0) - 1;
    this.#left.set(name, left);
    if (left === 0 && this.status.get(name) === 'InProgress') {
      this.status.set(name, this.end(name));
      const unit = unitsOf(plan).find(
        (each) => unitJobName(settings, each, 1).slice(0, -2) === name.slice(0, -2),
      );
      if (unit !== undefined && this.status.get(name) === 'Completed') await this.leaveScores(unit);
    }
    const rest = { phase: null, reason: 'it broke', billableSeconds: 60, artifact: null, metrics: {} };
    return { kind: 'process', name, status: this.status.get(name)!, ...rest };
  }

  async leaveScores({ key, hyperparameters, cutoff }: Unit, code = '7'): Promise<void> {
    // A little noise that is the same for all.
    const demandError = Number(hyperparameters['w']) + (cutoff % 5) / 100;
    const scores = { schema: 1, rows: 10, metrics: { demandError }, seconds: 1, peakBytes: 2 ** 20 };
    await this.#store.write(`${key}/scores.json`, JSON.stringify({ ...scores, data: 'd', code }));
  }

  async submit({ request }: ReturnType<typeof unitRequest>): Promise<void> {
    const name = request.ProcessingJobName;
    const refused = this.refuse(name);
    if (refused !== null) throw refused;
    if (this.running().length >= this.quota)
      throw new ConfigurationError('a quota does not allow it', {
        cause: Object.assign(new Error('so many'), { name: 'ResourceLimitExceeded' }),
      });
    this.begin(name);
    this.submitted.push(name);
  }

  begin(name: string): void {
    this.#left.set(name, this.looks);
    this.status.set(name, 'InProgress');
    this.peak = Math.max(this.peak, this.running().length);
  }

  async processingInProgress(part: string): Promise<string[]> {
    return this.running().filter((name) => name.includes(part));
  }

  async stop(_kind: string, name: string): Promise<void> {
    this.stopped.push(name);
    this.status.set(name, 'Stopping');
  }
}

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-unit-jobs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

interface Bench {
  readonly jobs: Jobs;
  readonly store: Store;
  readonly said: string[];
  readonly controller: AbortController;
  worker(options?: Partial<UnitJobsOptions>): UnitJobs;
  run(changes?: Partial<ExperimentPlan>, options?: Partial<UnitJobsOptions>): Promise<ExperimentResult>;
}

async function bench(): Promise<Bench> {
  const directory = await mkdtemp(join(folder, 'bench-'));
  const store = await openStore(join(directory, 'results'));
  const jobs = new Jobs(store);
  const said: string[] = [];
  const controller = new AbortController();
  const worker = (options: Partial<UnitJobsOptions> = {}): UnitJobs =>
    new UnitJobs({
      ...{ settings, store, most: 2, pollMilliseconds: 1, stopOnInterrupt: false, signal: controller.signal },
      sageMaker: { jobs } as unknown as SageMaker,
      failureOf,
      ...{ onMemory: () => undefined, onBilled: () => undefined, say: (text) => void said.push(text) },
      ...options,
    });
  const run: Bench['run'] = async (changes = {}, options = {}) => {
    const lanes = worker(options);
    const journal = new UnitJournal(await mkdtemp(join(directory, 'units-')));
    try {
      return await runExperiment(
        { ...plan, ...changes },
        {
          ...{ journal, parallel: options.most ?? 2, signal: controller.signal },
          work: (unit) => lanes.run(unit),
          endsAll: (error) => lanes.endsAll(error),
        },
      );
    } finally {
      await lanes.close();
    }
  };
  return { jobs, store, said, controller, worker, run };
}

const first = unitsOf(plan)[0]!;
const nameOf = (unit: Unit, attempt = 1): string => unitJobName(settings, unit, attempt);

it('a job is the step backtest of the image of its model, under a name that says what it does', () => {
  const { request } = unitRequest(settings, first, nameOf(first));
  expect(request.AppSpecification).toEqual({
    ImageUri: 'registry/hemline/demand-naive:7',
    ContainerEntrypoint: ['process'],
    ContainerArguments: [
      ...['--step', 'backtest', '--cutoff', formatWeek(first.cutoff), '--horizon', '4', '--seed', '1'],
      '--set=w=1',
    ],
  });
  expect(request.ProcessingOutputConfig!.Outputs![0]!.S3Output).toMatchObject({
    S3Uri: `s3://results/windows/${first.key}/`,
  });
  expect(request.Tags).toContainEqual({ Key: 'hemline:experiment', Value: 'windows' });
  expect(nameOf(first)).toMatch(/^windows-[0-9a-f]{24}-1$/);
  expect(nameOf({ ...first, variant: 'by another name' })).toBe(nameOf(first));
  const others = [
    unitJobName({ ...settings, output: 's3://elsewhere' }, first, 1),
    ...unitsOf({ ...plan, code: 'another image' }).map((unit) => nameOf(unit)),
    ...unitsOf(plan)
      .slice(1)
      .map((unit) => nameOf(unit)),
  ];
  expect(others).not.toContain(nameOf(first));
  const long = { ...settings, experiment: `${'long-'.repeat(20)}name` };
  expect(unitJobName(long, first, 999).length).toBeLessThanOrEqual(63);
});

it('at most so many run at a time, those that others follow among them', async () => {
  const { jobs, run } = await bench();
  jobs.looks = 3;
  // Of another terminal, for a unit that nobody here waits for; it ends at some time.
  jobs.begin(`windows-${'0'.repeat(24)}-1`);
  jobs.begin(`windows-of-another-experiment-${'0'.repeat(24)}-1`);
  setTimeout(() => jobs.status.set(`windows-${'0'.repeat(24)}-1`, 'Completed'), 60);
  const { computed } = await run();
  expect([computed, jobs.submitted.length]).toEqual([12, 12]);
  // The other experiment's comes on top.
  expect(jobs.peak).toBe(3);
});

it('waits where the account may not have more, and says so once', async () => {
  const { jobs, run, said } = await bench();
  jobs.quota = 1;
  await run({ cutoffs: plan.cutoffs.slice(0, 1) });
  expect(jobs.peak).toBe(1);
  const waits = said.filter((text) => text.startsWith('waiting for a job to end: a quota')).length;
  // Of three jobs one has nothing to wait for.
  expect(waits >= 1 && waits <= 2, said.join()).toBe(true);
  // Nothing of this experiment runs that could make room.
  jobs.quota = 0;
  await expect(run({ cutoffs: plan.cutoffs.slice(1) })).rejects.toThrow(/a quota does not allow it/);
});

it('spends nothing on a variant after it was stopped early', async () => {
  const { jobs, run } = await bench();
  const { ranking } = await run({ stopping: { confidence: 0.99, afterCutoffs: 2 } });
  expect(ranking.variants.map(({ name, status, cutoffs }) => [name, status, cutoffs])).toEqual([
    ['w=1', 'finished', 4],
    ['w=2', 'stopped', 2],
    ['w=9', 'stopped', 2],
  ]);
  expect(jobs.submitted).toHaveLength(4 + 2 + 2);
});

it('fetches what is there, waits for what runs, and submits only the rest', async () => {
  const { jobs, run, said } = await bench();
  const [done, running, failed, ...rest] = unitsOf(plan);
  await jobs.leaveScores(done!);
  jobs.begin(nameOf(running!));
  jobs.status.set(nameOf(failed!), 'Failed').set(nameOf(failed!, 2), 'Stopping');
  const { computed } = await run();
  expect(computed).toBe(12);
  expect(jobs.submitted.toSorted()).toEqual(
    [nameOf(failed!, 3), ...rest.map((unit) => nameOf(unit))].toSorted(),
  );
  expect(said).toContain(`${nameOf(running!)} does w=2 2026-01-05 #1 since an earlier start`);
});

it('takes the scores of a job that ends between two looks', async () => {
  const { jobs, worker } = await bench();
  jobs.begin(nameOf(first));
  const { find } = jobs;
  jobs.find = async (kind, name) => {
    await jobs.leaveScores(first);
    jobs.status.set(name, 'Completed');
    return find.call(jobs, kind, name);
  };
  expect((await worker().run(first)).rows).toBe(10);
  expect(jobs.submitted).toEqual([]);
});

it('follows a job that another terminal submits at the same moment', async () => {
  const { jobs, worker } = await bench();
  jobs.refuse = (name) => {
    jobs.begin(name);
    return new ConflictError('AWS has it already');
  };
  expect((await worker().run(first)).metrics).toEqual({ demandError: 1 + (first.cutoff % 5) / 100 });
  expect(jobs.submitted).toEqual([]);
});

it('a job that fails takes its variant along, and no other', async () => {
  const { jobs, run } = await bench();
  const bad = nameOf(unitsOf(plan)[1]!);
  jobs.end = (name) => (name === bad ? 'Failed' : 'Completed');
  const { ranking } = await run();
  expect(ranking.variants.map(({ name, status }) => `${name} ${status}`)).toEqual([
    ...['w=1 finished', 'w=9 finished', 'w=2 failed'],
  ]);
  expect(ranking.variants.at(-1)!.reason).toMatch(/^at 2026-01-05 #1: windows-\S+ failed; found it broke/);
});

it('what the platform does wrong ends the experiment, and jobs under way go on', async () => {
  const { jobs, run, said } = await bench();
  jobs.looks = 1e6;
  jobs.refuse = () => (jobs.submitted.length > 0 ? new ConfigurationError('not allowed') : null);
  await expect(run()).rejects.toThrow('not allowed');
  expect(said.at(-1)).toMatch(new RegExp(`^These jobs go on, .*:\n${jobs.submitted[0]}\nStop one: `));
  expect(jobs.stopped).toEqual([]);
});

it('names a job that may have been submitted, where no answer came', async () => {
  const { jobs, run, said } = await bench();
  let asked: string | null = null;
  jobs.refuse = (name) => {
    asked ??= name;
    return new StoreError('AWS did not answer');
  };
  await expect(run()).rejects.toThrow('AWS did not answer');
  expect(said.at(-1)).toContain(asked);
});

it.each([false, true])('told to leave, stops its jobs: %s', async (stopOnInterrupt) => {
  const { jobs, run, said, controller } = await bench();
  jobs.looks = 1e6;
  const foreign = `windows-${'0'.repeat(24)}-1`;
  jobs.begin(foreign);
  const ended = run({}, { stopOnInterrupt, most: 3 });
  while (jobs.submitted.length < 2) await new Promise((go) => setTimeout(go, 1));
  controller.abort();
  await expect(ended).rejects.toThrow(/asked to stop/);
  expect(jobs.stopped.toSorted()).toEqual(stopOnInterrupt ? jobs.submitted.toSorted() : []);
  const told = said.at(-1)!;
  expect(told).toMatch(stopOnInterrupt ? /^Telling these jobs to stop:/ : /^These jobs go on/);
  for (const name of jobs.submitted) expect(told).toContain(name);
  expect(told).not.toContain(foreign);
});

it('a job that is complete and left nothing is an error of its image', async () => {
  const { jobs, worker } = await bench();
  jobs.leaveScores = () => Promise.resolve();
  await expect(worker().run(first)).rejects.toThrow(/is complete and left no scores; .*Check that the image/);
});

it('fits of different code are not ranked', async () => {
  const { jobs, run } = await bench();
  for (const [i, unit] of unitsOf(plan).entries()) await jobs.leaveScores(unit, i === 5 ? '8' : '7');
  await expect(run()).rejects.toThrow(
    /different code; expected 7, found 8 for w=9 2026-02-02 #1.*a tag that never changes/s,
  );
});

it.each([
  [
    'data of this machine',
    { data: 'market/observed' },
    /the dataset .* in S3; .*found market\/observed.*aws s3 sync/s,
  ],
  [
    'a descriptor of this machine',
    { descriptor: 'dataset.json' },
    /the descriptor .* in S3; .*found dataset\.json/s,
  ],
  ['no output', { output: undefined }, /the output .* in S3; expected --output .*found nothing/s],
  [
    'a misspelt instance',
    { settingsOf: settingsOn('ml.m5.xlrge') },
    /did you mean ml\.m5\.xlarge.*Nothing has been started/s,
  ],
])('refuses %s before anything is submitted', async (_what, change, message) => {
  const refused = async (): Promise<void> =>
    sageMakerPlace('windows', {
      ...{ ...settings, instance: 'ml.m5.xlarge', hours: 1, poll: 1, failureOf },
      ...change,
    }).check(plan);
  await expect(refused()).rejects.toThrow(message);
});
