import { issueText, nearest } from '@hemline/core';
import { isMap, isScalar, LineCounter, parseDocument, visit, type Document, type Node } from 'yaml';
import type { z } from 'zod';
import { findContradictions } from './contradictions.ts';
import { limitsError, type LimitProblem } from './limit-problem.ts';
import {
  articleLimitSchema,
  businessLimitSchema,
  limitsFileSchema,
  type ArticleLimit,
  type BusinessLimit,
  type PricingLimits,
} from './limits-schema.ts';
import { nameOfArticleLimit, nameOfBusinessLimit } from './limit-names.ts';

type Path = readonly PropertyKey[];

/**
 * Reads a file of limits, YAML or JSON.
 * @param text of it
 * @param file its path, for messages
 * @returns the limits, each with its line
 * @throws ConfigurationError that lists every wrong line, and limits that contradict themselves or each other
 */
export function parseLimits(text: string, file: string): PricingLimits {
  const lines = new LineCounter();
  const document = parseDocument(text, { lineCounter: lines, prettyErrors: false });
  const broken = document.errors.map(({ message, pos }): LimitProblem => ({
    line: lines.linePos(pos[0]).line,
    text: firstLine(message),
  }));
  // One bracket that is missing is told in several ways.
  const distinct = [...new Map(broken.map((each) => [`${each.line} ${each.text}`, each])).values()];
  if (broken.length > 0) throw limitsError(file, distinct);
  keepTextOfSelections(document);
  const lineOf = (path: Path): number => lines.linePos(startOf(document, path)).line;
  // An empty file is one without limits.
  const raw: unknown = document.toJS() ?? {};
  const parsed = limitsFileSchema.safeParse(raw);
  const wrong = parsed.error?.issues.flatMap((issue) => problemsOf(issue, document, lines)) ?? [];
  // Where some limits are wrong, the others are looked at all the same: nobody is told of one fault after the other.
  const limits: PricingLimits = {
    file,
    articles: readable(raw, 'articles', articleLimitSchema).map(([limit, i]): ArticleLimit => ({
      ...limit,
      name: limit.name ?? nameOfArticleLimit(limit),
      line: lineOf(['articles', i]),
    })),
    business: readable(raw, 'business', businessLimitSchema).map(([limit, i]): BusinessLimit => ({
      ...limit,
      name: limit.name ?? nameOfBusinessLimit(limit),
      line: lineOf(['business', i]),
    })),
  };
  const problems = [...wrong, ...sameNames(raw, lineOf), ...findContradictions(limits)];
  if (problems.length > 0)
    throw limitsError(
      file,
      problems.toSorted((one, other) => one.line - other.line),
    );
  return limits;
}

/** Limits of a list that are right by themselves, each with its place in the list. */
function readable<S extends z.ZodType>(raw: unknown, list: string, schema: S): [z.output<S>, number][] {
  const all = (raw as Record<string, unknown>)[list];
  return (Array.isArray(all) ? all : []).flatMap((limit, i): [z.output<S>, number][] => {
    const { success, data } = schema.safeParse(limit);
    return success ? [[data, i]] : [];
  });
}

/** A limit is told by its name: two of one name could not be told apart. */
function sameNames(raw: unknown, lineOf: (path: Path) => number): LimitProblem[] {
  const lines = new Map<string, number>();
  return ['articles', 'business'].flatMap((list) => {
    const all = (raw as Record<string, unknown>)[list];
    return (Array.isArray(all) ? all : []).flatMap((limit: unknown, i): LimitProblem[] => {
      const { name } = (limit ?? {}) as { name?: unknown };
      if (typeof name !== 'string') return [];
      const line = lineOf([list, i, 'name']);
      const before = lines.get(name);
      if (before === undefined) lines.set(name, line);
      return before === undefined
        ? []
        : [{ line, text: `name: line ${before} has the name ${name} already: give each limit its own` }];
    });
  });
}

