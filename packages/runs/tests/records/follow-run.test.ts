import { appendFile, mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as wait } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { RunRecorder } from '../../src/records/run-recorder.ts';
import { followRun, type Tiding } from '../../src/records/follow-run.ts';
import { readMeasurements } from '../../src/records/measurement-log.ts';
import type { KnownRun } from '../../src/records/read-runs.ts';

let folder: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-follow-'));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const facts = (run: string) => ({ run, kind: 'train', code: { version: '1', commit: null, dirty: null } });

async function follow(directory: string, signal?: AbortSignal): Promise<{ told: string[]; end: KnownRun }> {
  const told: string[] = [];
  const tidings = followRun(directory, { interval: 5, signal });
  for (;;) {
    const next = await tidings.next();
    if (next.done === true) return { told, end: next.value };
    told.push(textOf(next.value));
  }
}

function textOf(tiding: Tiding): string {
  if (tiding.kind === 'event') return tiding.event.type;
  const { name, position, attempt, value, notFinite, done } = tiding.measurement;
  return `${name} ${attempt}.${position} = ${value ?? notFinite} at ${done}`;
}

describe('following a run', () => {
  it('tells each event and measurement once, in order, until the run ends', async () => {
    const directory = join(folder, 'live');
    const recorder = await RunRecorder.open(directory, facts('live'));
    const following = follow(directory);
    await recorder.stepStarted('train');
    for (let epoch = 1; epoch <= 3; epoch++) {
      await wait(3);
      const place = { phase: 'training', done: epoch, total: 3, unit: 'epochs' };
      await recorder.measure('train', 'loss', epoch === 2 ? Infinity : 1 / epoch, place);
    }
    await wait(3);
    await recorder.stepFinished('train');
    await recorder.finish('succeeded');
    const { told, end } = await following;
    expect(told).toEqual([
      ...['opened', 'step started', 'loss 1.1 = 1 at 1', 'loss 1.2 = Infinity at 2'],
      ...[`loss 1.3 = ${1 / 3} at 3`, 'step finished', 'finished'],
    ]);
    expect(end.state).toBe('succeeded');
    // Followed after its end, it says the same.
    expect((await follow(directory)).told).toEqual(told);
  });

  it('ends when nobody wants to know any more', async () => {
    const directory = join(folder, 'left');
    const recorder = await RunRecorder.open(directory, facts('left'));
    const { told, end } = await follow(directory, AbortSignal.timeout(30));
    expect(told).toEqual(['opened']);
    expect(end.state).toBe('running');
    await recorder.close();
  });

  it('passes over half a line, which a resumed run cuts off', async () => {
    const directory = join(folder, 'torn');
    const first = await RunRecorder.open(directory, facts('torn'));
    await first.stepStarted('train');
    await first.measure('train', 'loss', 1);
    await first.close();
    await appendFile(join(directory, 'measurements.jsonl'), '{"run":"torn","at"');
    const second = await RunRecorder.open(directory, facts('torn'));
    await second.stepStarted('train');
    await second.measure('train', 'loss', 2);
    await second.finish('failed');
    const { told, end } = await follow(directory);
    expect(told.filter((text) => text.startsWith('loss'))).toEqual([
      'loss 1.1 = 1 at null',
      'loss 2.1 = 2 at null',
    ]);
    expect(end.state).toBe('failed');
    expect(await readMeasurements(join(directory, 'measurements.jsonl'))).toHaveLength(2);
  });
});
