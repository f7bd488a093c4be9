/** What a plan is asked. */
export interface PlanOptions {
  /** Null: the plan's own number. */
  readonly articles: number | null;
  readonly hosts: number | null;
  readonly onRun: (name: string) => void;
}

/** A plan for more than one machine of ours can do: what was measured here, and what follows from it there. */
export interface PlanReport {
  readonly title: string;
  /** Rows of cells, a table each with its heading first. */
  readonly tables: readonly (readonly (readonly string[])[])[];
  /** All of it for machines. */
  readonly data: unknown;
}

/** A named plan, backed by a simulation. */
export interface PlanCase {
  readonly name: string;
  readonly description: string;
  plan(options: PlanOptions): Promise<PlanReport>;
}

/**
 * @param report of a plan
 * @returns its tables for people
 */
export function formatPlan({ title, tables }: PlanReport): string {
  return [title, ...tables.map(formatTable)].join('\n\n');
}

function formatTable(rows: readonly (readonly string[])[]): string {
  const widths = rows[0]!.map((_, column) => Math.max(...rows.map((row) => row[column]!.length)));
  return rows
    .map((row) =>
      row
        .map((cell, column) => (column === 0 ? cell.padEnd(widths[0]!) : cell.padStart(widths[column]!)))
        .join('  '),
    )
    .join('\n');
}
