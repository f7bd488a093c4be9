import { createHash } from 'node:crypto';
import { DataError, SchemaError, Tables, type Table, type TableName, type Week } from '@hemline/core';
import { stemOf } from './file-kind.ts';
import type { UnusedColumn } from './map-columns.ts';
import type { ParquetTable } from './parquet-table.ts';
import { partitionFolder, partitionName, type PassedOver, type TableFile } from './table-files.ts';
import {
  lastKnownWeekOf,
  validateDataset,
  type DatasetSummary,
  type ValidateOptions,
} from './validate-dataset.ts';

/** Part of a dataset that is processed alone: whole series of the weekly table. */
export interface DatasetPartition {
  /** `market=DE`, or a file's stem. */
  readonly name: string;
  /** Hive folder, empty in a flat table. */
  readonly folder: string;
  /** Columns that are constant in it, as its folders name them. */
  readonly keys: Readonly<Record<string, string>>;
  readonly files: readonly string[];
  readonly bytes: number;
  /** Changes when the partition's files do. */
  readonly fingerprint: string;
  readonly weekly: Table;
}

/** A folder of Parquet tables, seen through its descriptor. */
export class Dataset {
  readonly name: string;
  readonly directory: string;
  readonly tables: Tables;
  readonly #tables: ReadonlyMap<TableName, ParquetTable>;
  readonly #descriptorDigest: string;
  /** Once a scan has found it. */
  #lastKnownWeek: Week | null = null;

  /**
   * @param name of the dataset
   * @param directory for messages and reports
   * @param tables by name
   * @param descriptorDigest what the descriptor said, digested
   */
  constructor(
    name: string,
    directory: string,
    tables: ReadonlyMap<TableName, ParquetTable>,
    descriptorDigest: string,
  ) {
    this.name = name;
    this.directory = directory;
    this.tables = new Tables(tables.values());
    this.#tables = tables;
    this.#descriptorDigest = descriptorDigest;
  }

