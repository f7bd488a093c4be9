import { readFile } from 'node:fs/promises';
import type { z } from 'zod';
import { ConfigurationError, nearest } from '@hemline/core';
import { RESERVED_REASONS } from '../lines/reasons.ts';
import { importMapSchema, type ImportMap, type TextFormat } from './import-map.ts';

/**
 * Reads and checks a map.
 * @param file path of it
 * @returns what it says, with every default
 * @throws ConfigurationError that names everything wrong with it, and what was probably meant
 */
export async function readMap(file: string): Promise<ImportMap> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new ConfigurationError('the map cannot be read', {
      expected: 'a JSON file that says which column is what',
      found: (cause as Error).message,
      where: { file },
      remedy: 'Check the path; hemline import SOURCE --guess --write-map FILE proposes one.',
      cause,
    });
  }
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new ConfigurationError('the map is no JSON', {
      found: (cause as Error).message,
      where: { file },
      remedy: 'Correct it.',
      cause,
    });
  }
  return parseMap(raw, file);
}

/**
 * Checks a map.
 * @param raw parsed JSON
 * @param file for messages
 * @returns what it says, with every default
 * @throws ConfigurationError that names everything wrong with it, and what was probably meant
 */
export function parseMap(raw: unknown, file?: string): ImportMap {
  const parsed = importMapSchema.safeParse(raw);
  const problems = parsed.success
    ? contradictions(parsed.data)
    : parsed.error.issues.flatMap((issue) => describeIssue(issue, raw));
  if (!parsed.success || problems.length > 0) {
    throw new ConfigurationError('the map is not valid', {
      found: problems.join('; '),
      where: file === undefined ? {} : { file },
      remedy: 'Correct these; packages/imports/README.md lists what a map may say.',
    });
  }
  return parsed.data;
}

/** What every key alone allows and all together do not. */
function contradictions(map: ImportMap): string[] {
  const { sales, returns, blackPrice } = map;
  const { columns } = sales;
  const found: string[] = [];
  for (const [place, format] of formatsOf(map)) {
    const problem = format?.date === undefined ? null : dateProblem(format.date);
    if (problem !== null) found.push(`${place}.date: ${problem}`);
  }
  if ((columns.price === undefined) === (columns.amount === undefined))
    found.push('sales.columns: expected price (of one unit) or amount (of the line), one of them');
  if (sales.leaveOut.some(({ matches, unless }) => (matches === undefined) === (unless === undefined)))
    found.push('sales.leaveOut: every rule has matches or unless, one of them');
  if (blackPrice === 'lines' && columns.listPrice === undefined && columns.discountAmount === undefined)
    found.push('blackPrice: lines needs sales.columns.listPrice or sales.columns.discountAmount');
  if (blackPrice === 'list' && map.prices === undefined) found.push('blackPrice: list needs prices');
  if (map.from !== undefined && map.to !== undefined && map.from > map.to)
    found.push(`from: ${map.from} is after to, ${map.to}`);
  for (const taken of Object.keys(sales.covariates))
    if (WEEKLY_COLUMNS.includes(taken))
      found.push(`sales.covariates.${taken}: weekly has a column ${taken} of its own; name it otherwise`);
  if (returns !== undefined) {
    const own = returns.files !== undefined;
    if (own !== (returns.columns !== undefined)) found.push('returns: files and columns come together');
    if (own && returns.documents !== undefined)
      found.push('returns.documents: is of lines of sales; these returns have files of their own');
    if (columns[returns.match] === undefined)
      found.push(`returns.match: ${returns.match} needs sales.columns.${returns.match}`);
    if (own && returns.columns?.[returns.match] === undefined)
      found.push(`returns.match: ${returns.match} needs returns.columns.${returns.match}`);
    if (!own && returns.match === 'document')
      found.push('returns.match: document needs returns with files of their own, which name the purchase');
    if (returns.documents !== undefined && columns.document === undefined)
      found.push('returns.documents: needs sales.columns.document');
  }
  if (map.stock !== undefined && columns.stock !== undefined)
    found.push('stock: sales.columns.stock tells it already; leave one of them out');
  for (const { reason } of sales.leaveOut)
    if (RESERVED_REASONS.includes(reason))
      found.push(`sales.leaveOut: the reason ${reason} is that of the import itself; name it otherwise`);
  for (const [section, key] of [
    ['articles', 'article'],
    ['markets', 'market'],
  ] as const) {
    const attributes = map[section];
    if (attributes === undefined) continue;
    if (Object.keys(attributes.columns).length === 0) found.push(`${section}.columns: expected a column`);
    if (attributes.files !== undefined && attributes.columns[key] === undefined)
      found.push(`${section}.columns: expected ${key}`);
    if (attributes.files === undefined && attributes.columns[key] !== undefined)
      found.push(`${section}.columns.${key}: without files it is that of sales; leave it out`);
  }
  return found;
}