/** A group 007 is meant as it stands, not as the number 7. */
function keepTextOfSelections(document: Document): void {
  visit(document, {
    Pair(_, pair) {
      if (!isScalar(pair.key) || pair.key.value !== 'where' || !isMap(pair.value)) return;
      visit(pair.value, {
        Scalar(_key, node) {
          if (typeof node.value !== 'string' && node.value !== null && node.source !== undefined)
            node.value = node.source;
        },
      });
      return visit.SKIP;
    },
  });
}

function problemsOf(issue: z.core.$ZodIssue, document: Document, lines: LineCounter): LimitProblem[] {
  const place = placeText(issue.path);
  if (issue.code === 'unrecognized_keys')
    return issue.keys.map((key) => ({
      line: lines.linePos(keyStart(document, issue.path, key)).line,
      text: `${place}unknown key ${key}${didYouMean(key, knownKeys(issue.path))}`,
    }));
  return [
    {
      line: lines.linePos(startOf(document, issue.path)).line,
      text: `${place}${typeText(issue, document) ?? issueText(issue.message)}`,
    },
  ];
}

/** Of a value of another type, what stands there: `1,000` is text, and no number. */
function typeText(issue: z.core.$ZodIssue, document: Document): string | null {
  if (issue.code !== 'invalid_type') return null;
  if (issue.path.length === 0) return 'expected articles: or business:, and below it a list of limits';
  const value: unknown = document.getIn(issue.path);
  if (issue.expected !== 'number' || typeof value !== 'string') return null;
  const isGrouped = /^-?\d{1,3}(,\d{3})+(\.\d+)?$/.test(value);
  const isPercent = /^-?[\d.]+ ?%$/.test(value);
  return `expected a number, found the text ${value}${
    isGrouped
      ? ': write it without commas between thousands'
      : isPercent
        ? ': write a fraction, such as 0.2 for 20 %'
        : ''
  }`;
}

function knownKeys([list, ...rest]: Path): string[] {
  const setting = rest[1];
  if (list === undefined) return Object.keys(limitsFileSchema.shape);
  if (setting === 'weeks') return ['from', 'until'];
  if (setting === 'floor') return ['price', 'column', 'factor'];
  return Object.keys((list === 'articles' ? articleLimitSchema : businessLimitSchema).shape);
}

function didYouMean(key: string, known: readonly string[]): string {
  const close = nearest(key, known);
  return close === undefined ? ` (there are ${known.join(', ')})` : `, did you mean ${close}?`;
}

/** `maximum: `, without the place of the limit in its list: the line tells that. */
function placeText(path: Path): string {
  const inner = path.slice(typeof path[1] === 'number' ? 2 : 0).map(String);
  return inner.length === 0 ? '' : `${inner.join('.')}: `;
}

/** Where a value begins; of one that is missing, where what should hold it does. */
function startOf(document: Document, path: Path): number {
  for (let length = path.length; length > 0; length--) {
    const parent =
      length === 1 ? document.contents : (document.getIn(path.slice(0, length - 1), true) as Node);
    const key = path[length - 1]!;
    // The line of a setting is that of its name: a list may begin on the next.
    if (isMap(parent) && document.hasIn(path.slice(0, length)))
      return keyStart(document, path.slice(0, length - 1), String(key));
    const node = document.getIn(path.slice(0, length), true) as Node | undefined;
    const range = node?.range ?? null;
    if (range !== null) return range[0];
  }
  return document.contents?.range?.[0] ?? 0;
}

function keyStart(document: Document, path: Path, key: string): number {
  const node = path.length === 0 ? document.contents : document.getIn(path, true);
  if (isMap(node))
    for (const pair of node.items)
      if (isScalar(pair.key) && String(pair.key.value) === key) return pair.key.range?.[0] ?? 0;
  return 0;
}

function firstLine(message: string): string {
  return message.split('\n')[0]!;
}
