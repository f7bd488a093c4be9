import { existsSync, readdirSync } from 'node:fs';
import { chmod, cp, mkdir, mkdtemp, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { command, type Ended } from './command.ts';
import { WarmCommand } from './warm-command.ts';

let folder: string;
let warm: WarmCommand;
const hemline = (args: string, environment: Record<string, string> = {}): Promise<Ended> =>
  warm.run(args.split(' '), environment);
const DATA = '--data market/observed';

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-places-'));
  await chmod(folder, 0o755);
  await writeFile(join(folder, 'file'), 'not a folder');
  await symlink(join(folder, 'circle'), join(folder, 'circle'));
  await mkdir(join(folder, 'taken', 'weekly.parquet'), { recursive: true });
  await symlink(join(folder, 'circle'), join(folder, 'taken', 'weekly.parquet', 'a.parquet'));
  warm = new WarmCommand(folder);
  const { code } = await hemline('simulate --articles 20 --markets 1 --weeks 60 --out market');
  expect(code).toBe(0);
});
afterAll(async () => {
  await warm.end();
  await rm(folder, { recursive: true, force: true });
});

describe('a home that cannot be used', () => {
  it.each([
    `train demand-naive ${DATA}`,
    `backtest demand-naive ${DATA} --cutoff 2022-06-06`,
    `forecast demand-naive ${DATA}`,
    `evaluate demand-naive ${DATA}`,
    `features ${DATA}`,
    `run weekly ${DATA} --models demand-naive`,
    `monitor ${DATA}`,
    'watch market --once',
  ])('is told before any work: %s', async (args) => {
    const { code, stderr } = await hemline(args, { HEMLINE_HOME: 'file' });
    expect(stderr).toMatch(/^the home of hemline cannot be written \(file .*file\)/m);
    expect(stderr).toMatch(/HEMLINE_HOME/);
    expect(stderr).not.toMatch(/^\s+at |prices/m);
    expect(code).toBe(65);
  });

  it('is left alone by what only says what would be done', async () => {
    const { code } = await hemline(`run weekly ${DATA} --models demand-naive --dry-run`, {
      HEMLINE_HOME: 'untouched',
    });
    expect([code, (await readdir(folder)).includes('untouched')]).toEqual([0, false]);
  });
});

describe('what cannot be traced', () => {
  it.each([
    ['lineage market', /one file is traced at a time.*found a folder/],
    ['lineage market/observed/articles.parquet --runs nowhere', /there are no runs.*nowhere/],
    ['lineage market/observed/articles.parquet', /does not say where it comes from/],
  ])('is told: %s', async (args, words) => {
    const { code, stderr } = await hemline(args);
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
  });
});

it('watch --json prints a line for every arrival, of those that cannot be run on too', async () => {
  await mkdir(join(folder, 'arrivals', 'empty'), { recursive: true });
  await writeFile(join(folder, 'arrivals', 'empty', '_SUCCESS'), '');
  const { code, stdout } = await hemline('watch arrivals --once --json --models demand-naive', {
    HEMLINE_HOME: 'watched',
  });
  const [line, ...rest] = stdout.trim().split('\n');
  expect([code, rest]).toEqual([65, []]);
  expect(JSON.parse(line!)).toMatchObject({ arrival: 'empty', error: { exitCode: 65 } });
});

describe('what cannot be forecast', () => {
  it.each(['forecast demand-naive', 'run weekly', 'run inference'])(
    'is refused by %s before any job: levels that are none',
    async (args) => {
      const { code, stderr } = await hemline(`${args} ${DATA} --discounts 0:1.2:0.1`, {
        HEMLINE_HOME: 'no-job',
      });
      expect([code, stderr]).toEqual([65, expect.stringMatching(/found level 11 is 1/)]);
      const runs = join(folder, 'no-job/runs');
      expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
    },
  );

  // Not by its jobs: an earlier version would forecast in the place of what was meant.
  it.each([
    ['demand-naive.metod=mean', /metod: there is no such hyperparameter, did you mean method\?/],
    ['demand-naive.window=many', /window: expected a number, found "many"/],
    ['demand-nave.method=mean', /demand-naive/],
    [
      'return-time-average.maximumLag=9',
      /of a model that does not run; expected one of demand-naive, found return-time/,
    ],
  ])('is refused by run before any job: --set %s', async (set, words) => {
    const { code, stderr } = await hemline(`run weekly ${DATA} --models demand-naive --set ${set}`, {
      HEMLINE_HOME: 'no-job',
    });
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
    const runs = join(folder, 'no-job/runs');
    expect(existsSync(runs) ? readdirSync(runs) : []).toEqual([]);
  });

  it.each([
    ['--discounts 0:1.2:0.1', /found level 11 is 1/],
    ['--horizon 5000', /104/],
    ['--models demand-naife', /demand-naive/],
  ])('is refused by watch before anything arrives: %s', async (option, words) => {
    const { code, stderr } = await hemline(`watch . --once ${option}`);
    expect([code, stderr]).toEqual([65, expect.stringMatching(words)]);
  });
});

