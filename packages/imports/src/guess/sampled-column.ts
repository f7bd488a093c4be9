import type { FileGroup } from '../source/file-group.ts';
import type { Database } from '../sql/database.ts';
import { identifier, literal } from '../sql/quote.ts';

/** How numbers may be written, the likelier first. */
const NUMBERS = [
  { decimal: '.' },
  { decimal: ',' },
  { decimal: ',', thousands: '.' },
  { decimal: '.', thousands: ',' },
  { decimal: ',', thousands: ' ' },
  { decimal: '.', thousands: "'" },
] as const;

/** How a day may be written; a time may follow it. */
const DAYS = [
  '%Y/%m/%d',
  '%d.%m.%Y',
  '%d/%m/%Y',
  '%m/%d/%Y',
  '%d-%m-%Y',
  '%m-%d-%Y',
  '%d.%m.%y',
  '%d/%m/%y',
  '%m/%d/%y',
  '%Y%m%d',
];
const TIMES = ['', ' %H:%M', ' %H:%M:%S'];
/** Without a format. */
const ISO = '';

/** How the numbers of a column are written. */
export type NumberFormat = (typeof NUMBERS)[number];

/** What the first lines of some files show of a column. */
export interface SampledColumn {
  readonly name: string;
  readonly type: string;
  /** Lines with a value. */
  readonly present: number;
  readonly distinct: number;
  /** Ways in which all values are numbers; the likelier first. */
  readonly numbers: readonly NumberFormat[];
  /** Ways in which all values are dates; of several the one first in which the lines are best in order. */
  readonly dates: readonly string[];
  readonly isZoned: boolean;
  /** Whether all values are flags such as Y and no. */
  readonly isFlag: boolean;
}

/**
 * Looks at a column of sampled lines.
 * @param database that holds them
 * @param table of the lines
 * @param group of files that it was taken from
 * @param name of the column
 * @returns what it shows
 */
export async function sampleColumn(
  database: Database,
  table: string,
  group: FileGroup,
  name: string,
): Promise<SampledColumn> {
  const { type } = group.columns.get(name)!;
  const value = `nullif(trim(CAST(${identifier(name)} AS VARCHAR)), '')`;
  const present = `(SELECT ${value} AS value, row_number() OVER () AS place FROM ${table} WHERE ${value} IS NOT NULL)`;
  const formats = isTextual(type) ? DAYS.flatMap((day) => TIMES.map((time) => day + time)) : [];
  const all = (condition: string): string => `coalesce(bool_and(coalesce(${condition}, false)), false)`;
  const asked = [
    'count(*)',
    'count(DISTINCT value)',
    all(
      `lower(value) IN ('y', 'n', 'yes', 'no', 't', 'f', 'true', 'false', 'j', 'ja', 'nein', '0', '1', '0.0', '1.0')`,
    ),
    all(`regexp_matches(value, '^\\d{4}-\\d\\d?-\\d\\d?') AND TRY_CAST(value AS TIMESTAMP) IS NOT NULL`),
    all(`regexp_matches(value, ':\\d\\d.*(Z|[+-]\\d\\d(:?\\d\\d)?)$')`),
    ...NUMBERS.map((format) => all(`regexp_matches(value, ${literal(numberPattern(format))})`)),
    ...formats.map((format) => all(`try_strptime(value, ${literal(format)}) IS NOT NULL`)),
  ];
  const [row] = await database.rows(`SELECT ${asked.join(', ')} FROM ${present}`);
  const [count, distinct, isFlag, isIso, isZoned, ...found] = row as [
    bigint,
    bigint,
    boolean,
    boolean,
    boolean,
    ...boolean[],
  ];
  const isDate = type === 'DATE' || type.startsWith('TIMESTAMP');
  const numbers = isDate ? [] : NUMBERS.filter((_, i) => found[i]);
  const fitting = formats.filter((_, i) => found[NUMBERS.length + i]);
  return {
    name,
    type,
    present: Number(count),
    distinct: Number(distinct),
    numbers: Number(count) === 0 ? [] : numbers,
    dates: isDate || isIso ? [ISO] : await byOrder(database, present, fitting),
    isZoned: type === 'TIMESTAMP WITH TIME ZONE' || (isIso && isZoned),
    isFlag: type === 'BOOLEAN' || isFlag,
  };
}

/** Exports are sorted by time more often than not: the wrong order of day and month goes to and fro. */
async function byOrder(database: Database, present: string, formats: readonly string[]): Promise<string[]> {
  if (formats.length < 2) return [...formats];
  const steps = formats.map((_, i) => `sum(abs(epoch(day${i}) - epoch(before${i})))`);
  const days = formats.map((format, i) => `try_strptime(value, ${literal(format)}) AS day${i}`);
  const before = formats.map(
    (format, i) => `lag(try_strptime(value, ${literal(format)})) OVER (ORDER BY place) AS before${i}`,
  );
  const [row] = await database.rows(
    `SELECT ${steps.join(', ')} FROM (SELECT ${[...days, ...before].join(', ')} FROM ${present})`,
  );
  const lengths = row as number[];
  return formats
    .map((format, i) => ({ format, i }))
    .sort((a, b) => lengths[a.i]! - lengths[b.i]! || a.i - b.i)
    .map(({ format }) => format);
}

/** Digits in groups of three, where there are groups. */
function numberPattern({ decimal, ...format }: NumberFormat): string {
  const tenths = `([${decimal}]\\d+)?`;
  if (!('thousands' in format)) return `^[-+]?(\\d+${tenths}|[${decimal}]\\d+)([eE][-+]?\\d+)?$`;
  return `^[-+]?\\d{1,3}([${format.thousands}]\\d{3})*${tenths}$|^[-+]?\\d+${tenths}$`;
}

function isTextual(type: string): boolean {
  return type === 'VARCHAR' || type.includes('INT');
}
