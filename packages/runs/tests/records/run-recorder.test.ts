import { appendFile, mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { DuckDBInstance } from '@duckdb/node-api';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { DataError, UnsupportedError } from '@hemline/core';
import { RunRecorder, type RunFacts } from '../../src/records/run-recorder.ts';
import { listRuns, readRun } from '../../src/records/read-runs.ts';
import { runRecordSchema } from '../../src/records/run-record.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-runs-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const facts = (run: string): RunFacts => ({
  run,
  kind: 'weekly',
  command: ['hemline', 'run', 'weekly'],
  parameters: { cutoff: '2026-01-05' },
  code: { version: '0.1.0', commit: 'b5f2c00', dirty: false },
  prices: { currency: 'EUR', perHour: { 'ml.m5.xlarge': 3.6, local: 0 } },
});

/** A run in which nearly everything happens. */
async function eventfulRun(run: string): Promise<string> {
  const directory = join(folder, run);
  const recorder = await RunRecorder.open(directory, facts(run));
  await recorder.addInput({ name: 'dataset', url: 'file:///data', fingerprint: 'f00', rows: 1000 });
  await recorder.addImage({ name: 'demand-naive', uri: 'hemline/demand-naive:1', digest: 'sha256:0f' });
  await recorder.addParameters({ seed: '1' });
  await recorder.stepStarted('train', { instanceType: 'ml.m5.xlarge', instances: 2 });
  const place = { phase: 'training', done: 1, total: 2, unit: 'epochs' };
  await recorder.measure('train', 'loss', 0.5, place);
  await recorder.measure('train', 'loss', NaN);
  await recorder.stepMemory('train', 3000);
  await recorder.stepRetried('train', new DataError('no capacity'));
  await recorder.stepStarted('train', { instanceType: 'ml.m5.xlarge', instances: 2 });
  await recorder.stepFinished('train', 10);
  await recorder.addMetrics('train', { demandError: 0.5, wape: NaN, worst: -Infinity });
  await recorder.addVersion({ model: 'demand-naive', role: 'trained', artifact: 'file:///m', step: 'train' });
  await recorder.stepStarted('evaluate', { instanceType: 'ml.huge' });
  await recorder.stepFailed('evaluate', new TypeError('x is not a function'), 'file:///job.log');
  await recorder.stepFellBack('evaluate', 'demand-naive 7', 'the evaluation failed');
  await recorder.stepSkipped('features', 'an earlier start finished it');
  await recorder.addOutput({ name: 'forecast', url: 's3://out', rows: 12, files: 2, step: 'forecast' });
  await recorder.addProblem('the deadline is near');
  await recorder.finish('degraded');
  return directory;
}

