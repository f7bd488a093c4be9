import type { ImportMap, TextColumn } from '../map/import-map.ts';
import { fromGroup, type FileGroup } from '../source/file-group.ts';
import type { ValueReader } from '../sql/values.ts';
import { SALE } from './reasons.ts';

/** A query for the lines of some files. */
export interface LineSelect {
  /**
   * @param from what stands behind FROM, if not all files of the group
   * @param more columns to give besides, of `line`
   * @param withFile whether to give the path of the file, as `file_path`
   * @returns the query: the kind of each line and what it says
   */
  sql(from?: string, more?: readonly string[], withFile?: boolean): string;
  /** Where values come from, by role. */
  readonly sources: Sources;
}

/** A column of the source, and the name of what is understood of it. */
export interface ValueSource {
  readonly column: string;
  readonly value: string;
}

/** Columns of the source by role; a role such as that of covariates may have several. */
export class Sources {
  readonly #sources = new Map<string, ValueSource[]>();

  /**
   * @param role of a value
   * @param column of the source
   * @param value name of what is understood of it
   * @returns this
   */
  add(role: string, column: string, value: string): this {
    this.#sources.set(role, [...this.of(role), { column, value }]);
    return this;
  }

  /**
   * @param role of values
   * @returns its columns
   */
  of(role: string): readonly ValueSource[] {
    return this.#sources.get(role) ?? [];
  }
}

/** What a query for lines is made of. */
export interface LineParts {
  readonly group: FileGroup;
  readonly reader: ValueReader;
  /** Values by name, of raw texts. */
  readonly values: ReadonlyMap<string, string>;
  /** What a line is, of values. */
  readonly cases: LineCases;
  /** Columns to give by name, of values. */
  readonly outputs: ReadonlyMap<string, string>;
}

/** The first condition that holds decides what a line is. */
export class LineCases {
  readonly #kinds: readonly string[];
  readonly #lines: string[] = [];
  /** What a line is to which no condition applies. */
  rest = SALE;

  /** @param kinds that there are */
  constructor(kinds: readonly string[]) {
    this.#kinds = kinds;
  }

  /**
   * @param condition of values
   * @param kind of a line for which it holds
   */
  add(condition: string, kind: string): void {
    this.#lines.push(`WHEN ${condition} THEN ${this.#kinds.indexOf(kind)}`);
  }

  /** @param map whose days are asked for */
  addDays({ from, to }: ImportMap): void {
    if (from !== undefined) this.add(`moment < TIMESTAMP '${from}'`, 'beforeFrom');
    if (to !== undefined) this.add(`moment >= TIMESTAMP '${to}' + INTERVAL 1 DAY`, 'afterTo');
  }

  /** Code of the kind. */
  get sql(): string {
    return `CAST(CASE ${this.#lines.join(' ')} ELSE ${this.rest} END AS UTINYINT)`;
  }
}

/**
 * Raw texts, then values, then what they mean: each is worked out once.
 * @param parts of the query
 * @returns the query
 */
export function lineQuery({ group, reader, values, cases, outputs }: LineParts): LineSelect['sql'] {
  const understood = [...values].map(([name, sql]) => `${sql} AS ${name}`).join(', ');
  const given = [...outputs].map(([name, sql]) => `${sql} AS ${name}`).join(', ');
  return (from = fromGroup(group), more = [], withFile = false) => {
    const beside = [...more, ...(withFile ? ['file_path'] : [])].map((sql) => `, ${sql}`).join('');
    const file = withFile ? ', line.file_path AS file_path' : '';
    // The line as a whole is one value, so that its names are in nobody's way.
    const line = more.length === 0 ? '' : ', line';
    return `SELECT ${cases.sql} AS kind, ${given}${beside} FROM (SELECT *, ${understood} FROM (SELECT ${reader.raws}${file}${line} FROM ${from} AS line))`;
  };
}

/**
 * @param spec of a text
 * @returns the column that it is in; the text itself where it is in none
 */
export function sourceOf(spec: TextColumn): string {
  if (typeof spec === 'string') return spec;
  return 'column' in spec ? spec.column : spec.value;
}
