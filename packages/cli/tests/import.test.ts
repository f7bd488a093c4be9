import { existsSync } from 'node:fs';
import { mkdtemp, readFile, readdir, rm, symlink, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { command } from './command.ts';

const root = new URL('../../../', import.meta.url);
const invoices = fileURLToPath(new URL('../shared/data/online-retail/invoices.parquet', root));
const missing = !existsSync(invoices);

let folder: string;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), 'hemline-import-'));
});
afterEach(() => rm(folder, { recursive: true, force: true }));

describe('hemline import', () => {
  const MAP = {
    sales: { columns: { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' } },
  };
  const LINES =
    'sku,shop,day,qty,price\nA,north,2024-03-04,2,9.5\nA,north,2024-03-12,1,8\nB,north,2024-03-05,0,3\n';
  const run = (...more: string[]) =>
    command(folder, ['import', 'sales.csv', '--map', 'map.json', '--out', 'data', ...more]);
  beforeEach(async () => {
    await writeFile(join(folder, 'sales.csv'), LINES);
    await writeFile(join(folder, 'map.json'), JSON.stringify(MAP));
  });

  it('prints what became of every line, for people and for machines', async () => {
    const { code, stdout, stderr } = await run('--rejects', 'left.csv');
    expect([code, stdout]).toEqual([
      0,
      expect.stringMatching(/sales +│ +2 │ +3 [^]*left out: noUnits +│ +1 │[^]*data: weekly 2,/),
    ]);
    expect(stderr).toContain('import: reading sales');
    expect(await readFile(join(folder, 'left.csv'), 'utf8')).toMatch(/^noUnits,sales,.*sales\.csv,2,.*B/m);
    await rm(join(folder, 'data'), { recursive: true });
    const json = await run('--json');
    expect(JSON.parse(json.stdout)).toMatchObject({
      out: 'data',
      lines: { read: 3, used: { lines: 2, units: 3 }, leftOut: { noUnits: { lines: 1, units: 0 } } },
      rows: { weekly: 2, articles: 1, markets: 1 },
    });
  });

  it('ends with 65 and writes nothing where a value cannot be read', async () => {
    await writeFile(join(folder, 'sales.csv'), `${LINES}C,north,05.03.2024,1,2\n`);
    const { code, stderr } = await run();
    expect([code, stderr]).toEqual([
      65,
      expect.stringMatching(/file .*sales\.csv, line 5, column day, row 3\).*found "05\.03\.2024"/),
    ]);
    expect((await readdir(folder)).sort()).toEqual(['map.json', 'sales.csv']);
  });

  it('proposes a map, and takes options of the one or the other', async () => {
    const guessed = await command(folder, ['import', 'sales.csv', '--guess']);
    expect([guessed.code, JSON.parse(guessed.stdout)]).toEqual([
      0,
      { sales: expect.objectContaining({ columns: MAP.sales.columns }) as object },
    ]);
    expect(guessed.stderr).toMatch(/the first lines are: sale/);
    expect(await command(folder, ['import', 'sales.csv', '--guess', '--out', 'x'])).toMatchObject({
      code: 2,
    });
    expect(await command(folder, ['import', 'sales.csv', '--out', 'x'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining("required option '--map <file>'") as string,
    });
    expect(
      await command(folder, ['import', 'sales.csv', '--guess', '--write-map', 'map.json']),
    ).toMatchObject({ code: 65, stderr: expect.stringContaining('there already') as string });
  });
});

describe.skipIf(missing)(
  `the front page's way from a raw file to a backtest${missing ? ' (skipped: ../shared/data is not there)' : ''}`,
  () => {
    it('works as it stands there', async () => {
      const page = await readFile(new URL('README.md', root), 'utf8');
      const block = /### From the files of a shop[^]*?```sh[^\n]*\n([^]*?)```/.exec(page)![1]!;
      const lines = block
        .trim()
        .split('\n')
        .map((line) => line.replace(/\s+#.*/, ''));
      expect(lines).toHaveLength(3);
      await symlink(invoices, join(folder, 'invoices.parquet'));
      let last = '';
      for (const line of lines) {
        const [npx, hemline, ...args] = line.split(' ');
        expect([npx, hemline]).toEqual(['npx', 'hemline']);
        const { code, stdout, stderr } = await command(folder, args);
        expect(code, stderr).toBe(0);
        last = stdout;
      }
      expect(last).toMatch(/2011-04-25 +│ +0\.\d+ /);
    }, 120_000);
  },
);