describe('RunRecorder', () => {
  it('leaves a record of everything it was told', async () => {
    const directory = await eventfulRun('everything');
    const { record, state } = (await readRun(directory))!;
    expect(state).toBe('degraded');
    expect(JSON.parse(await readFile(join(directory, 'record.json'), 'utf8'))).toEqual(record);
    expect(runRecordSchema.parse(record)).toEqual(record);
    expect(record).toMatchObject({
      schema: 1,
      run: 'everything',
      kind: 'weekly',
      parameters: { cutoff: '2026-01-05', seed: '1' },
      code: { version: '0.1.0', commit: 'b5f2c00', dirty: false },
      process: { pid: process.pid, node: process.versions.node },
      images: [{ name: 'demand-naive', digest: 'sha256:0f' }],
      inputs: [{ name: 'dataset', url: 'file:///data', fingerprint: 'f00', rows: 1000, bytes: null }],
      versions: [{ model: 'demand-naive', role: 'trained', version: null }],
      outputs: [{ name: 'forecast', rows: 12, files: 2 }],
      metrics: [
        { step: 'train', name: 'demandError', value: 0.5, notFinite: null },
        { step: 'train', name: 'wape', value: null, notFinite: 'NaN' },
        { step: 'train', name: 'worst', value: null, notFinite: '-Infinity' },
      ],
      events: 18,
    });
    expect(record.steps.map(({ step, state, attempts }) => [step, state, attempts])).toEqual([
      ['train', 'finished', 2],
      ['evaluate', 'fell back', 1],
      ['features', 'skipped', 0],
    ]);
    expect(record.steps[0]!.error).toMatchObject({
      name: 'DataError',
      code: 'DATA',
      message: 'no capacity.',
    });
    expect(record.steps[1]).toMatchObject({
      error: { name: 'TypeError', code: null, log: 'file:///job.log' },
      fellBackTo: 'demand-naive 7',
    });
    expect(record.problems.map(({ step, message }) => [step, message])).toEqual([
      ['evaluate', 'x is not a function'],
      ['evaluate', 'demand-naive 7 stands in: the evaluation failed'],
      [null, 'the deadline is near'],
    ]);
  });

  it('estimates the cost from the prices it is given, attempts that failed included', async () => {
    const { record } = (await readRun(await eventfulRun('cost')))!;
    // 3.6 an hour are 0.001 a second, on two instances: ten billed seconds, and a first attempt of no time to speak of.
    expect(record.steps[0]!.cost).toBeGreaterThanOrEqual(0.02);
    expect(record.steps[0]!.cost).toBeLessThan(0.03);
    expect(record.cost).toEqual({ currency: 'EUR', amount: record.steps[0]!.cost, unpriced: ['ml.huge'] });
    const recorder = await RunRecorder.open(join(folder, 'free'), { ...facts('free'), prices: null });
    expect(recorder.record.cost).toBeNull();
    await recorder.finish('succeeded');
  });

  it('keeps the order of calls that nobody waited for, and takes what is told again in place of it', async () => {
    const recorder = await RunRecorder.open(join(folder, 'order'), facts('order'));
    const promises = Array.from({ length: 50 }, (_, i) => recorder.addMetrics(null, { last: i }));
    const finished = recorder.finish('succeeded');
    await Promise.all([...promises, finished]);
    const { record } = (await readRun(join(folder, 'order')))!;
    expect(record.metrics).toEqual([{ step: null, name: 'last', value: 49, notFinite: null }]);
    expect(record.events).toBe(52);
    await expect(recorder.addProblem('late')).rejects.toThrow(/the run has ended: problem comes too late/);
  });

  it('goes on where a crash cut an event off, and reads such a log before', async () => {
    const directory = join(folder, 'torn');
    const first = await RunRecorder.open(directory, facts('torn'));
    await first.stepStarted('train');
    await first.close();
    await appendFile(join(directory, 'events.jsonl'), '{"schema":1,"at":"2026-01');
    expect((await readRun(directory))!.record.events).toBe(2);
    const second = await RunRecorder.open(directory, facts('torn'));
    expect(second.record).toMatchObject({ resumed: 1, steps: [{ step: 'train', state: 'crashed' }] });
    await second.stepStarted('train');
    await second.stepFinished('train');
    await second.finish('succeeded');
    expect((await readRun(directory))!.record).toMatchObject({
      state: 'succeeded',
      steps: [{ state: 'finished', attempts: 2 }],
      events: 6,
    });
  });

  it('tells damage, other runs and newer versions from what it can go on with', async () => {
    const directory = await eventfulRun('damage');
    await expect(RunRecorder.open(directory, facts('another'))).rejects.toThrow(
      /the record of another run.*expected another, found damage/,
    );
    const file = join(directory, 'events.jsonl');
    const lines = (await readFile(file, 'utf8')).split('\n');
    await writeFile(file, lines.with(2, lines[2]!.slice(0, 30)).join('\n'));
    await expect(readRun(directory)).rejects.toThrow(/a document is damaged.*events\.jsonl:3/);
    await writeFile(file, lines.with(2, lines[2]!.replace('"schema":1', '"schema":2')).join('\n'));
    await expect(RunRecorder.open(directory, facts('damage'))).rejects.toThrow(UnsupportedError);
    await writeFile(file, lines.with(1, lines[1]!.replace('"fingerprint"', '"print"')).join('\n'));
    await expect(readRun(directory)).rejects.toThrow(/events\.jsonl:2.*input\.fingerprint/);
    const { runs, unreadable } = await listRuns(folder);
    expect(unreadable).toEqual([{ run: 'damage', problem: expect.stringContaining('damaged') as string }]);
    expect(runs.length).toBeGreaterThan(0);
  });

  it('refuses to write what its schema does not take, and writes on', async () => {
    const recorder = await RunRecorder.open(join(folder, 'refused'), facts('refused'));
    await expect(recorder.addProblem('')).rejects.toThrow(DataError);
    await recorder.addProblem('this one is told');
    await recorder.finish('failed');
    expect((await readRun(join(folder, 'refused')))!.record).toMatchObject({ events: 3, state: 'failed' });
  });

  it('is read by DuckDB, many records as one table', async () => {
    await eventfulRun('duck-1');
    const other = await RunRecorder.open(join(folder, 'duck-2'), {
      ...facts('duck-2'),
      parameters: { x: 'y' },
    });
    await other.addMetrics('train', { demandError: 0.25 });
    await other.measure('train', 'loss', 0.25);
    await other.close();
    const connection = await (await DuckDBInstance.create()).connect();
    const query = async (sql: string): Promise<unknown[]> =>
      (await connection.runAndReadAll(sql)).getRowsJson();
    const records = `read_json('${folder}/duck-*/record.json', union_by_name = true)`;
    expect(
      await query(`SELECT run, state, cost.amount > 0 AS costly, parameters.x FROM ${records} ORDER BY run`),
    ).toEqual([
      ['duck-1', 'degraded', true, null],
      ['duck-2', 'running', false, 'y'],
    ]);
    expect(
      await query(
        `SELECT run, m.name, m.value FROM (SELECT run, unnest(metrics) AS m FROM ${records}) ORDER BY ALL`,
      ),
    ).toEqual([
      ['duck-1', 'demandError', 0.5],
      ['duck-1', 'wape', null],
      ['duck-1', 'worst', null],
      ['duck-2', 'demandError', 0.25],
    ]);
    // As in the README: parameters as a map, whatever the runs were given.
    const typed = `read_json('${folder}/duck-*/record.json', columns = {run: 'VARCHAR', parameters: 'MAP(VARCHAR, VARCHAR)'})`;
    expect(
      await query(
        `SELECT run, p.key, p.value FROM (SELECT run, unnest(map_entries(parameters)) AS p FROM ${typed}) ORDER BY ALL`,
      ),
    ).toEqual([
      ['duck-1', 'cutoff', '2026-01-05'],
      ['duck-1', 'seed', '1'],
      ['duck-2', 'x', 'y'],
    ]);
    expect(
      await query(
        `SELECT run, s.step, s.peakMemoryBytes FROM (SELECT run, unnest(steps) AS s FROM ${records}) WHERE s.peakMemoryBytes IS NOT NULL`,
      ),
    ).toEqual([['duck-1', 'train', '3000']]);
    const measurements = `read_json('${folder}/duck-*/measurements.jsonl')`;
    expect(
      await query(
        `SELECT run, step, attempt::INTEGER, name, position::INTEGER, value, notFinite FROM ${measurements} ORDER BY run, position`,
      ),
    ).toEqual([
      ['duck-1', 'train', 1, 'loss', 1, 0.5, null],
      ['duck-1', 'train', 1, 'loss', 2, null, 'NaN'],
      ['duck-2', 'train', 0, 'loss', 1, 0.25, null],
    ]);
    const events = `read_json('${folder}/duck-*/events.jsonl', format = 'newline_delimited', union_by_name = true)`;
    expect(await query(`SELECT count(*)::INTEGER FROM ${events} WHERE type = 'step started'`)).toEqual([[3]]);
    connection.closeSync();
  });
});
