import { SchemaError } from '@hemline/core';
import type { TextColumn, TextFormat } from '../map/import-map.ts';
import { columnOf, type FileGroup } from '../source/file-group.ts';
import { literal } from './quote.ts';

/**
 * Amounts and units are counted in millionths, as whole numbers: sums do not depend on the order in which threads add.
 */
export const MICRO = 1_000_000;
/** A number beyond is a mistake, and would not fit. */
const LARGEST = 1e12;
const FIRST_YEAR = 1900;
const LAST_YEAR = 2200;

/**
 * Understands the columns of some files. What is asked of a column is an expression over {@link ValueReader.raws}: texts
 * there have no blanks around them, and are null where they stand for nothing.
 */
export class ValueReader {
  readonly #group: FileGroup;
  readonly #timeZone: string | undefined;
  readonly #raws = new Map<string, { readonly alias: string; readonly type: string; readonly sql: string }>();

  /**
   * @param group of files
   * @param timeZone of the shop, where it is known
   */
  constructor(group: FileGroup, timeZone: string | undefined) {
    this.#group = group;
    this.#timeZone = timeZone;
  }

  /** What is to be selected of the files, for all that was asked before. */
  get raws(): string {
    const raws = [...this.#raws.values()].map(({ alias, sql }) => `${sql} AS ${alias}`);
    return raws.join(', ');
  }

  /**
   * @param column of the files
   * @param role what for, as the map calls it
   * @returns whether it has no value
   */
  isMissing(column: string, role: string): string {
    return `${this.#raw(column, role).alias} IS NULL`;
  }

  /**
   * @param spec column or constant
   * @param role what for, as the map calls it
   * @returns text as the map wants it
   */
  text(spec: TextColumn, role: string): string {
    if (typeof spec !== 'string' && 'value' in spec) return literal(spec.value);
    const wanted = typeof spec === 'string' ? { column: spec } : spec;
    const { alias, type } = this.#raw(wanted.column, role);
    const text = textOf(alias, type);
    const cased = wanted.case === undefined ? text : `${wanted.case}(${text})`;
    return wanted.first === undefined ? cased : `left(${cased}, ${wanted.first})`;
  }

  /**
   * @param column of the files
   * @param role what for, as the map calls it
   * @returns a double; null for what is no number
   */
  number(column: string, role: string): string {
    const { alias, type } = this.#raw(column, role);
    if (!isText(type)) {
      if (!IS_NUMBER.test(type)) throw this.#noNumbers(column, role, type);
      return bounded(`CAST(${alias} AS DOUBLE)`);
    }
    // DuckDB reads 1_0 as 10.
    const number = this.#pointed(alias);
    return bounded(`TRY_CAST(CASE WHEN NOT contains(${alias}, '_') THEN ${number} END AS DOUBLE)`);
  }

  /**
   * @param column of the files
   * @param role what for, as the map calls it
   * @returns a number, 1 and 0 for flags such as Y and no; null for what is neither
   */
  flag(column: string, role: string): string {
    const { alias, type } = this.#raw(column, role);
    if (type === 'BOOLEAN') return `CAST(${alias} AS DOUBLE)`;
    const number = this.number(column, role);
    if (!isText(type)) return number;
    return `CASE WHEN lower(${alias}) IN (${YES}) THEN 1 WHEN lower(${alias}) IN (${NO}) THEN 0 ELSE ${number} END`;
  }

  /**
   * @param column of the files
   * @param role what for, as the map calls it
   * @returns a timestamp on the shop's clock; null for what is no date
   */
  time(column: string, role: string): string {
    const { alias, type } = this.#raw(column, role);
    const { date } = this.#group.format;
    if (type === 'TIMESTAMP WITH TIME ZONE') return this.#zoned(alias, column, role);
    if (type === 'DATE' || type.startsWith('TIMESTAMP')) return `CAST(${alias} AS TIMESTAMP)`;
    if (!isText(type) && (date === undefined || !/INT/.test(type))) throw this.#noDates(column, role, type);
    const text = textOf(alias, type);
    if (date !== undefined) {
      const parsed = weekIsThere(text, date, `try_strptime(${text}, ${literal(date)})`);
      return plausible(/%z/i.test(date) ? this.#zoned(parsed, column, role) : parsed);
    }
    // An offset that was passed over would move sales around midnight to another day.
    const offset = `(length(${text}) > 19 OR length(${text}) = 17) AND regexp_matches(${text}, '(Z|[A-Za-z]|[+-]\\d\\d(:?\\d\\d)?)$')`;
    const moved =
      this.#timeZone === undefined
        ? 'NULL'
        : `timezone(${literal(this.#timeZone)}, TRY_CAST(${text} AS TIMESTAMPTZ))`;
    return plausible(`CASE WHEN ${offset} THEN ${moved} ELSE TRY_CAST(${text} AS TIMESTAMP) END`);
  }

  #raw(column: string, role: string): { alias: string; type: string } {
    const known = this.#raws.get(column);
    if (known !== undefined) return known;
    const { sql, type } = columnOf(this.#group, column, role);
    const raw = {
      alias: `raw${this.#raws.size}`,
      type,
      sql: isText(type) ? present(`line.${sql}`, type, this.#group.format) : `line.${sql}`,
    };
    this.#raws.set(column, raw);
    return raw;
  }

  /** A number as SQL writes it. */
  #pointed(raw: string): string {
    let text = raw;
    const { decimal = '.', thousands } = this.#group.format;
    const others = thousands === undefined ? undefined : ALIKE[thousands];
    // Spreadsheets write thousands with blanks that are none, and with typographic apostrophes.
    if (others !== undefined)
      text = `translate(${text}, ${literal(others)}, ${literal(thousands!.repeat([...others].length))})`;
    // 12.50 beside thousands of dots is no 1250: only groups of three are taken together.
    const groups = `^[-+]?\\d{1,3}([${thousands}]\\d{3})+([${decimal}]\\d+)?$`;
    const whole =
      thousands === undefined
        ? text
        : `CASE WHEN NOT contains(${text}, ${literal(thousands)}) THEN ${text} WHEN regexp_matches(${text}, ${literal(groups)}) THEN replace(${text}, ${literal(thousands)}, '') END`;
    if (decimal === '.') return whole;
    // A dot where the comma is decimal belongs to another format.
    return `CASE WHEN NOT contains(${whole}, '.') THEN replace(${whole}, ',', '.') END`;
  }

  #zoned(time: string, column: string, role: string): string {
    if (this.#timeZone !== undefined) return `timezone(${literal(this.#timeZone)}, ${time})`;
    throw new SchemaError('the day of a point in time depends on the zone', {
      expected: '"timeZone" in the map, such as "Europe/Berlin"',
      found: `${column} (${role}) with offsets`,
      where: this.#place(column),
      remedy: 'Say in which zone the shop is.',
    });
  }

  #noDates(column: string, role: string, type: string): SchemaError {
    return new SchemaError('a column is no date', {
      expected: `${column} (${role}) as dates, points in time, text, or whole numbers with "format": {"date": "%Y%m%d"}`,
      found: type,
      where: this.#place(column),
      remedy: 'Name another column, or say the format in the map.',
    });
  }

  #noNumbers(column: string, role: string, type: string): SchemaError {
    return new SchemaError('a column holds no numbers', {
      expected: `${column} (${role}) as numbers, or text that can be read as such`,
      found: type,
      where: this.#place(column),
      remedy: 'Name another column in the map.',
    });
  }

