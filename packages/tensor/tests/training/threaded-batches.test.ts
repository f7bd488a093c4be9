import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { promisify } from 'node:util';
import { DataError, EngineError, InterruptedError } from '@hemline/core';
import { afterEach, describe, expect, it } from 'vitest';
import { FeedForward, Linear } from '../../src/blocks/linear.ts';
import { loadTensorflow } from '../../src/engine/load-tensorflow.ts';
import { ParameterLayout } from '../../src/blocks/parameters.ts';
import { sharedCopy } from '../../src/training/shared-copy.ts';
import { ThreadedBatches } from '../../src/training/threaded-batches.ts';
import { trainNetwork } from '../../src/training/train-network.ts';
import type { TrainingTask } from '../../src/training/training-task.ts';
import type { BatchSource } from '../../src/training/batch-source.ts';
import drawnBatches, { type DrawnData, type DrawnName } from './drawn-batches.ts';
import { MemoryCheckpoints } from './memory-checkpoints.ts';

const module = new URL('drawn-batches.ts', import.meta.url);
const data: DrawnData = sharedCopy({
  seed: 3,
  from: Float32Array.from({ length: 1000 }, (_, i) => Math.sin(i)),
});
const opened: ThreadedBatches<DrawnName>[] = [];

function threaded(
  changes: Partial<DrawnData> = {},
  options: { readonly depth?: number; readonly count?: number; readonly signal?: AbortSignal } = {},
): ThreadedBatches<DrawnName> {
  const all = { ...data, ...changes };
  const batches = new ThreadedBatches<DrawnName>({ module, data: all, count: 1000, ...options });
  opened.push(batches);
  return batches;
}

afterEach(async () => {
  await Promise.all(opened.splice(0).map((batches) => batches.close()));
});

/** Numbers that are shared between threads: the greatest batch made and one more, and how many were made. */
const counters = (): Int32Array => new Int32Array(new SharedArrayBuffer(8));

async function settled(made: Int32Array, count: number): Promise<void> {
  for (let wait = 0; wait < 500 && made[1]! < count; wait++) await pause(10);
  // Whoever makes too many does it now.
  await pause(50);
}

