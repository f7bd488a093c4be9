import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { promisify } from 'node:util';
import fc from 'fast-check';
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { RunRecorder } from '../../src/records/run-recorder.ts';
import { openMlflow } from '../../src/mlflow/open-mlflow.ts';
import { readRun } from '../../src/records/read-runs.ts';
import type { RunRecord } from '../../src/records/run-record.ts';
import { batchesOf, BATCH_LIMITS } from '../../src/mlflow/mlflow-batches.ts';
import { MlflowClient } from '../../src/mlflow/mlflow-client.ts';
import { MlflowMirror } from '../../src/mlflow/mlflow-mirror.ts';
import { mlflowKey } from '../../src/mlflow/mlflow-names.ts';
import { sageMakerServer } from '../../src/mlflow/sagemaker-server.ts';
import { MlflowServer } from './mlflow-server.ts';

const code = { version: '0.1.0', commit: 'b5f2c00', dirty: false };
let folder: string;
let server: MlflowServer;
let count = 0;

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-mlflow-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));
beforeEach(async () => {
  server = await MlflowServer.start();
});
afterEach(() => server.stop());

interface Setup {
  readonly directory?: string;
  readonly patience?: number;
  readonly interval?: number;
  readonly attempts?: number;
}

function mirrorTo(directory: string, { patience, interval, attempts }: Setup = {}): MlflowMirror {
  const options = { url: server.url, sign: async () => ({}), delay: 5, timeout: 500 };
  const client = new MlflowClient({ ...options, ...(attempts === undefined ? {} : { attempts }) });
  const place = { client, url: server.url, experiment: 'hemline', directory };
  return new MlflowMirror({
    ...place,
    ...(patience === undefined ? {} : { patience }),
    interval: interval ?? 10,
  });
}

async function open(setup: Setup = {}): Promise<{ recorder: RunRecorder; directory: string }> {
  const directory = setup.directory ?? join(folder, `run-${++count}`);
  const facts = { run: 'weekly-1', kind: 'weekly', code, parameters: { seed: '1', horizon: '26' } };
  return { recorder: await RunRecorder.open(directory, facts, mirrorTo(directory, setup)), directory };
}

async function tell(recorder: RunRecorder): Promise<void> {
  await recorder.addInput({ name: 'sales', url: 'file:///data', fingerprint: 'f00' });
  await recorder.stepStarted('training/demand: train');
  for (let epoch = 1; epoch <= 3; epoch++)
    await recorder.measure('training/demand: train', 'loss', epoch === 3 ? NaN : 1 / epoch);
  await recorder.stepMemory('training/demand: train', 2 ** 30);
  await recorder.stepFinished('training/demand: train');
  await recorder.addMetrics('training/demand: evaluate', { demandError: 0.4, worst: -Infinity });
  await recorder.addVersion({ model: 'demand', role: 'trained', artifact: 'file:///m', version: 3 });
  await recorder.stepStarted('forecast');
  await recorder.stepFailed('forecast', new Error('no space'));
}

const recordOf = async (directory: string): Promise<RunRecord> => (await readRun(directory))!.record;

