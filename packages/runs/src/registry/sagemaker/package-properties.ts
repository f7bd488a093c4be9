import { z } from 'zod';
import { ConfigurationError, DataError, listing } from '@hemline/core';
import {
  APPROVAL_STATUSES,
  versionFactsSchema,
  type ApprovalDecision,
  type NewVersion,
} from '../model-version.ts';
import { MOST_PROPERTIES, decodeText, encodeText, propertyValue, LONGEST_VALUE } from './property-text.ts';

/** What a model package's metadata says, next to what SageMaker itself keeps. */
export interface PackageFacts {
  readonly artifact: string;
  readonly dataset: string;
  readonly cutoff: string;
  readonly run: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly lineage: Readonly<Record<string, string>>;
  readonly history: readonly ApprovalDecision[];
}

/** Metadata properties, as SageMaker keeps them with a model package. */
export type Properties = Readonly<Record<string, string>>;

const FACTS = ['artifact', 'dataset', 'cutoff', 'run'] as const;
const factsSchema = versionFactsSchema.omit({ model: true, metrics: true, lineage: true });
const HISTORY = /^history\.([0-9T:.-]+Z)\.[0-9a-f]+$/;
/** Decisions that a version has room for, whatever else is kept with it. */
const LEAST_HISTORY = 5;

/**
 * The metadata of a new model package.
 * @param version to register
 * @param decision the first
 * @returns properties
 * @throws ConfigurationError when there are more, or longer ones, than SageMaker takes
 */
export function packageProperties(version: NewVersion, decision: Properties): Properties {
  const properties: Record<string, string> = {};
  for (const name of FACTS) properties[name] = propertyValue(name, version[name]);
  for (const [name, value] of Object.entries(version.metrics)) {
    const key = `metric.${encodeText(name)}`;
    properties[key] = propertyValue(key, String(value));
  }
  for (const [name, value] of Object.entries(version.lineage)) {
    const key = `lineage.${encodeText(name)}`;
    properties[key] = propertyValue(key, value);
  }
  const most = MOST_PROPERTIES - LEAST_HISTORY - FACTS.length;
  const count = Object.keys(properties).length - FACTS.length;
  if (count > most)
    throw new ConfigurationError('SageMaker cannot keep so much with a model version', {
      expected: `at most ${most} metrics and lineage entries together`,
      found: String(count),
      remedy: 'Register the metrics that decide, and keep the others in the run record.',
    });
  return { ...properties, ...decision };
}

/**
 * A decision as a property. Its name has the time and something random: decisions of two at the same time do not replace
 * each other.
 * @param decision to keep; a long reason is cut here, SageMaker keeps that of the last decision whole
 * @param unique some hexadecimal digits
 * @returns one property
 */
export function decisionProperty({ at, status, by, reason }: ApprovalDecision, unique: string): Properties {
  // The first colon ends the name.
  const who = encodeText(by, 80).replaceAll(':', '=3A');
  const head = `${status}@${who}: `;
  return { [`history.${at}.${unique}`]: `${head}${encodeText(reason, LONGEST_VALUE - head.length)}` };
}

/**
 * Which decisions have to go so that one more has room: the oldest but the first.
 * @param properties of the model package
 * @returns names of properties
 */
export function decisionsToDrop(properties: Properties): string[] {
  const excess = Object.keys(properties).length + 1 - MOST_PROPERTIES;
  const [, ...later] = Object.keys(properties)
    .filter((name) => HISTORY.test(name))
    .sort();
  return excess > 0 ? later.slice(0, excess) : [];
}

/**
 * Reads the metadata of a model package.
 * @param properties as SageMaker gives them
 * @param name of the package, for messages
 * @returns the facts, history oldest first
 * @throws DataError when it was not registered by hemline
 */
export function readProperties(properties: Properties, name: string): PackageFacts {
  const text = Object.fromEntries(
    FACTS.filter((fact) => properties[fact] !== undefined).map((fact) => [
      fact,
      decodeText(properties[fact]!),
    ]),
  );
  const facts = factsSchema.safeParse(text);
  const history = Object.keys(properties)
    .filter((key) => HISTORY.test(key))
    .sort()
    .map((key) => readDecision(HISTORY.exec(key)![1]!, properties[key]!));
  if (!facts.success || history.includes(null) || history.length === 0)
    throw new DataError('a model package does not tell what hemline keeps with every version', {
      expected: `the metadata properties ${FACTS.join(', ')} and history`,
      found: listing(Object.keys(properties), 20) || 'none',
      where: { file: name },
      remedy: 'Give models of other origin a group of their own, and register those of hemline with it.',
    });
  const withPrefix = (prefix: string): [string, string][] =>
    Object.entries(properties)
      .filter(([key]) => key.startsWith(prefix))
      .map(([key, value]): [string, string] => [decodeText(key.slice(prefix.length)), decodeText(value)]);
  return {
    ...facts.data,
    metrics: Object.fromEntries(withPrefix('metric.').map(([key, value]) => [key, Number(value)])),
    lineage: Object.fromEntries(withPrefix('lineage.')),
    history: history as ApprovalDecision[],
  };
}

const statusSchema = z.enum(APPROVAL_STATUSES);

function readDecision(at: string, value: string): ApprovalDecision | null {
  const match = /^([a-z]+)@(.*?): (.*)$/.exec(value);
  const status = statusSchema.safeParse(match?.[1]);
  if (match === null || !status.success) return null;
  return { at, status: status.data, by: decodeText(match[2]!), reason: decodeText(match[3]!) };
}
