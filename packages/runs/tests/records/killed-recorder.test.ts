import { spawn } from 'node:child_process';
import { mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConflictError } from '@hemline/core';
import { RunRecorder } from '../../src/records/run-recorder.ts';
import { findRun } from '../../src/records/find-run.ts';
import { readRun } from '../../src/records/read-runs.ts';
import { runRecordSchema } from '../../src/records/run-record.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-killed-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const code = { version: '0.1.0', commit: null, dirty: null };
const facts = { run: 'weekly-1', kind: 'weekly', code };

/** Starts a process that writes the run, and kills it some milliseconds after it has told so many steps. */
function writeUntilKilled(directory: string, from: number, steps: number): Promise<number[]> {
  const script = join(import.meta.dirname, 'record-many.ts');
  const child = spawn(process.execPath, [script, directory, String(from)], {
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  let text = '';
  child.stdout.on('data', (chunk: Buffer) => {
    text += chunk.toString();
    // At another moment of what comes next each time.
    if (text.split('\n').length > steps + 1) setTimeout(() => child.kill('SIGKILL'), steps % 5);
  });
  return new Promise((resolve, reject) => {
    child.on('error', reject);
    child.on('close', () => resolve(text.split('\n').slice(1, -1).map(Number)));
  });
}

describe('a run whose process is killed', () => {
  it('loses nothing that was told, and goes on, however often', async () => {
    const directory = join(folder, 'often');
    const told: number[] = [];
    for (const [i, steps] of [0, 1, 4, 8].entries()) {
      told.push(...(await writeUntilKilled(directory, i * 10_000, steps)));
      const { record, state } = (await readRun(directory))!;
      expect([state, record.state, record.resumed]).toEqual(['crashed', 'running', i]);
      // What DuckDB reads is whole, too, and at most the last events behind.
      const file = runRecordSchema.parse(JSON.parse(await readFile(join(directory, 'record.json'), 'utf8')));
      expect(file.events).toBeLessThanOrEqual(record.events);
      for (const each of told) {
        expect(record.steps.find(({ step }) => step === `step ${each}`)?.state).toBe('finished');
        expect(record.metrics).toContainEqual({
          step: `step ${each}`,
          name: 'demandError',
          value: each,
          notFinite: null,
        });
      }
    }
    expect(told.length).toBeGreaterThanOrEqual(13);
    const recorder = await RunRecorder.open(directory, facts);
    // Steps that a killed process had begun are not taken for running.
    expect(recorder.record.steps.filter(({ state }) => state === 'running')).toEqual([]);
    await recorder.finish('succeeded');
    const { state, record } = await findRun(folder, 'often');
    expect([state, record.state, record.resumed]).toEqual(['succeeded', 'succeeded', 4]);
    expect(JSON.parse(await readFile(join(directory, 'record.json'), 'utf8'))).toEqual(record);
  });

  it('has one writer at a time', async () => {
    const directory = join(folder, 'one');
    const first = await RunRecorder.open(directory, facts);
    await expect(RunRecorder.open(directory, facts)).rejects.toThrow(ConflictError);
    await expect(RunRecorder.open(directory, facts)).rejects.toThrow(
      new RegExp(`another process writes this run.*process ${process.pid} of`),
    );
    await first.close();
    const many = await Promise.allSettled([1, 2, 3, 4].map(() => RunRecorder.open(directory, facts)));
    const open = many.flatMap((each) => (each.status === 'fulfilled' ? [each.value] : []));
    expect(open).toHaveLength(1);
    await open[0]!.finish('failed');
  });
});
