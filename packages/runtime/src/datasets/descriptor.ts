import { readFile } from 'node:fs/promises';
import { z } from 'zod';
import { WEEK_STARTS } from './convert-date.ts';
import { DescriptorError, TABLES, issueText, nearest, type TableName } from '@hemline/core';

const names = z.array(z.string().min(1)).default([]);

const tableSchema = z.strictObject({
  /** Relative to the dataset's folder; the default name where it is not given. */
  path: z.string().min(1).optional(),
  /** Role → the owner's column. */
  columns: z.record(z.string(), z.string().min(1)).default({}),
  staticCovariates: names,
  pastCovariates: names,
  futureCovariates: names,
  /** A week without a row within a series: a mistake, a week of which nothing is known, or one in which nothing was sold. */
  missingWeeks: z.enum(['error', 'unobserved', 'zero']).default('error'),
  /** What a price above the black price means: a mistake, no discount, or a black price that is too low. */
  pricesAbove: z.enum(['error', 'undiscounted', 'raise-black-price']).default('error'),
  /** What sales below zero mean: a mistake, no sale, or an unknown number of them. */
  netSales: z.enum(['error', 'zero', 'missing']).default('error'),
  /** What a price or list price of 0 means: a mistake, or a week in which the article was not on sale. */
  gifts: z.enum(['error', 'missing']).default('error'),
  /** Black prices from prices, where no column has them: the highest of so many weeks. */
  blackPrice: z
    .strictObject({ from: z.literal('maximum'), weeks: z.int().min(1).max(104).default(13) })
    .optional(),
  /** With weeks of no sale: the week from which the table is whole; by default the first one with a row that has a demand. */
  firstWeek: z.iso.date('a date such as 2024-07-22').optional(),
  /** With weeks of no sale: the week up to which the table is whole; by default the last one with a row that has a demand. */
  lastWeek: z.iso.date('a date such as 2024-07-22').optional(),
  /** Zone in which points in time that stand for dates are midnight, such as Europe/Berlin. */
  timeZone: z.string().min(1).optional(),
  /** Days by which dates are moved, before they are moved back to the weekday on which weeks begin. */
  weekShift: z.int().min(-6).max(6).optional(),
  /** Weekday on which weeks begin: dates are moved back to it. */
  weekStart: z.enum(WEEK_STARTS).optional(),
});

const descriptorSchema = z.strictObject({
  $schema: z.string().optional(),
  name: z.string().min(1),
  description: z.string().optional(),
  tables: z.record(z.string(), tableSchema).default({}),
});

/** How one table of a dataset is described. */
export type TableDescriptor = z.output<typeof tableSchema>;

/** A parsed `dataset.json`. */
export interface DatasetDescriptor {
  readonly name: string;
  readonly tables: Readonly<Partial<Record<TableName, TableDescriptor>>>;
}

/** What a table has that no descriptor mentions. */
export const DEFAULT_TABLE: TableDescriptor = tableSchema.parse({});

/**
 * Reads and checks a descriptor.
 * @param file path of a `dataset.json`
 * @returns what it says
 * @throws DescriptorError that names everything wrong with it, and what was probably meant
 */
export async function readDescriptor(file: string): Promise<DatasetDescriptor> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw new DescriptorError('the descriptor cannot be read', {
      found: (cause as Error).message,
      where: { file },
      remedy: 'Check the path.',
      cause,
    });
  }
  return parseDescriptor(text, file);
}

/**
 * Checks a descriptor.
 * @param text of a `dataset.json`
 * @param file for messages
 * @returns what it says
 * @throws DescriptorError that names everything wrong with it, and what was probably meant
 */
export function parseDescriptor(text: string, file: string): DatasetDescriptor {
  let raw: unknown;
  try {
    raw = JSON.parse(text);
  } catch (cause) {
    throw new DescriptorError('the descriptor is no JSON', {
      found: (cause as Error).message,
      where: { file },
      cause,
    });
  }
  const parsed = descriptorSchema.safeParse(raw);
  const problems = parsed.success
    ? [...unknownNames(parsed.data.tables), ...misplacedSettings(parsed.data.tables)]
    : parsed.error.issues.map((issue) => describeIssue(issue));
  if (!parsed.success || problems.length > 0) {
    throw new DescriptorError('the descriptor is not valid', {
      found: problems.join('; '),
      where: { file },
      remedy: 'Correct these; packages/runtime/README.md lists what a descriptor may say.',
    });
  }
  return { name: parsed.data.name, tables: parsed.data.tables };
}

/** Tables and roles are names of the vocabulary: checked apart, so that a typo is answered with what was meant. */
function unknownNames(tables: Readonly<Record<string, TableDescriptor>>): string[] {
  return Object.entries(tables).flatMap(([table, { columns }]) => {
    const definition = TABLES[table as TableName] as (typeof TABLES)[TableName] | undefined;
    if (definition === undefined)
      return [`tables.${table}: there is no such table${didYouMean(table, Object.keys(TABLES))}`];
    const roles = definition.roles.map((role) => role.name);
    return Object.keys(columns)
      .filter((role) => !roles.includes(role))
      .map((role) => `tables.${table}.columns.${role}: there is no such role${didYouMean(role, roles)}`);
  });
}

/** Settings of the weekly table alone: elsewhere they would be heeded by nobody. */
const WEEKLY_ONLY = [
  ...(['missingWeeks', 'firstWeek', 'lastWeek', 'pricesAbove', 'netSales', 'gifts', 'blackPrice'] as const),
];

function misplacedSettings(tables: Readonly<Record<string, TableDescriptor>>): string[] {
  return Object.entries(tables).flatMap(([table, settings]) =>
    table === 'weekly'
      ? []
      : WEEKLY_ONLY.filter((key) => settings[key] !== DEFAULT_TABLE[key]).map(
          (key) => `tables.${table}.${key}: of weekly alone`,
        ),
  );
}

function describeIssue(issue: z.core.$ZodIssue): string {
  const place = issue.path.length === 0 ? 'the descriptor' : issue.path.join('.');
  if (issue.code === 'unrecognized_keys') {
    const known = Object.keys(issue.path.length === 0 ? descriptorSchema.shape : tableSchema.shape);
    return issue.keys.map((key) => `${place}: unknown key ${key}${didYouMean(key, known)}`).join('; ');
  }
  return `${place}: ${issueText(issue.message)}`;
}

function didYouMean(name: string, candidates: readonly string[]): string {
  const close = nearest(name, candidates);
  return close === undefined ? ` (there are ${candidates.join(', ')})` : `, did you mean ${close}?`;
}
