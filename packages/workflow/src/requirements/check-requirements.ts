import { standardErrorOf } from '../functions/main-metric.ts';
import type { Requirements } from './requirements.ts';

/** Metrics by name. */
type Metrics = Readonly<Record<string, number>>;

/** Scores on the same weeks, which none of the models had seen. */
export interface RequirementScores {
  readonly candidate: Metrics;
  /** Of the model that `betterThan` names. */
  readonly baseline?: Metrics;
  /** Of the approved version; undefined when there is none yet. */
  readonly approved?: Metrics;
  /** Whether the forecasts were found monotone in the discount; undefined when nobody looked. */
  readonly monotone?: boolean;
}

/** Whether a candidate may be approved, and why not. */
export interface RequirementVerdict {
  readonly passed: boolean;
  /** A sentence for each requirement that is not met; empty when all are. */
  readonly reasons: readonly string[];
}

/** One requirement, and what came of it. */
export interface RequirementCheck {
  readonly requirement: keyof Requirements | 'anyMetric';
  /** The metric that is judged; null of what is none. */
  readonly metric: string | null;
  /** What is asked for, in words. */
  readonly limit: string;
  /** The candidate's; null where it has none that is a number. */
  readonly value: number | null;
  /** Null where nothing is asked yet: without an approved version, a candidate has none to be compared with. */
  readonly met: boolean | null;
  /** Why it is not met, each in a sentence. */
  readonly reasons: readonly string[];
}

/**
 * Checks a candidate against its requirements. A metric that a requirement names and that is missing, NaN or infinite, of
 * the candidate or of whom it is compared with, does not pass; nor does a candidate without any finite metric. The one thing
 * that may be absent is an approved version: the first candidate has none to be compared with.
 * @param requirements of the model
 * @param scores of candidate, baseline and approved version
 * @returns verdict with all reasons
 */
export function checkRequirements(requirements: Requirements, scores: RequirementScores): RequirementVerdict {
  const checks = requirementChecks(requirements, scores);
  const reasons = [...new Set(checks.flatMap((check) => check.reasons))];
  return { passed: reasons.length === 0, reasons };
}

/**
 * Every requirement by itself, as {@link checkRequirements} judges it.
 * @param requirements of the model
 * @param scores of candidate, baseline and approved version
 * @returns what is asked, what there is, and whether that is enough
 */
export function requirementChecks(requirements: Requirements, scores: RequirementScores): RequirementCheck[] {
  const { maximum = {}, bias, betterThan, monotone, approvedTolerance } = requirements;
  return [
    anyMetric(scores),
    ...Object.entries(maximum).map(([metric, limit]) =>
      metricCheck('maximum', metric, `at most ${show(limit)}`, scores, (value) => value <= limit),
    ),
    ...(bias === undefined ? [] : [biasCheck(bias, scores)]),
    ...(betterThan === undefined ? [] : [betterCheck(betterThan, scores)]),
    ...(monotone === true ? [monotoneCheck(scores)] : []),
    ...(approvedTolerance === undefined ? [] : [toleranceCheck(approvedTolerance, scores)]),
  ];
}

function anyMetric({ candidate }: RequirementScores): RequirementCheck {
  const met = Object.values(candidate).some(Number.isFinite);
  return {
    ...{ requirement: 'anyMetric', metric: null, limit: 'a metric that is a number', value: null, met },
    reasons: met ? [] : ['the candidate has no metric that is a number'],
  };
}

function biasCheck(
  { metric, least, most }: NonNullable<Requirements['bias']>,
  scores: RequirementScores,
): RequirementCheck {
  const limit = `from ${show(least)} to ${show(most)}`;
  return metricCheck('bias', metric, limit, scores, (value) => value >= least && value <= most);
}

function betterCheck(
  { model, metric, factor = 1 }: NonNullable<Requirements['betterThan']>,
  scores: RequirementScores,
): RequirementCheck {
  const other = finite(scores.baseline ?? {}, metric, model);
  const whose = `${factor === 1 ? '' : `${show(factor)} times `}that of ${model}`;
  if (typeof other === 'string') return incomparable('betterThan', metric, `below ${whose}`, other, scores);
  return metricCheck(
    'betterThan',
    metric,
    `below ${show(factor * other)}`,
    scores,
    (value) => value < factor * other,
    `: ${whose}`,
  );
}