/** Formats of the map and its sections, by their place. */
function formatsOf(map: ImportMap): [string, TextFormat | undefined][] {
  const sections = [
    'sales',
    'returns',
    'prices',
    'stock',
    'sizes',
    'fulfillment',
    'clearance',
    'articles',
    'markets',
  ] as const;
  return [
    ['format', map.format],
    ...sections.map((section): [string, TextFormat | undefined] => [
      `${section}.format`,
      map[section]?.format,
    ]),
  ];
}

/** A format that names no day would put all of a month into one week. */
function dateProblem(date: string): string | null {
  if (/%[WU]/.test(date))
    return 'weeks of %W and %U are none of ISO 8601, and do not begin as those of the dataset; say %G and %V, or bring the first day of the week';
  if (/%V/.test(date) !== /%G/.test(date)) return 'the week %V of ISO 8601 goes with its year, %G';
  if (/%V/.test(date) || /%[cxs]/.test(date)) return null;
  const has = (directives: RegExp): boolean => directives.test(date);
  if (has(/%-?j/) && has(/%[yY]/)) return null;
  if (has(/%-?d/) && has(/%(-?m|b|B)/) && has(/%-?[yY]/)) return null;
  return `expected day, month and year, such as %d.%m.%Y, found ${date}`;
}

/** Columns that an import writes itself. */
const WEEKLY_COLUMNS = [
  'article',
  'market',
  'week',
  'demand',
  'sales_price',
  'discount',
  'black_price',
  'stock',
];

function describeIssue(issue: z.core.$ZodIssue, raw: unknown): string[] {
  const place = issue.path.length === 0 ? 'the map' : issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = keysAt(issue.path);
    return issue.keys.map((key) => {
      const meant = nearest(key, known);
      const hint = meant === undefined ? ` (there are ${known.join(', ')})` : `, did you mean ${meant}?`;
      return `${place}: unknown key ${key}${hint}`;
    });
  }
  if (issue.code === 'invalid_union')
    return [
      `${place}: expected the name of a column, {"column": …} or {"value": …}, found ${JSON.stringify(at(raw, issue.path))}`,
    ];
  return [`${place}: ${issue.message}`];
}

/** Keys that the schema knows at a place. */
function keysAt(path: readonly PropertyKey[]): string[] {
  let schema: unknown = importMapSchema;
  for (const key of path) {
    schema = unwrapped(schema);
    const { shape, element, valueType } = schema as Record<string, unknown> & {
      shape?: Record<string, unknown>;
    };
    schema = shape?.[String(key)] ?? element ?? valueType;
  }
  return Object.keys((unwrapped(schema) as { shape?: object } | undefined)?.shape ?? {});
}

/** Without the layers of defaults and optional keys. */
function unwrapped(schema: unknown): unknown {
  let inner = schema as { unwrap?: () => unknown; shape?: object; element?: unknown } | undefined;
  while (inner?.unwrap !== undefined && inner.shape === undefined && inner.element === undefined)
    inner = inner.unwrap() as typeof inner;
  return inner;
}

function at(raw: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) => (value as Record<PropertyKey, unknown> | undefined)?.[key],
    raw,
  );
}