describe('the mirror of a run in MLflow', () => {
  it('has its parameters, metrics over time, tags and end, in requests as they are documented', async () => {
    const { recorder, directory } = await open();
    await tell(recorder);
    await recorder.finish('degraded');
    expect(server.violations).toEqual([]);
    expect([...server.experiments.keys()]).toEqual(['hemline']);
    const [[id, run]] = [...server.runs] as [[string, NonNullable<ReturnType<typeof server.runs.get>>]];
    expect(run.name).toBe('weekly-1');
    expect(run.startTime).toBe(Date.parse((await recordOf(directory)).startedAt));
    expect(run.statuses).toEqual(['RUNNING', 'FINISHED']);
    expect(run.endTime).toBeGreaterThan(run.startTime - 1);
    expect(Object.fromEntries(run.params)).toEqual({ seed: '1', horizon: '26' });
    const loss = run.metrics.filter(({ key }) => key === 'training/demand/train/loss');
    expect(loss.map(({ value, step }) => [value, step])).toEqual([
      [1, 1],
      [0.5, 2],
      ['NaN', 3],
    ]);
    const value = (name: string): unknown => run.metrics.find(({ key }) => key === name)?.value;
    expect(value('training/demand/evaluate/demandError')).toBe(0.4);
    expect(value('training/demand/evaluate/worst')).toBe('-Infinity');
    expect(value('training/demand/train/peakMemoryBytes')).toBe(2 ** 30);
    expect(value('training/demand/train/seconds')).toBeGreaterThanOrEqual(0);
    expect(Object.fromEntries(run.tags)).toMatchObject({
      'hemline.state': 'degraded',
      'hemline.kind': 'weekly',
      'hemline.input.sales': 'file:///data f00',
      'hemline.trained.demand': 'file:///m version 3',
      'hemline.step.training/demand/train': 'finished',
      'hemline.step.forecast': 'failed: no space',
      'mlflow.note.content': '- forecast: no space',
      'mlflow.source.git.commit': 'b5f2c00',
      'mlflow.runName': 'weekly-1',
    });
    const kept = JSON.parse(await readFile(join(directory, 'mlflow.json'), 'utf8')) as object;
    expect(kept).toEqual({ schema: 1, url: server.url, experiment: 'hemline', run: id });
    // No problem of the mirror's own.
    expect((await recordOf(directory)).problems.map(({ message }) => message)).toEqual(['no space']);
  });

  it('survives a server that fails now and then, and tells nothing twice', async () => {
    server.fault = (path, at) =>
      at % 3 === 0 ? 503 : at % 3 === 1 && !path.includes('create') ? 'hang up' : null;
    const { recorder, directory } = await open();
    await tell(recorder);
    await recorder.finish('succeeded');
    expect(server.runs.size).toBe(1);
    const [run] = [...server.runs.values()];
    expect(run!.metrics.filter(({ key }) => key.endsWith('/loss'))).toHaveLength(3);
    expect(run!.statuses.at(-1)).toBe('FINISHED');
    expect((await recordOf(directory)).problems.map(({ message }) => message)).toEqual(['no space']);
  });

  it.each([
    [
      'answers with errors',
      (): 500 => 500,
      /MLflow at .* lacks a part of this run.*500 <html>.*record here is whole/,
    ],
    ['refuses', (): 403 => 403, /lacks a part of this run.*MLflow refused GET experiments\/get-by-name.*403/],
    ['hangs up', (): 'hang up' => 'hang up', /lacks a part of this run/],
  ])(
    'a server that %s costs the run nothing, and is named once in its record',
    async (_, fault, expected) => {
      server.fault = fault;
      const { recorder, directory } = await open({ attempts: 2 });
      await tell(recorder);
      await recorder.finish('succeeded');
      const { state, problems } = await recordOf(directory);
      expect(state).toBe('succeeded');
      const told = problems.filter(({ message }) => message.includes('MLflow'));
      expect(told).toHaveLength(1);
      expect(told[0]!.message).toMatch(expected);
    },
  );

  it('does not keep a run waiting for a server that never answers', async () => {
    const address = server.url;
    await server.stop();
    server = await MlflowServer.start();
    const directory = join(folder, `run-${++count}`);
    // Nothing listens there any more, and many attempts are to be made.
    const client = new MlflowClient({ url: address, sign: async () => ({}), attempts: 1000, delay: 50 });
    const mirror = new MlflowMirror({ client, url: address, experiment: 'x', directory, patience: 300 });
    const recorder = await RunRecorder.open(directory, { run: 'r', kind: 'train', code }, mirror);
    const began = performance.now();
    await recorder.finish('succeeded');
    // All attempts would take 50 s.
    expect(performance.now() - began).toBeLessThan(25_000);
    expect((await recordOf(directory)).problems[0]!.message).toMatch(/no answer within 0.3 s/);
  });

  it('goes on with its run when the run is resumed, and does not change parameters', async () => {
    const { recorder, directory } = await open();
    await recorder.stepStarted('train');
    await recorder.close();
    const again = await open({ directory });
    await again.recorder.addParameters({ seed: '2', cutoff: '2026-01-05' });
    await again.recorder.finish('succeeded');
    expect(server.violations).toEqual([]);
    expect(server.runs.size).toBe(1);
    const [run] = [...server.runs.values()];
    expect(run!.statuses).toEqual(['RUNNING', 'RUNNING', 'FINISHED']);
    expect(Object.fromEntries(run!.params)).toEqual({ seed: '1', horizon: '26', cutoff: '2026-01-05' });
    expect(run!.tags.get('hemline.parameter.seed')).toBe('2');
  });
});

