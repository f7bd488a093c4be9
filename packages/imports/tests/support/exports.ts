import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { importDataset, parseMap, type ImportSummary } from '../../src/index.ts';
import { query } from './dataset-rows.ts';

/** Columns of the exports that are tried. */
export const columns = { article: 'sku', market: 'shop', date: 'day', units: 'qty', price: 'price' };
/** Their header. */
export const H = 'sku,shop,day,qty,price\n';
/** A line of them. */
export const G = 'A,north,2024-03-04,1,9.5\n';
/** What it is in the dataset, as {@link Exports.weeks} has it. */
export const WEEK = 'A north 2024-03-04 1 9.5';

/** A line of a day. */
export function line(day: string, qty = '1', price = '9.5', sku = 'A'): string {
  return `${sku},north,${day},${qty},${price}\n`;
}

/** What a map says of dates. */
export function dated(date: string): object {
  return { format: { date } };
}

/** Files by name. */
type Files = Readonly<Record<string, string | Buffer>>;

/** A folder for exports, and the dataset that is made of them. */
export class Exports {
  readonly folder: string;

  private constructor(folder: string) {
    this.folder = folder;
  }

  /** A new one. */
  static async make(): Promise<Exports> {
    return new Exports(await mkdtemp(join(tmpdir(), 'hemline-exports-')));
  }

  /** Imports a text, or files by name; the map's other keys are given. */
  async imported(files: string | Buffer | Files, map: object = {}): Promise<ImportSummary> {
    const single = typeof files === 'string' || Buffer.isBuffer(files);
    for (const [name, text] of Object.entries(single ? { 'sales.csv': files } : files)) {
      await mkdir(dirname(join(this.folder, 'in', name)), { recursive: true });
      await writeFile(join(this.folder, 'in', name), text);
    }
    return importDataset({
      source: join(this.folder, 'in', ...(single ? ['sales.csv'] : [])),
      map: parseMap({ sales: { columns }, ...map }),
      out: join(this.folder, 'out'),
      threads: 1,
    });
  }

  /** `A north 2024-03-04 1 9.5` for each week. */
  async weeks(): Promise<string[]> {
    const rows = await query(
      `SELECT article, market, week, demand, sales_price FROM '${this.folder}/out/weekly.parquet' ORDER BY ALL`,
    );
    return rows.map((row) => Object.values(row).join(' '));
  }

  /** Takes the dataset away. */
  async forget(): Promise<void> {
    await rm(join(this.folder, 'out'), { recursive: true });
  }

  /** Takes all away. */
  async remove(): Promise<void> {
    await rm(this.folder, { recursive: true, force: true });
  }
}