function monotoneCheck({ candidate, monotone }: RequirementScores): RequirementCheck {
  const metric = 'monotoneViolations';
  const violations = finite(candidate, metric, 'the candidate');
  const reason =
    monotone === false
      ? 'the forecasts are not monotone in the discount'
      : 'nobody has checked that the forecasts are monotone in the discount';
  return {
    ...{ requirement: 'monotone', metric, limit: 'none: demand never falls as the discount rises' },
    value: typeof violations === 'string' ? null : violations,
    ...{ met: monotone === true, reasons: monotone === true ? [] : [reason] },
  };
}

function toleranceCheck(
  { metric, relative, standardErrors = 0 }: NonNullable<Requirements['approvedTolerance']>,
  scores: RequirementScores,
): RequirementCheck {
  const { candidate, approved } = scores;
  const more = `at most ${show(100 * relative)} % more`;
  if (approved === undefined) {
    const value = finite(candidate, metric, 'the candidate');
    return {
      ...{
        requirement: 'approvedTolerance',
        metric,
        limit: `${more} than the approved version, once there is one`,
      },
      ...{ value: typeof value === 'string' ? null : value, met: null, reasons: [] },
    };
  }
  const other = finite(approved, metric, 'the approved version');
  if (typeof other === 'string')
    return incomparable('approvedTolerance', metric, `${more} than the approved version`, other, scores);
  const tolerated = relative * Math.abs(other);
  const noise = standardErrors * differenceError(candidate, approved, metric);
  const most = other + Math.max(tolerated, noise);
  const check = metricCheck(
    'approvedTolerance',
    metric,
    `at most ${show(most)}`,
    scores,
    (value) => value <= most,
  );
  if (check.value === null) return check;
  const orNoise = noise > 0 ? `, or ${show(noise)} more, which is noise` : '';
  const reason = `${metric} is ${show(check.value)}, the approved version has ${show(other)}: ${more} is required${orNoise}`;
  return {
    ...check,
    limit: `at most ${show(most)}: ${more} than the ${show(other)} of the approved version${orNoise}`,
    reasons: check.met === true ? [] : [reason],
  };
}

/**
 * @param metrics of an evaluation
 * @returns whether its forecasts were monotone in the discount; undefined where it did not look: a quantity without a discount
 */
export function monotoneOf(metrics: Readonly<Record<string, number | null>>): boolean | undefined {
  const violations = metrics['monotoneViolations'];
  return violations === undefined ? undefined : violations === 0;
}

/** Of a metric of the candidate alone. */
function metricCheck(
  requirement: RequirementCheck['requirement'],
  metric: string,
  limit: string,
  { candidate }: RequirementScores,
  isMet: (value: number) => boolean,
  explanation = '',
): RequirementCheck {
  const value = finite(candidate, metric, 'the candidate');
  const about = { requirement, metric, limit: `${limit}${explanation}` };
  if (typeof value === 'string') return { ...about, value: null, met: false, reasons: [value] };
  const met = isMet(value);
  const reason = `${metric} is ${show(value)}, ${limit} is required${explanation}`;
  return { ...about, value, met, reasons: met ? [] : [reason] };
}

/** Where whom the candidate is compared with has no such number. */
function incomparable(
  requirement: RequirementCheck['requirement'],
  metric: string,
  limit: string,
  reason: string,
  { candidate }: RequirementScores,
): RequirementCheck {
  const value = finite(candidate, metric, 'the candidate');
  const about = { requirement, metric, limit, met: false };
  return typeof value === 'string'
    ? { ...about, value: null, reasons: [value, reason] }
    : { ...about, value, reasons: [reason] };
}

/** The metric, or why there is none. */
function finite(metrics: Metrics, name: string, whose: string): number | string {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (value !== undefined && Number.isFinite(value)) return value;
  return value === undefined ? `${whose} has no metric ${name}` : `${name} of ${whose} is ${value}`;
}

/**
 * The standard error of the difference of two scores, as if their rows were independent. They are scored on windows that overlap, and
 * their errors rise and fall together, so that this is too large rather than too small. Versions of before standard errors were kept
 * have none: then the tolerance decides alone.
 */
function differenceError(candidate: Metrics, approved: Metrics, metric: string): number {
  const of = (metrics: Metrics): number => metrics[standardErrorOf(metric)] ?? NaN;
  const error = Math.hypot(of(candidate), of(approved));
  return Number.isFinite(error) ? error : 0;
}

/** Enough digits to see which side of a limit a value lies on. */
function show(value: number): string {
  return String(Number(value.toPrecision(6)));
}
