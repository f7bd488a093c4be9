import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { LocalRunResult } from '../../src/local/local-run.ts';
import { synthesize } from '../../src/stack/synthesize.ts';
import { contents, runToysHere, startToys, toyData, toyDeployment, toyLog } from '../fixtures/toys.ts';

/** How often the orchestrator is killed in one run; HEMLINE_KILLS=20 does it at twenty moments. */
const KILLS = Number(process.env['HEMLINE_KILLS'] ?? 2);
/** Events between two kills, at most: with many kills they have to be closer to each other. */
const SPAN = KILLS > 5 ? 3 : 12;
/** Jobs that are killed in one run. */
const JOB_KILLS = 2;
const environment = { TOY_MILLISECONDS: '60' };

let folder: string;
let template: string;
let data: string;
let undisturbed: Record<string, string>;

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-killed-'));
  template = join(folder, 'template.json');
  writeFileSync(template, JSON.stringify(synthesize(toyDeployment()).template));
  data = toyData(join(folder, 'data'));
  const out = join(folder, 'undisturbed');
  await runToysHere({ template, data, out, name: 'k' });
  undisturbed = leftIn(out);
}, 240_000);
afterAll(() => rmSync(folder, { recursive: true, force: true }), 240_000);

/** What a run is for. */
function leftIn(out: string): Record<string, string> {
  const of = (name: string) =>
    Object.entries(contents(join(out, name))).map(([path, text]) => [`${name}/${path}`, text]);
  return Object.fromEntries([...of('forecasts'), ...of('recommendations')]) as Record<string, string>;
}

/** Starts an orchestrator, does something to it while it runs, and gives its result, if it came to one. */
async function attempt(
  out: string,
  disturb: (kill: () => void, line: string) => void,
): Promise<LocalRunResult | null> {
  const child = startToys({ template, data, out, name: 'k', environment });
  let stdout = '';
  child.stdout!.on('data', (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr!.on('data', (chunk: Buffer) => disturb(() => child.kill('SIGKILL'), chunk.toString()));
  await new Promise((resolve) => child.on('close', resolve));
  return stdout === '' ? null : (JSON.parse(stdout) as LocalRunResult);
}

/** What a job's end has been told of, and what has been started after it. */
function repeated(out: string): string[] {
  const finished = new Set<string>();
  return toyLog(out).flatMap(({ what, job }) => {
    if (what === 'ended') finished.add(job);
    return what === 'started' && finished.has(job) ? [job] : [];
  });
}

describe('a run whose processes are killed', () => {
  it('goes on when the orchestrator was, with the forecasts and prices of an undisturbed run', async () => {
    const out = join(folder, 'orchestrator');
    mkdirSync(out);
    const random = generator(20261123);
    let result: LocalRunResult | null = null;
    let kills = 0;
    for (let round = 0; result === null; round++) {
      // So many things happen that have not happened before, then it is killed.
      const moment = kills < KILLS ? Math.floor(random() * SPAN) : Infinity;
      let events = 0;
      result = await attempt(out, (kill, text) => {
        const isNew = /^(waiting|started|finished)/m.test(text);
        if (!isNew || events++ !== moment) return;
        kills++;
        kill();
      });
      expect(round).toBeLessThan(KILLS * 3 + 6);
    }
    expect(kills).toBeGreaterThan(0);
    expect([result.resumed, result.summary?.status]).toEqual([true, 'complete']);
    expect(leftIn(out)).toEqual(undisturbed);
    // A job may end between its orchestrator's death and its own: nobody has seen that, so it runs once more.
    expect(repeated(out).length).toBeLessThanOrEqual(kills * 2);
    process.stderr.write(
      process.env['HEMLINE_KILLS'] === undefined
        ? ''
        : `${kills} kills, repeated: ${repeated(out).join(', ')}\n`,
    );
    expect(new Set(toyLog(out).map(({ job }) => job)).size).toBe(10);
  }, 240_000);

  it('starts a job again that was, with the forecasts and prices of an undisturbed run', async () => {
    const out = join(folder, 'jobs');
    mkdirSync(out);
    const random = generator(7);
    let kills = 0;
    // Jobs that told their end and were killed before anybody saw it.
    const unseen = new Set<string>();
    const watch = (): void => {
      const log = toyLog(out);
      const running = log.filter(
        ({ what, pid }) =>
          what === 'started' && !log.some((each) => each.pid === pid && each.what !== 'started'),
      );
      // The same job is started again once.
      const victim = running.find(
        ({ job }) => log.filter((each) => each.job === job && each.what === 'started').length < 2,
      );
      if (victim === undefined || kills >= JOB_KILLS || random() < 0.5) return;
      try {
        process.kill(victim.pid, 'SIGKILL');
      } catch (error) {
        // It has ended since the log was read.
        if ((error as NodeJS.ErrnoException).code === 'ESRCH') return;
        throw error;
      }
      kills++;
      if (toyLog(out).some(({ what, pid }) => what === 'ended' && pid === victim.pid)) unseen.add(victim.job);
    };
    const timer = setInterval(watch, 15);
    const result = await attempt(out, () => undefined);
    clearInterval(timer);
    expect([kills, result?.summary?.status, result?.summary?.problems]).toEqual([JOB_KILLS, 'complete', []]);
    expect(leftIn(out)).toEqual(undisturbed);
    expect(repeated(out).filter((job) => !unseen.has(job))).toEqual([]);
  });

  it('goes on after SIGTERM, and repeats nothing', async () => {
    const out = join(folder, 'stopped');
    mkdirSync(out);
    const child = startToys({ template, data, out, name: 'k', environment });
    let stderr = '';
    child.stderr!.on('data', (chunk: Buffer) => {
      stderr += chunk.toString();
      if (chunk.toString().includes('started ape: evaluate')) child.kill('SIGTERM');
    });
    expect(await new Promise((resolve) => child.on('close', resolve))).toBe(1);
    expect(stderr).toMatch(/weekly was stopped. Start it again to go on/);
    const result = await attempt(out, () => undefined);
    expect([result?.resumed, result?.run, result?.summary?.status]).toEqual([true, 'k', 'complete']);
    expect(repeated(out)).toEqual([]);
  });
});

/** mulberry32: the same moments every time. */
function generator(seed: number): () => number {
  let state = seed;
  return () => {
    state = (state + 0x6d2b79f5) | 0;
    let t = Math.imul(state ^ (state >>> 15), 1 | state);
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t;
    return ((t ^ (t >>> 14)) >>> 0) / 4294967296;
  };
}