describe('data that cannot be read', () => {
  it.each([
    ['file', /found a file/],
    ['circle', /links that lead back to themselves \(ELOOP\)/],
    ['taken', /links that lead back to themselves \(ELOOP\)/],
    ['x'.repeat(300), /a name that is too long/],
  ])('is told with why: %s', async (place, why) => {
    const { code, stderr } = await hemline(`train demand-naive --data ${place}`);
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/^\s+at |no folder/m);
    expect(code).toBe(65);
  });
});

/** The superuser is asked for no permission: the command has to be somebody else's. */
const NOBODY = 65_534;

describe('permissions', () => {
  const isRoot = process.getuid?.() === 0;
  const asNobody = (args: string, home: string): Promise<Ended> =>
    command(
      folder,
      args.split(' '),
      { HEMLINE_HOME: home, HOME: folder, NODE_COMPILE_CACHE: join(folder, 'cache') },
      isRoot ? NOBODY : undefined,
    );

  beforeAll(async () => {
    // A copy in which one folder after the other is closed.
    await cp(join(folder, 'market'), join(folder, 'closed'), { recursive: true });
    await mkdir(join(folder, 'closed-home'), { mode: 0o555 });
    await mkdir(join(folder, 'open-home'));
    await chmod(join(folder, 'open-home'), 0o777);
  });

  it('are told of the data, which is not "no folder"', async ({ skip }) => {
    if (!(await canRunAs(asNobody))) skip('another user cannot run the command here');
    await chmod(join(folder, 'closed'), 0);
    const { code, stderr } = await asNobody('train demand-naive --data closed/observed', 'open-home');
    await chmod(join(folder, 'closed'), 0o755);
    expect(stderr).toMatch(/cannot be read \(file .*closed.*no permission \(EACCES\)/);
    expect(stderr).not.toMatch(/^\s+at |no folder/m);
    expect(code).toBe(65);
  });

  it('are told of the home, before any work', async ({ skip }) => {
    if (!(await canRunAs(asNobody))) skip('another user cannot run the command here');
    const { code, stderr } = await asNobody('train demand-naive --data market/observed', 'closed-home');
    expect(stderr).toMatch(/^the home of hemline cannot be written .*no permission \(EACCES\)/m);
    expect(code).toBe(65);
  });
});

/** The workspace may lie where only its owner may look. */
async function canRunAs(run: (args: string, home: string) => Promise<Ended>): Promise<boolean> {
  return (await run('--version', 'open-home')).code === 0;
}

describe('a registry that is named', () => {
  it.each(['models list', 'models show demand-naive', 'lineage file'])(
    'has to be there: %s',
    async (args) => {
      for (const place of ['nowhere', 'file']) {
        const { code, stdout, stderr } = await hemline(`${args} --registry ${place}`);
        expect([code, stdout]).toEqual([65, '']);
        expect(stderr).toMatch(/there is no registry/);
      }
    },
  );
});

describe('what cannot be forecast', () => {
  it.each([
    [`forecast demand-naive ${DATA} --horizon 5000`, /weeks from 1 to 104, found 5000/],
    [`features ${DATA} --horizon 5000`, /weeks from 1 to 104, found 5000/],
    [`evaluate demand-naive ${DATA} --horizon 105`, /weeks from 1 to 104, found 105/],
    [`backtest demand-naive ${DATA} --cutoff 2022-06-06 --horizon 5000`, /weeks from 1 to 104, found 5000/],
    [`run weekly ${DATA} --horizon 5000`, /weeks from 1 to 104, found 5000/],
    [`forecast demand-naive ${DATA} --discounts 0:1.2:0.1`, /rising levels in \[0, 1\)/],
    [
      `backtest demand-naive ${DATA} --cutoff 2033-05-02`,
      /after the end of the data; expected a week before 20/,
    ],
  ])('is told before a job starts: %s', async (args, why) => {
    const { code, stderr } = await hemline(args, { HEMLINE_HOME: 'home' });
    expect(stderr).toMatch(why);
    expect(stderr).not.toMatch(/Its log/);
    expect(code).toBe(65);
  });
});