  #place(column: string): { file: string; column: string } {
    return { file: this.#group.names[0]!, column };
  }
}

/**
 * @param number a double
 * @returns it in millionths, rounded
 */
export function micro(number: string): string {
  return `CAST(round((${number}) * ${MICRO}) AS BIGINT)`;
}

const IS_NUMBER = /^(U?(TINY|SMALL|BIG|HUGE)?INT(EGER)?|DOUBLE|FLOAT|DECIMAL\(.*\))$/;
const YES = `'y', 'yes', 't', 'true', 'j', 'ja'`;
const NO = `'n', 'no', 'f', 'false', 'nein'`;

function isText(type: string): boolean {
  return type === 'VARCHAR' || type.startsWith('ENUM');
}

/** Identifiers that were read as numbers: 17850.0 is the customer 17850. */
function textOf(sql: string, type: string): string {
  if (isText(type)) return sql;
  if (type !== 'DOUBLE' && type !== 'FLOAT') return `CAST(${sql} AS VARCHAR)`;
  return `CASE WHEN ${sql} = floor(${sql}) AND abs(${sql}) < 1e15 THEN CAST(CAST(${sql} AS BIGINT) AS VARCHAR) ELSE CAST(${sql} AS VARCHAR) END`;
}

/** Few values have blanks around them: most are taken as they are, since making a text anew costs more than all else of it. */
function present(sql: string, type: string, { missing = [] }: TextFormat): string {
  const text = type === 'VARCHAR' ? sql : `CAST(${sql} AS VARCHAR)`;
  const bare = `trim(${text}, ${literal(BLANKS)})`;
  // Whatever begins beyond ASCII may be a blank; few texts do.
  const hasBlanks = [
    `${text} < '!'`,
    `${text} >= chr(127)`,
    ...[...BLANKS].map((blank) => `ends_with(${text}, ${literal(blank)})`),
  ];
  // ="007" is a text that spreadsheets are to leave alone.
  const formula = `CASE WHEN starts_with(${text}, '="') AND ends_with(${text}, '"') THEN nullif(${text}[3:-2], '') ELSE ${text} END`;
  const trimmed = `CASE WHEN ${hasBlanks.join(' OR ')} THEN nullif(${bare}, '') WHEN starts_with(${text}, '="') THEN ${formula} ELSE ${text} END`;
  if (missing.length === 0) return trimmed;
  return `CASE WHEN ${bare} IN (${missing.map(literal).join(', ')}) THEN NULL ELSE ${trimmed} END`;
}

/** Blanks that stand around texts: also those that do not break, or have no width. */
const BLANKS = ' \t\u00a0\u202f\u200b\ufeff';
/** What is written for thousands beside the character itself. */
const ALIKE: Readonly<Record<string, string>> = { ' ': '\u00a0\u202f\u2009', "'": '\u2019' };

/** Of years with 52 weeks the 53rd would be taken for the first of the next. */
function weekIsThere(text: string, format: string, parsed: string): string {
  if (!format.includes('%V')) return parsed;
  const bare = (value: string): string => `regexp_replace(${value}, '(^|[^0-9])0+', '\\1', 'g')`;
  return `CASE WHEN ${bare(`strftime(${parsed}, ${literal(format)})`)} = ${bare(text)} THEN ${parsed} END`;
}

/** NaN and infinity are greater than any bound. */
function bounded(number: string): string {
  return `CASE WHEN abs(${number}) < ${LARGEST} THEN ${number} END`;
}

function plausible(time: string): string {
  return `CASE WHEN year(${time}) BETWEEN ${FIRST_YEAR} AND ${LAST_YEAR} THEN ${time} END`;
}