describe('what MLflow takes', () => {
  it('any name becomes a key, and no two become one by being cut', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: fc.constantFrom('a', 'ü', '/', '.', ': ', '%', ' ', 'long name'), maxLength: 60 }),
        (name) => {
          const key = mlflowKey(name);
          expect(key.length).toBeGreaterThan(0);
          expect(key.length).toBeLessThanOrEqual(250);
          expect(key.split('/').every((part) => part !== '' && !/^\.+$/.test(part))).toBe(true);
        },
      ),
    );
    const long = 'x'.repeat(300);
    expect(mlflowKey(`${long}a`)).not.toBe(mlflowKey(`${long}b`));
    expect(mlflowKey('training/demand: train')).toBe('training/demand/train');
  });

  it('any amount becomes batches within the limits, in order', () => {
    const sizes = fc.record({
      metrics: fc.nat(2500),
      params: fc.nat(250),
      tags: fc.nat(250),
      long: fc.nat(5000),
    });
    fc.assert(
      fc.property(sizes, ({ metrics, params, tags, long }) => {
        const pair = (_: unknown, i: number) => ({ key: `k${i}`, value: 'v'.repeat(long) });
        const all = {
          metrics: Array.from({ length: metrics }, (_, i) => ({ key: 'm', value: i, timestamp: 1, step: i })),
          params: Array.from({ length: params }, pair),
          tags: Array.from({ length: tags }, pair),
        };
        const batches = batchesOf(all);
        for (const batch of batches) {
          expect(batch.metrics.length).toBeLessThanOrEqual(1000);
          expect(batch.params.length).toBeLessThanOrEqual(100);
          expect(batch.tags.length).toBeLessThanOrEqual(100);
          const count = batch.metrics.length + batch.params.length + batch.tags.length;
          expect(count).toBeGreaterThan(0);
          expect(count).toBeLessThanOrEqual(BATCH_LIMITS.all);
          expect(Buffer.byteLength(JSON.stringify({ run_id: 'x'.repeat(32), ...batch }))).toBeLessThanOrEqual(
            BATCH_LIMITS.bytes,
          );
        }
        expect(batches.flatMap((batch) => batch.metrics)).toEqual(all.metrics);
        expect(batches.flatMap((batch) => batch.params)).toEqual(all.params);
        expect(batches.flatMap((batch) => batch.tags)).toEqual(all.tags);
      }),
      { numRuns: 20 },
    );
  });
});

