import { execFile } from 'node:child_process';
import { join } from 'node:path';
import { promisify } from 'node:util';
import { describe, expect, it } from 'vitest';
import { DEMAND_PRESETS, demandHyperparameters } from '../src/hyperparameters.ts';
import { affordable } from '../src/training-pace.ts';

describe('on WebAssembly', () => {
  it('a training takes fewer and smaller steps, and says so; others stay as they are', () => {
    const asked = demandHyperparameters.parse({ steps: 2000, members: 3, fallbackSteps: 90, averaging: 100 });
    expect(affordable(asked, 'native')).toBe(asked);
    expect(affordable(asked, 'gpu')).toBe(asked);
    expect(affordable(asked, 'wasm')).toEqual({ ...asked, steps: 30, batchSize: 64, averaging: 10 });
    const short = demandHyperparameters.parse({ steps: 5, batchSize: 8, averaging: 2, members: 1 });
    expect(affordable(short, 'wasm')).toEqual(short);
  });

  it('the model trains and forecasts', async () => {
    const script = join(import.meta.dirname, 'wasm-training.ts');
    const hyperparameters = { ...DEMAND_PRESETS.tiny, steps: 500, epochs: 1000, fallbackSteps: 6 };
    const { stdout } = await promisify(execFile)(
      process.execPath,
      [script, JSON.stringify(hyperparameters)],
      { env: { ...process.env, HEMLINE_TENSORFLOW: 'wasm' } },
    );
    const found = JSON.parse(stdout.trim().split('\n').at(-1)!) as {
      phases: string[];
      metrics: Record<string, number>;
      rows: number;
      bad: number;
      items: number;
    };
    expect(found.phases).toContain('training, reduced as TensorFlow runs as WebAssembly');
    expect(found.metrics).toMatchObject({ reduced: 1 });
    // As many as the fallback has, and those that teach the last weeks.
    expect(found.metrics['steps']).toBeLessThanOrEqual(6 + 2);
    expect(found.rows).toBe(found.items * 3 * 2);
    expect(found.bad).toBe(0);
  }, 120_000);
});
