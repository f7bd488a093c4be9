import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { openRegistry, type ModelVersion } from '@hemline/runs';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalRunResult } from '../../src/local/local-run.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import { contents, runToysHere, toyData, toyDeployment, toyLog } from '../fixtures/toys.ts';

let folder: string;
let template: string;
let data: string;
let count = 0;

beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-stand-in-'));
  template = join(folder, 'template.json');
  writeFileSync(template, JSON.stringify(synthesize(toyDeployment()).template));
  data = toyData(join(folder, 'data'));
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }));

const newOut = (): string => {
  const out = join(folder, `out-${count++}`);
  mkdirSync(out);
  return out;
};

async function run(out: string, name: string, ape = 'well', hosts = 1): Promise<LocalRunResult> {
  return runToysHere({ template, data, out, name, hosts, environment: { TOY_APE: ape } });
}

async function versionsOf(out: string): Promise<readonly ModelVersion[]> {
  return (await openRegistry(join(out, 'registry'))).list('ape');
}

/** How often forecasts of the model were started in a run that is the only one in the log, or the last. */
function starts(out: string): string[] {
  return toyLog(out)
    .filter(({ what, job }) => what === 'started' && /ape\/.*forecast/.test(job))
    .map(({ job }) => job);
}

describe('an approved version that fails to forecast', () => {
  it.each([65, 70, 78, 2])(
    'for good, with exit code %i, has the approved one before it stand in, and loses its approval',
    async (code) => {
      const out = newOut();
      expect((await run(out, 'before')).summary?.status).toBe('complete');
      const { summary, error, metrics } = await run(out, 'after', `mutes ${code}`);
      expect([error, summary?.status]).toEqual([null, 'fallback']);
      const [ape, bee] = summary!.models;
      const reason = `ape is no number, exit code: ${code}`;
      expect(ape).toMatchObject({
        registered: { version: 2, status: 'rejected' },
        forecast: { files: 3, rows: 3, folder: expect.stringMatching(/forecasts\/after\/ape\.stand-in\/$/) },
        forecastBy: { version: 1, run: 'before' },
        insteadOf: { version: 2, run: 'after', reason, rejected: true },
      });
      expect(ape!.problems).toEqual([
        `version 2 failed to forecast: ${reason}; version 1 stands in. Version 2 is rejected. Improve the model, or approve it by hand: hemline models approve ape 2 --reason …`,
      ]);
      expect(summary!.message.split(reason)).toHaveLength(2);
      expect(bee).toMatchObject({ problems: [], forecastBy: { version: 2 } });
      expect(metrics.map(({ name, model }) => [name, model])).toContainEqual(['FailedModels', 'ape']);
      // Whoever forecasts next is given version 1, not the one that fails.
      const [first, second] = await versionsOf(out);
      expect([first!.status, second!.status]).toEqual(['approved', 'rejected']);
      expect(second!.history.at(-1)).toMatchObject({
        by: 'workflow',
        reason: `it failed to forecast in run after, where version 1 did not: ${reason}`,
      });
      expect(starts(out).filter((job) => job.endsWith('/forecast'))).toHaveLength(2);
      // No file of the version that failed is among those of the one that stood in.
      const forecasts = contents(join(out, 'forecasts', 'after'));
      expect(
        Object.keys(forecasts)
          .filter((name) => name.startsWith('ape'))
          .sort(),
      ).toEqual([
        'ape.stand-in/_SUCCESS',
        'ape.stand-in/forecast-DE.parquet',
        'ape.stand-in/forecast-FR.parquet',
        'ape.stand-in/forecast-PL.parquet',
        'ape.stand-in/manifest.json',
        'ape/forecast-DE.parquet',
      ]);
      expect(forecasts['_SUCCESS']).toBe('');
      expect(JSON.parse(forecasts['manifest.json']!)).toMatchObject({
        status: 'fallback',
        models: [
          { model: 'ape', version: 1, trainedBy: 'before', insteadOf: 2, rows: 3 },
          { insteadOf: null },
        ],
      });
    },
  );

  it('for a reason that may pass stays approved, and the one before stands in all the same', async () => {
    const out = newOut();
    await run(out, 'before');
    const { summary } = await run(out, 'after', 'mutes 75');
    expect(summary).toMatchObject({ status: 'fallback', models: [{ forecastBy: { version: 1 } }, {}] });
    expect(summary!.models[0]!.problems).toEqual([
      'version 2 failed to forecast: ape is no number, exit code: 75; version 1 stands in. The failure may pass: version 2 stays approved',
    ]);
    expect((await versionsOf(out)).map(({ status }) => status)).toEqual(['approved', 'approved']);
    // Once more each, as any job that may do better the next time.
    expect(starts(out).filter((job) => job.endsWith('/forecast'))).toHaveLength(3);
  });

  it('keeps its approval where the one before fails as well: it may be the data', async () => {
    const out = newOut();
    await run(out, 'first', 'mutes 65');
    const { summary, error } = await run(out, 'second', 'mutes 65');
    expect(error).toBeNull();
    expect(summary!.models[0]).toMatchObject({ forecast: null, forecastBy: null });
    expect(summary!.models[0]!.problems).toEqual([
      'version 2 failed to forecast, and so did version 1, which was to stand in: ape is no number, exit code: 65',
    ]);
    expect((await versionsOf(out)).map(({ status }) => status)).toEqual(['approved', 'approved']);
  });

  it('and is the first one leaves its model without a forecast, and the reason is told once', async () => {
    const out = newOut();
    const { summary } = await run(out, 'first', 'mutes 65');
    expect(summary!.models[0]).toMatchObject({ forecast: null, registered: { status: 'approved' } });
    expect(summary!.models[0]!.problems).toEqual(['forecast failed: ape is no number, exit code: 65']);
    expect(starts(out)).toEqual(['inference/ape/forecast']);
    expect((await versionsOf(out)).map(({ status }) => status)).toEqual(['approved']);
  });

  it('on several hosts has the stand-in spread over as many', async () => {
    const out = newOut();
    await run(out, 'before');
    const { summary } = await run(out, 'after', 'mutes 70', 4);
    expect(summary!.models[0]).toMatchObject({ forecastBy: { version: 1 }, forecast: { files: 3, rows: 3 } });
    const names = Object.keys(contents(join(out, 'forecasts', 'after', 'ape.stand-in')));
    expect(names.filter((name) => name.startsWith('manifest'))).toHaveLength(4);
  });

  it('is not asked again by the next run', async () => {
    const out = newOut();
    await run(out, 'before');
    await run(out, 'after', 'mutes 65');
    const { summary } = await runToysHere({ template, data, out, workflow: 'inference', name: 'next' });
    expect(summary).toMatchObject({
      status: 'complete',
      models: [{ forecastBy: { version: 1 }, problems: [] }, { forecastBy: { version: 2 } }],
    });
  });
});