describe('where a run is mirrored', () => {
  it('is asked for by option or environment, with the credentials of the environment', async () => {
    expect(openMlflow(folder, undefined, {})).toBeNull();
    expect(() => openMlflow(folder, 'databricks', {})).toThrow(/http\(s\) URL.*found databricks/);
    expect(() => openMlflow(folder, 'arn:aws:s3:::bucket', {})).toThrow(/not the ARN of a tracking server/);
    const environment = {
      MLFLOW_TRACKING_URI: server.url,
      MLFLOW_TRACKING_TOKEN: 't',
      MLFLOW_EXPERIMENT_NAME: 'e',
    };
    const mirror = openMlflow(join(folder, `run-${++count}`), undefined, environment)!;
    expect(await mirror.end('failed')).toBeNull();
    expect([...server.experiments.keys()]).toEqual(['e']);
    expect(server.requests.every(({ headers }) => headers.authorization === 'Bearer t')).toBe(true);
    const basic = { MLFLOW_TRACKING_USERNAME: 'u', MLFLOW_TRACKING_PASSWORD: 'p' };
    await openMlflow(join(folder, `run-${++count}`), server.url, basic)!.end(null);
    expect(server.requests.at(-1)!.headers.authorization).toBe(`Basic ${btoa('u:p')}`);
  });

  it('may be a server that SageMaker manages: requests are signed as botocore signs them', async ({
    skip,
  }) => {
    const environment = { AWS_ACCESS_KEY_ID: 'AKIDEXAMPLE', AWS_SECRET_ACCESS_KEY: 'secret' };
    const before = { ...process.env };
    Object.assign(process.env, environment);
    const arn = 'arn:aws:sagemaker:eu-central-1:123456789012:mlflow-tracking-server/team';
    try {
      const { url, sign } = sageMakerServer(arn, {});
      expect(url).toBe('https://eu-central-1.experiments.sagemaker.aws');
      const target = new URL(`${url}/api/2.0/mlflow/experiments/get-by-name?experiment_name=a%20b`);
      for (const [method, place, body] of [
        ['GET', target, ''],
        ['POST', new URL(`${url}/api/2.0/mlflow/runs/update`), '{"run_id":"ü"}'],
      ] as const) {
        const headers = await sign({ method, url: place, body });
        expect(headers['x-mlflow-sm-tracking-server-arn']).toBe(arn);
        const { authorization, ...rest } = headers;
        const given = JSON.stringify({ method, url: place.href, body, headers: rest, environment });
        const signature = await botocoreSignature(given);
        if (signature === null) return skip('botocore is not installed for python3');
        expect(authorization).toBe(signature);
      }
    } finally {
      process.env = before;
    }
  });
});

/** The header Authorization that botocore gives the same request at the same time; null without botocore. */
async function botocoreSignature(given: string): Promise<string | null> {
  const script = `
import json, sys
from datetime import datetime, timezone
try:
    import botocore.auth
    from botocore.awsrequest import AWSRequest
    from botocore.credentials import Credentials
except ImportError:
    sys.exit(42)
given = json.loads(sys.argv[1])
headers = given['headers']
time = headers.pop('x-amz-date')
at = datetime.strptime(time, '%Y%m%dT%H%M%SZ')
class Frozen(datetime):
    @classmethod
    def now(cls, tz=None): return at.replace(tzinfo=tz)
    @classmethod
    def utcnow(cls): return at
for name in ('get_current_datetime',):
    if hasattr(botocore.auth, name): setattr(botocore.auth, name, lambda remove_tzinfo=True: at)
botocore.auth.datetime = type('module', (), {'datetime': Frozen})
request = AWSRequest(method=given['method'], url=given['url'], data=given['body'].encode(), headers=headers)
env = given['environment']
signer = botocore.auth.SigV4Auth(Credentials(env['AWS_ACCESS_KEY_ID'], env['AWS_SECRET_ACCESS_KEY']), 'sagemaker-mlflow', 'eu-central-1')
signer.add_auth(request)
print(request.headers['Authorization'])
`;
  try {
    const { stdout } = await promisify(execFile)('python3', ['-c', script, given]);
    return stdout.trim();
  } catch (error) {
    const { code: exit } = error as { code?: number | string };
    if (exit === 42 || exit === 'ENOENT') return null;
    throw error;
  }
}
