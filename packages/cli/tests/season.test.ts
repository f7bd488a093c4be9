import { spawn } from 'node:child_process';
import { createHash } from 'node:crypto';
import { once } from 'node:events';
import { existsSync, readdirSync, readFileSync, statSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { setTimeout as pause } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { readRun } from '@hemline/runs';
import type { SeasonEnd } from '@hemline/hemline';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command } from './command.ts';
import { WarmCommand } from './warm-command.ts';

const script = fileURLToPath(new URL('../bin/hemline.mjs', import.meta.url));
const HALF_PRICE = fileURLToPath(new URL('../../seasons/examples/half-price.ts', import.meta.url));
const TINY = [...'--articles 12 --markets 2 --history 60 --weeks 4 --retrain 2 --horizon 10'.split(' ')];
const EXPLORING = 'oracle+explore-50x2';
const TRAINED = ['--set', 'return-rate-trees.preset=tiny'];

/** Weeks after which a start is killed; HEMLINE_KILLS=20 adds as many at random moments. */
const MOMENTS = [1, 3];
const KILLS = Number(process.env['HEMLINE_KILLS'] ?? 0);

let folder: string;
let warm: WarmCommand;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-season-'));
  warm = new WarmCommand(folder);
});
afterAll(async () => {
  await warm.end();
  await rm(folder, { recursive: true, force: true });
});

/** Digests of all files below a folder, by their paths. */
function contentsOf(directory: string): Record<string, string> {
  const files = (readdirSync(directory, { recursive: true }) as string[])
    .map((name) => join(directory, name))
    .filter((path) => statSync(path).isFile());
  return Object.fromEntries(
    files
      .sort()
      .map((path) => [
        relative(directory, path),
        createHash('sha256').update(readFileSync(path)).digest('hex'),
      ]),
  );
}

