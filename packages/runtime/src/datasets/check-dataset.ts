import { HemlineError, formatPlace, type ProgressEvent, type TableName, throwIfAborted } from '@hemline/core';
import type { UnusedColumn } from './map-columns.ts';
import { ChangeCounts } from './mend-rows.ts';
import { openDataset, type OpenOptions } from './open-dataset.ts';
import type { ProblemReport, Settlement } from './problems.ts';
import type { PassedOver } from './table-files.ts';

/** All problems of one kind in one column. */
export interface FoundProblem {
  readonly table: TableName;
  /** As on disk; null: of rows as a whole. */
  readonly column: string | null;
  readonly kind: string;
  readonly count: number;
  /** Share of the table's rows; null where a table could not be read to its end. */
  readonly share: number | null;
  /** The first one, whole. */
  readonly message: string;
  /** Where the first ones are, and what was found there. */
  readonly places: readonly string[];
  /** What a descriptor could say about them. */
  readonly settlement: Settlement | null;
}

/** What a check has found. */
export interface DatasetCheck {
  readonly name: string;
  readonly directory: string;
  /** Rows of the tables that could be read. */
  readonly rows: Readonly<Partial<Record<TableName, number>>>;
  readonly problems: readonly FoundProblem[];
  /** Rows to which the descriptor gives another meaning, by what it does. */
  readonly changes: readonly { readonly change: string; readonly count: number }[];
  /** Files that are not read. */
  readonly passedOver: readonly (PassedOver & { readonly table: TableName })[];
  /** Columns that nothing is read of. */
  readonly unused: readonly (UnusedColumn & { readonly table: TableName })[];
}

/** How a dataset is checked. */
export interface CheckOptions extends OpenOptions {
  readonly signal?: AbortSignal;
  readonly onProgress?: (event: ProgressEvent) => void;
}

/** So many places of a kind are named. */
const SHOWN = 3;

/**
 * Checks a dataset as jobs do, and goes on after the first problem: all of them are counted by kind. A table whose columns do not fit,
 * or that cannot be read to its end, is one problem.
 * @param directory of the dataset
 * @param options descriptor, signal, progress
 * @returns what was found
 * @throws DescriptorError when dataset.json is not valid, DataError when there is no dataset
 */
export async function checkDataset(directory: string, options: CheckOptions = {}): Promise<DatasetCheck> {
  const found = new ProblemCounts();
  const onProblem = (problem: ProblemReport): void => {
    throwIfAborted(options.signal);
    found.add(problem);
  };
  const dataset = await openDataset(directory, { ...options, onProblem });
  const changes = new ChangeCounts();
  const { rows } = await dataset.validate({ ...options, onProblem, changes });
  await found.explain();
  return {
    name: dataset.name,
    directory: dataset.directory,
    rows,
    problems: found.problems(rows),
    changes: changes.entries.map(([change, count]) => ({ change, count })),
    passedOver: dataset.passedOver,
    unused: dataset.tables.names.flatMap((table) =>
      dataset.unusedColumnsOf(table).map((column) => ({ table, ...column })),
    ),
  };
}

/** Problems of one kind, while they are counted. */
interface Counted {
  readonly report: ProblemReport;
  count: number;
  message: string;
  readonly places: string[];
}

function placeOf({ where, found }: HemlineError): string {
  return [formatPlace(where), found].filter(Boolean).join(': ');
}

/** Problems by table, column and kind, in the order in which they were found. */
class ProblemCounts {
  readonly #counts = new Map<string, Counted>();

  add(report: ProblemReport): void {
    const key = JSON.stringify([report.table, report.column, report.kind]);
    const known = this.#counts.get(key);
    const entry = known ?? { report, count: 0, message: report.error().message, places: [] };
    entry.count++;
    if (entry.places.length < SHOWN) entry.places.push(placeOf(report.error()));
    if (known === undefined) this.#counts.set(key, entry);
  }

  problems(rows: Readonly<Partial<Record<TableName, number>>>): FoundProblem[] {
    return [...this.#counts.values()].map(({ report, count, message, places }) => {
      const of = rows[report.table];
      return {
        ...{ table: report.table, column: report.column, kind: report.kind, count },
        share: of === undefined || of === 0 ? null : count / of,
        message,
        places,
        settlement: report.settlement ?? null,
      };
    });
  }

  /** Where the first of a kind has more to say than can be known on the way. */
  async explain(): Promise<void> {
    for (const entry of this.#counts.values()) {
      const explained = await entry.report.explain?.();
      if (explained instanceof HemlineError) entry.message = explained.message;
    }
  }
}