describe('batches of a thread', () => {
  it('are those of the module, in any order', async () => {
    const [here, there] = [drawnBatches(data), threaded()];
    for (const number of [0, 1, 2, 3, 4, 50, 51, 7, 7, 999])
      expect(await there.next(number)).toEqual(await here.next(number));
  });

  it('are made ahead, and no more than may wait', async () => {
    const made = counters();
    const batches = threaded({ made }, { depth: 3 });
    await batches.next(0);
    await settled(made, 4);
    expect([...made]).toEqual([4, 4]);
    await batches.next(1);
    await settled(made, 5);
    expect([...made]).toEqual([5, 5]);
  });

  it('are not made beyond the last one', async () => {
    const made = counters();
    const batches = threaded({ made }, { depth: 5, count: 3 });
    for (const number of [0, 1, 2]) await batches.next(number);
    await settled(made, 3);
    expect([...made]).toEqual([3, 3]);
  });

  it('tell what went wrong with the one that is asked for, and go on', async () => {
    const batches = threaded({ failsAt: 2 });
    await batches.next(0);
    await batches.next(1);
    const failed = batches.next(2);
    await expect(failed).rejects.toThrow(DataError);
    await expect(failed).rejects.toThrow(/a batch is torn/);
    expect(await batches.next(3)).toEqual(await drawnBatches(data).next(3));
  });

  it('tell that there is no such module', async () => {
    const missing = new ThreadedBatches<DrawnName>({ module: new URL('missing.ts', module), data, count: 1 });
    opened.push(missing);
    await expect(missing.next(0)).rejects.toThrow(/missing\.ts/);
  });

  it('tell that the thread has ended, once and ever after', async () => {
    const batches = threaded({ exitsAt: 1 });
    // The first may be there before the thread ends, or not.
    await batches.next(0).catch(() => undefined);
    await expect(batches.next(1)).rejects.toThrow(EngineError);
    await expect(batches.next(2)).rejects.toThrow(/exit code 9/);
  });

  it('are not waited for when the job is asked to stop', async () => {
    const stop = new AbortController();
    const batches = threaded({ hangsAt: 1 }, { signal: stop.signal });
    await batches.next(0);
    const waited = batches.next(1);
    stop.abort();
    await expect(waited).rejects.toThrow(InterruptedError);
    await expect(batches.next(2)).rejects.toThrow(InterruptedError);
  });

  it('end with their source, which may be closed twice', async () => {
    const batches = threaded({ hangsAt: 0 });
    const waited = batches.next(0);
    const ended = expect(waited).rejects.toThrow(/closed/);
    await batches.close();
    await batches.close();
    await ended;
    await expect(batches.next(1)).rejects.toThrow(/closed/);
  });

  it('do not keep a process alive that has nothing more to do', async () => {
    const script = join(import.meta.dirname, 'leave-open.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 30_000 });
    expect(stdout).toBe('taken\n');
  });

  it('are closed before a process ends that has nothing more to do', async () => {
    const script = join(import.meta.dirname, 'close-alone.ts');
    const { stdout } = await promisify(execFile)(process.execPath, [script], { timeout: 60_000 });
    expect(stdout).toBe('closed\n');
  });
});

describe('shared copies', () => {
  it('hold the same data over shared memory, and are not copied again', () => {
    const plain = {
      a: Float32Array.of(1, 2).subarray(1),
      list: [new Uint8Array([7])],
      text: 'x',
      none: null,
    };
    const copy = sharedCopy(plain);
    expect(copy).toEqual(plain);
    expect(copy.a.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(copy.list[0]!.buffer).toBeInstanceOf(SharedArrayBuffer);
    expect(sharedCopy(copy).a).toBe(copy.a);
  });
});

describe('training from a thread', async () => {
  const engine = await loadTensorflow();
  const { tf } = engine;
  const options = { steps: 40, learningRate: 0.02, warmUp: 5, averaging: 10, accumulate: 2 };

  function task(batches: BatchSource<DrawnName>): TrainingTask<DrawnName> {
    const layout = new ParameterLayout();
    const inner = new Linear(layout, 'inner', 2, 8);
    const block = new FeedForward(layout, 'block', 8, 16);
    const outer = new Linear(layout, 'outer', 8, 1);
    return {
      layout,
      batches,
      initial: layout.initialize(() => 0.37),
      loss: (context, { x, y }) =>
        tf.mean(tf.square(tf.sub(outer.call(context, block.call(context, inner.call(context, x))), y))),
    };
  }

  it('gives the weights of training without one, bit by bit', async () => {
    const wanted = await trainNetwork(engine, task(drawnBatches(data)), options);
    expect(await trainNetwork(engine, task(threaded()), options)).toEqual(wanted);
  });

  it('saves a checkpoint when it is stopped while it waits, and resumes to the same weights', async () => {
    const wanted = await trainNetwork(engine, task(drawnBatches(data)), options);
    const checkpoints = new MemoryCheckpoints();
    const stop = new AbortController();
    const { signal } = stop;
    const before = tf.memory().numTensors;
    // In the middle of a step: one of its two batches is there.
    const batches = threaded({ hangsAt: 21 }, { signal });
    const stopped = trainNetwork(engine, task(batches), {
      ...options,
      checkpoints,
      signal,
      onProgress: ({ done }) => {
        if (done === 10) setTimeout(() => stop.abort(), 100);
      },
    });
    await expect(stopped).rejects.toThrow(InterruptedError);
    expect(checkpoints.saved!.step).toBe(10);
    expect(tf.memory().numTensors).toBe(before);
    expect(await trainNetwork(engine, task(threaded()), { ...options, checkpoints })).toEqual(wanted);
  });

  it('hears a signal between two steps, though nothing is waited for', async () => {
    const stop = new AbortController();
    const steps: number[] = [];
    setImmediate(() => stop.abort());
    const training = trainNetwork(engine, task(drawnBatches(data)), {
      ...options,
      signal: stop.signal,
      onProgress: ({ done }) => steps.push(done),
    });
    await expect(training).rejects.toThrow(InterruptedError);
    expect(steps.at(-1)).toBeLessThan(options.steps);
  });
});