describe('hemline season', { timeout: 240_000 }, () => {
  it('plays policies against the same market, adds up, and leaves a record', async () => {
    const policies = [
      'planner',
      'hold',
      'flat-20',
      'price:demand-naive',
      'oracle',
      HALF_PRICE,
      EXPLORING,
    ].join(',');
    const args = [
      'season',
      ...TINY,
      ...TRAINED,
      '--policies',
      policies,
      '--seeds',
      '21,22',
      '--output',
      'all',
    ];
    const { code, stdout, stderr } = await command(folder, [...args, '--json']);
    expect(code, stderr).toBe(0);
    const end = JSON.parse(stdout) as SeasonEnd;
    const names = ['planner', 'hold', 'flat-20', 'price:demand-naive', 'oracle', 'half-price', EXPLORING];
    expect(end.policies.map(({ policy }) => policy)).toEqual(names);
    for (const { policy, seasons, weeks } of end.policies) {
      expect(weeks, policy).toHaveLength(4);
      for (const season of seasons) {
        const { sales, shipping, returning, runOut, residual } = season;
        expect(season.profit, policy).toBeCloseTo(sales - shipping - returning + runOut + residual, 6);
        expect(season.sold - season.returned + season.left, policy).toBe(season.cameIn);
      }
    }
    const [planner, hold, flat, price, oracle] = end.policies;
    // Whoever prices, the same units come into the same market.
    expect(new Set(end.policies.map(({ seasons }) => seasons[0]!.cameIn)).size).toBe(1);
    expect(flat!.seasons[0]!.discountRate).toBeCloseTo(0.2, 9);
    expect(hold!.seasons[0]!.changes).toBe(0);
    expect(planner!.captured!.mean).toBe(0);
    expect(oracle!.captured!.mean).toBe(1);
    expect(oracle!.gain!.interval).toHaveLength(2);
    expect(price!.weekAheadOptimism!.mean).not.toBeNaN();
    const { exploring } = end.policies.at(-1)!;
    expect(exploring!.series).toBeGreaterThan(0);
    expect(exploring!.expectedCost.mean).toBeGreaterThan(0);
    expect(exploring!.realisedCost!.seeds).toBe(2);
    expect(end.policies.filter((each) => each.exploring !== null)).toHaveLength(1);
    const { record } = (await readRun(join(folder, '.hemline/runs', end.run)))!;
    expect(record).toMatchObject({ kind: 'season', parameters: { seeds: '21,22', weeks: '4' } });

    const report = await warm.run(['report', end.run, '--out', 'report.html']);
    expect(report.code, report.stderr).toBe(0);
    const page = readFileSync(join(folder, 'report.html'), 'utf8');
    expect(page).toContain('This run played a season with policies of pricing');
    expect(page).toContain('What policies earned');

    const again = await warm.run(args);
    expect(again.code, again.stderr).toBe(0);
    expect(again.stderr).toContain('it goes on');
    expect(again.stdout).toMatch(/half-price/);
    expect(again.stdout).toMatch(
      /oracle\+explore-50x2: \d+ discounts of a market were drawn by lot.*the season cost/,
    );
    expect(again.stdout).toMatch(/mean and 95 % interval over the markets/);
    expect(JSON.parse(readFileSync(join(folder, 'all/result.json'), 'utf8'))).toEqual({
      ...{ policies: end.policies, seeds: end.seeds, notes: end.notes, schema: 1 },
    });
  });

  it(
    'comes to the same, bit for bit, however often it is killed',
    async () => {
      const args = [
        'season',
        ...TINY,
        ...TRAINED,
        '--policies',
        'price:demand-naive,oracle',
        '--seeds',
        '21,',
      ];
      const undisturbed = await command(folder, [...args, '--output', 'undisturbed']);
      expect(undisturbed.code, undisturbed.stderr).toBe(0);
      const journal = join(
        folder,
        'killed/units',
        `${encodeURIComponent('price:demand-naive')}-21/season.json`,
      );
      const weeksPlayed = (): number =>
        existsSync(journal)
          ? (JSON.parse(readFileSync(journal, 'utf8')) as { weeks: unknown[] }).weeks.length
          : 0;
      const killWhen = async (isThere: () => boolean | Promise<boolean>): Promise<void> => {
        const child = spawn(process.execPath, [script, ...args, '--output', 'killed'], {
          cwd: folder,
          stdio: 'ignore',
        });
        const ended = once(child, 'exit');
        while (child.exitCode === null && !(await isThere())) await pause(2);
        child.kill('SIGKILL');
        await ended;
      };
      for (const moment of MOMENTS) {
        await killWhen(() => existsSync(join(folder, 'killed/units')) && weeksPlayed() >= moment);
        expect(weeksPlayed()).toBeGreaterThanOrEqual(moment);
      }
      for (let kill = 0; kill < KILLS; kill++) {
        if (kill % 4 === 0) await rm(join(folder, 'killed'), { recursive: true, force: true });
        const until = performance.now() + (4000 * (kill + 1)) / KILLS;
        await killWhen(() => performance.now() >= until);
      }
      const last = await command(folder, [...args, '--output', 'killed']);
      expect(last.code, last.stderr).toBe(0);
      expect(contentsOf(join(folder, 'killed'))).toEqual(contentsOf(join(folder, 'undisturbed')));
    },
    240_000 + KILLS * 15_000,
  );

  it('keeps the limits that it is given, whoever optimises, in other worlds too', async () => {
    await writeFile(join(folder, 'limits.yaml'), 'articles:\n  - { maximum: 0.1 }\n');
    const { code, stdout, stderr } = await command(folder, [
      ...['season', ...TINY, ...TRAINED, '--policies', 'price:demand-naive,oracle', '--seeds', '21,'],
      ...['--weeks', '2', '--limits', 'limits.yaml', '--output', 'limited', '--json'],
      ...['--pool', '--vat', '--competition', '0.2', '--aging', '-0.3'],
    ]);
    expect(code, stderr).toBe(0);
    for (const { policy, seasons } of (JSON.parse(stdout) as SeasonEnd).policies) {
      const { discountRate, sold, returned, left, cameIn } = seasons[0]!;
      expect(discountRate, policy).toBeLessThanOrEqual(0.1);
      expect(sold - returned + left, policy).toBe(cameIn);
    }
  });

  it('refuses another season in the folder, and something else there', async () => {
    const args = ['season', ...TINY, '--policies', 'planner', '--output', 'one'];
    expect((await warm.run([...args, '--seeds', '21,'])).code).toBe(0);
    const other = await warm.run([...args, '--seeds', '22,']);
    expect(other.code).not.toBe(0);
    expect(other.stderr).toMatch(/another season is in the folder.*seeds \[21\].*seeds \[22\].*--output/s);
    await writeFile(join(folder, 'file.txt'), '');
    const full = await warm.run([...args.slice(0, -1), '.']);
    expect(full.stderr).toMatch(/something else is in the folder of the season/);
  });

  it.each([
    [['--policies', 'cheapest'], /there is no policy cheapest.*hold, flat-N/s],
    [
      ['--policies', 'flat-17', '--articles', '2', '--weeks', '1', '--markets', '1'],
      /discount that the market does not have.*0\.17/s,
    ],
    [['--policies', 'price:demand-tree'], /no model demand-tree.*Did you mean demand-trees/s],
    [['--policies', 'price:return-rate-trees'], /does not forecast demand/],
    [['--policies', 'planner,planner'], /a policy is given twice/],
    [['--policies', './nowhere.ts'], /nowhere\.ts/],
    [['--policies', 'planner', '--history', '5'], /history 5 \(a whole number from 14 to 520\)/],
    [
      ['--policies', 'planner', '--set', 'demand-trees.rounds=5'],
      /hyperparameters of demand-trees are given, which no policy asks/,
    ],
    [['--policies', 'price:demand-trees', '--set', 'demand-trees.round=5'], /round/],
    [['--policies', 'planner', '--limits', 'none.yaml'], /none\.yaml/],
    [['--seeds', 'many'], /whole number/],
    [['--seeds', '25-21'], /range such as 21-25/],
    [['--retrain', '0'], /whole number of at least 1/],
  ])('refuses %j', async (args, message) => {
    const { code, stdout, stderr } = await warm.run(['season', ...args]);
    expect(code).not.toBe(0);
    expect(stdout).toBe('');
    expect(stderr).toMatch(message);
    expect(stderr).not.toMatch(/^\s+at /m);
  });
});
