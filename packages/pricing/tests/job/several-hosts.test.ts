import { existsSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { verifyManifest } from '@hemline/stores';
import { S3Server } from '@hemline/stores/testing';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { runOptimise } from '../../src/job/optimise-job.ts';
import type { PricingSummary } from '../../src/job/pricing-summary.ts';
import { contentsOf, forecastRun, optimiseRoot, quietJob, type ForecastRun } from './forecast-run.ts';
import { hostNames, startHost, type HostProcess } from './hosts.ts';

/** Of 30 articles: five blocks. */
const BLOCK = ['--articles-of-a-block', '6'];
/** HEMLINE_KILLS=20 kills so many times at random. */
const KILLS = Number(process.env['HEMLINE_KILLS'] ?? 0);

let folder: string;
let run: ForecastRun;
let argvOf: (output: string, ...more: string[]) => string[];
let reference: { readonly contents: Record<string, string>; readonly summary: PricingSummary };

beforeAll(async () => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-hosts-'));
  run = await forecastRun(folder, 30);
  const limits = join(folder, 'limits.yaml');
  writeFileSync(
    limits,
    `business:
  - { limit: discount-rate, where: { market: DE }, upper: 0.15 }
  - { limit: units, where: { article: [A003, A017, A025] }, lower: 5, price: 3 }
articles: [{ where: { article: A029 }, discount: 0.2 }]
`,
  );
  argvOf = (output, ...more) => ['--output', output, '--limits', limits, ...BLOCK, ...more];
  const output = join(folder, 'one');
  const job = quietJob(optimiseRoot(join(folder, 'root'), run));
  const summary = await runOptimise(['--forecasts', run.forecasts, ...argvOf(output)], job);
  reference = { contents: contentsOf(output), summary };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

async function endOf(hosts: readonly HostProcess[]): Promise<void> {
  for (const { ended, told } of hosts) expect(await ended, told()).toBe(0);
}

describe('pricing on several hosts', () => {
  it('has a file for each block, and comes to what one block comes to', async () => {
    const { files } = await verifyManifest(join(folder, 'one'));
    expect(files.filter(({ partition }) => partition.startsWith('recommendations-'))).toHaveLength(5);
    expect(Object.keys(reference.contents).filter((name) => name.startsWith('_exchange'))).toEqual([]);
    const whole = join(folder, 'whole');
    const argv = ['--forecasts', run.forecasts, ...argvOf(whole), '--articles-of-a-block', '100'];
    const summary = await runOptimise(argv, quietJob(optimiseRoot(join(folder, 'root'), run)));
    const { bound, profit, optimism, changed, evaluations, reasons } = reference.summary;
    expect(summary).toMatchObject({ changed, evaluations, reasons, articles: 30 });
    expect(summary.bound).toBeCloseTo(bound, 6);
    expect(summary.profit).toBeCloseTo(profit, 6);
    expect(summary.optimism).toBeCloseTo(optimism, 9);
    expect((await verifyManifest(whole)).files.map(({ partition }) => partition).sort()).toEqual([
      ...['articles', 'limits', 'recommendations'],
    ]);
  });

  it.each([2, 3])('leaves the very bytes of one: %i hosts', async (count) => {
    const output = join(folder, `of-${count}`);
    const all = hostNames(count);
    const threads = count === 2 ? ['--threads', '2'] : [];
    await endOf(all.map((current) => startHost(folder, run, argvOf(output, ...threads), { current, all })));
    expect(contentsOf(output)).toEqual(reference.contents);
    await verifyManifest(output);
  });

  it('goes on where hosts were killed, be there more of them or fewer afterwards', async () => {
    const output = join(folder, 'killed');
    const exchange = join(output, '_exchange');
    const appeared = (name: string): boolean =>
      existsSync(exchange) &&
      readdirSync(exchange, { recursive: true }).some((each) => String(each).includes(name));
    const two = hostNames(2);
    const hosts = two.map((current) => startHost(folder, run, argvOf(output), { current, all: two }));
    let hasEnded = false;
    for (const { ended } of hosts) void ended.then(() => (hasEnded = true));
    while (!appeared('000002/request') && !hasEnded) await pause(1);
    for (const { child } of hosts) child.kill('SIGKILL');
    await Promise.all(hosts.map(({ ended }) => ended));
    expect(appeared('000002/request'), hosts.map(({ told }) => told()).join('\n')).toBe(true);
    const before = contentsOf(exchange);
    const three = hostNames(3);
    const again = three.map((current) => startHost(folder, run, argvOf(output), { current, all: three }));
    let during: Record<string, string> = {};
    let code: number | null | undefined;
    void again[0]!.ended.then((end) => (code = end));
    for (let told: Record<string, string> | null = before; told !== null; told = snapshotOf(exchange)) {
      if (code !== undefined) break;
      if (Object.keys(rounds(told)).length >= Object.keys(during).length) during = rounds(told);
      await pause(10);
    }
    // What was told stays, and is asked again by nobody.
    expect(Object.keys(during).length).toBeGreaterThan(Object.keys(rounds(before)).length);
    expect(during).toMatchObject(rounds(before));
    await endOf(again);
    expect(contentsOf(output)).toEqual(reference.contents);
  });

  it(
    'ends with the very bytes whenever one of its hosts is killed and started again',
    async () => {
      const all = hostNames(2);
      for (let kill = 0; kill < Math.max(1, KILLS); kill++) {
        const output = join(folder, `one-killed-${kill}`);
        const begin = (current: string): HostProcess =>
          startHost(folder, run, argvOf(output), { current, all });
        const hosts = all.map(begin);
        const victim = kill % 2;
        // Of one kill the one that leads; of many at moments spread over what a start takes.
        if (KILLS === 0)
          while (!existsSync(join(output, '_exchange')) && hosts[0]!.child.exitCode === null) await pause(1);
        else await pause((2500 * (kill + 1)) / KILLS);
        hosts[victim]!.child.kill('SIGKILL');
        await hosts[victim]!.ended;
        hosts[victim] = begin(all[victim]!);
        await endOf(hosts);
        expect(contentsOf(output)).toEqual(reference.contents);
      }
    },
    120_000 + KILLS * 20_000,
  );

  it('meets in S3 as well', async () => {
    const server = new S3Server();
    const environment = {
      ...{ AWS_ENDPOINT_URL_S3: await server.listen(), AWS_REGION: 'eu-central-1' },
      ...{ AWS_ACCESS_KEY_ID: 'a', AWS_SECRET_ACCESS_KEY: 'b' },
    };
    try {
      const all = hostNames(2);
      const argv = argvOf('s3://bucket/recommendations/w1');
      await endOf(all.map((current) => startHost(folder, run, argv, { current, all }, environment)));
      const prefix = 'bucket/recommendations/w1/';
      const found = [...server.objects].map(([name, { body }]): [string, string] => [
        ...([name.slice(prefix.length), body.toString('latin1')] as const),
      ]);
      expect(Object.fromEntries(found)).toEqual(reference.contents);
    } finally {
      await server.close();
    }
  });

  it('says who it waits for, and ends when that host never comes', async () => {
    const all = hostNames(2);
    const output = join(folder, 'alone');
    const alone = startHost(folder, run, argvOf(output, '--patience', '0.5'), { current: 'algo-1', all });
    expect(await alone.ended, alone.told()).toBe(75);
    expect(alone.told()).toMatch(
      /a host of the job does not answer.*an answer within 0\.5 s.*none from algo-2/s,
    );
  });

  it('names the articles of all hosts that cannot be priced, on each of them', async () => {
    const all = hostNames(2);
    const output = join(folder, 'bad');
    const limits = join(folder, 'contradiction.yaml');
    writeFileSync(limits, 'articles: [{ where: { article: [A001, A028] }, price: 1000 }]\n');
    const argv = ['--output', output, '--limits', limits, ...BLOCK];
    const hosts = all.map((current) => startHost(folder, run, argv, { current, all }));
    for (const { ended, told } of hosts) {
      expect(await ended, told()).not.toBe(0);
      expect(told()).toMatch(/2 of 30 articles cannot be priced.*A001.*A028/s);
    }
  });

  it('leaves nothing to hosts beyond the blocks', async () => {
    const all = hostNames(2);
    const output = join(folder, 'few');
    const argv = argvOf(output, '--articles-of-a-block', '100');
    const hosts = all.map((current) => startHost(folder, run, argv, { current, all }));
    await endOf(hosts);
    expect(contentsOf(output)).toEqual(contentsOf(join(folder, 'whole')));
  });
});

/** Contents of a folder; null where it is being cleared away. */
function snapshotOf(place: string): Record<string, string> | null {
  try {
    return contentsOf(place);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}

/** Requests and answers. */
function rounds(contents: Record<string, string>): Record<string, string> {
  return Object.fromEntries(Object.entries(contents).filter(([name]) => name.includes('/rounds/')));
}