  /** SHA-256 over the names, sizes and versions of all files and the descriptor: tells one state of the data from another. */
  get fingerprint(): string {
    return this.fingerprintOf([...this.#tables.keys()]);
  }

  /** Files in the tables' folders that are not read, and why: nothing is left out without being named. */
  get passedOver(): readonly (PassedOver & { readonly table: TableName })[] {
    return [...this.#tables].flatMap(([table, { passedOver }]) =>
      passedOver.map((file) => ({ table, ...file })),
    );
  }

  /**
   * Columns of a table's files that nothing is read of, and why.
   * @param name of a table that is there
   * @returns them, in the order of the file
   */
  unusedColumnsOf(name: TableName): readonly UnusedColumn[] {
    return this.#tables.get(name)!.unused;
  }

  /** Partitions of the weekly table, sorted by name: hive folders, or the files of a flat table. */
  get partitions(): readonly DatasetPartition[] {
    return this.#partitionsBy(partitionName);
  }

  /**
   * Every file of the weekly table as a partition of its own: what a host can rely on when the platform deals out files
   * and not folders. Each must hold whole series.
   */
  get filePartitions(): readonly DatasetPartition[] {
    return this.#partitionsBy((file) => stemOf(file.name));
  }

  /**
   * What the partitions are made by: columns, by role, that are constant in each; `file` where every file is a partition
   * of its own. Null where all rows are one partition.
   */
  get partitionedBy(): readonly string[] | null {
    const weekly = this.#tables.get('weekly');
    if (weekly === undefined || this.partitions.length < 2) return null;
    const keys = Object.keys(weekly.files[0]!.keys);
    if (keys.length === 0) return ['file'];
    return keys.map(
      (key) => weekly.schema.fields.find(({ name }) => weekly.sourceOf(name) === key)?.name ?? key,
    );
  }

  /** Markets that folders of the weekly table are named after; empty where they are not. */
  get marketFolders(): readonly string[] {
    const weekly = this.#tables.get('weekly');
    if (weekly === undefined) return [];
    const source = weekly.sourceOf('market');
    return [...new Set(weekly.files.flatMap(({ keys }) => keys[source] ?? []))];
  }

  /**
   * What only the whole weekly table tells, and dataset.json does not: `firstWeek` and `lastWeek`, between which weeks without a
   * row are weeks without a sale. Empty where no weeks are filled.
   */
  get spanOfAllData(): readonly ('firstWeek' | 'lastWeek')[] {
    const descriptor = this.#tables.get('weekly')?.descriptor;
    if (descriptor?.missingWeeks !== 'zero') return [];
    // Weeks are filled before a first row where a launch is known, and there alone.
    const hasLaunches = this.#tables.get('articles')?.schema.fields.some(({ name }) => name === 'launchWeek');
    const needed = hasLaunches === true ? (['firstWeek', 'lastWeek'] as const) : (['lastWeek'] as const);
    return needed.filter((key) => descriptor[key] === undefined);
  }

  /**
   * SHA-256 over the names, sizes and versions of some tables' files.
   * @param names of tables; those that are not there count as without files
   * @returns hexadecimal
   */
  fingerprintOf(names: readonly TableName[]): string {
    const hash = createHash('sha256').update(this.#descriptorDigest);
    for (const name of names) hash.update(`\n${name}\n${fingerprintOf(this.#tables.get(name)?.files ?? [])}`);
    return hash.digest('hex');
  }

  /**
   * What a partition needs of another table: the files in folders of the same keys (`sizes/market=DE` for `market=DE`); all of
   * them where the table is not partitioned alike.
   * @param partition of the dataset
   * @param name of a table that is there
   * @returns the table
   */
  tableOf({ keys }: DatasetPartition, name: TableName): Table {
    const table = this.#tables.get(name)!;
    const files = table.files.filter((file) =>
      Object.entries(keys).every(([key, value]) => !(key in file.keys) || file.keys[key] === value),
    );
    return files.length === table.files.length || files.length === 0 ? table : table.withFiles(files);
  }

  #partitionsBy(nameOf: (file: TableFile) => string): readonly DatasetPartition[] {
    const weekly = this.#tables.get('weekly');
    if (weekly === undefined) return [];
    const byName = Map.groupBy(weekly.files, nameOf);
    return [...byName]
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([name, files]) => ({
        name,
        folder: partitionFolder(files[0]!),
        keys: files[0]!.keys,
        files: files.map((file) => file.path),
        bytes: files.reduce((sum, file) => sum + file.bytes, 0),
        fingerprint: fingerprintOf(files),
        weekly: weekly.withFiles(files),
      }));
  }

  /**
   * The last week with an observed demand. Reads two columns of the weekly table, unless a check has read it before.
   * @returns the week
   * @throws DataError when no week has one
   */
  async lastKnownWeek(): Promise<Week> {
    let last = this.#lastKnownWeek;
    if (last === null) {
      const columns = ['week', 'demand'];
      for await (const batch of this.tables.get('weekly').batches({ columns }))
        last = lastKnownWeekOf(batch, last);
      this.#lastKnownWeek = last;
    }
    if (last !== null) return last;
    throw new DataError('the weekly table has no observed demand', {
      expected: 'rows with a demand',
      found: 'none',
      where: { table: 'weekly', file: this.directory },
      remedy: 'Check which column dataset.json names for the role demand.',
    });
  }

  /**
   * Checks every row of the tables, in memory bounded by the keys of one partition.
   * @param options which tables
   * @returns rows per table, series, last known week
   * @throws SchemaError or DataError for the first problem: table, file, column, row, value, and what to do
   */
  async validate(options: ValidateOptions = {}): Promise<DatasetSummary> {
    for (const name of options.tables ?? []) {
      if (!this.#tables.has(name))
        throw new SchemaError(`the dataset has no table ${name}`, {
          found: `tables ${[...this.#tables.keys()].join(', ')}`,
          where: { file: this.directory },
        });
    }
    const summary = await validateDataset(this.#tables, options);
    // Of the stored rows: where weeks without one are filled further than that, a reading tells.
    if (this.#tables.get('weekly')?.descriptor.lastWeek === undefined)
      this.#lastKnownWeek ??= summary.lastKnownWeek;
    return summary;
  }
}

function fingerprintOf(files: readonly TableFile[]): string {
  const hash = createHash('sha256');
  for (const file of files) hash.update(`${file.name}\t${file.bytes}\t${file.version}\n`);
  return hash.digest('hex');
}
