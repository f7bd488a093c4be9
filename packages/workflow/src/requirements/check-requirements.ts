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

/**
 * Checks a candidate against its requirements. A metric that a requirement names and that is missing, NaN or infinite, of
 * the candidate or of whom it is compared with, does not pass; nor does a candidate without any finite metric. The one thing
 * that may be absent is an approved version: the first candidate has none to be compared with.
 * @param requirements of the model
 * @param scores of candidate, baseline and approved version
 * @returns verdict with all reasons
 */
export function checkRequirements(requirements: Requirements, scores: RequirementScores): RequirementVerdict {
  const { candidate, baseline, approved } = scores;
  const { maximum = {}, bias, betterThan, monotone, approvedTolerance } = requirements;
  const reasons = new Set<string>();
  if (!Object.values(candidate).some(Number.isFinite))
    reasons.add('the candidate has no metric that is a number');

  for (const [name, limit] of Object.entries(maximum)) {
    const value = finite(candidate, name, 'the candidate', reasons);
    if (value !== null && !(value <= limit))
      reasons.add(`${name} is ${show(value)}, at most ${show(limit)} is required`);
  }
  if (bias !== undefined) {
    const { metric, least, most } = bias;
    const value = finite(candidate, metric, 'the candidate', reasons);
    if (value !== null && !(value >= least && value <= most))
      reasons.add(`${metric} is ${show(value)}, from ${show(least)} to ${show(most)} is required`);
  }
  if (betterThan !== undefined) {
    const { model, metric, factor = 1 } = betterThan;
    const value = finite(candidate, metric, 'the candidate', reasons);
    const other = finite(baseline ?? {}, metric, model, reasons);
    if (value !== null && other !== null && !(value < factor * other))
      reasons.add(
        `${metric} is ${show(value)}, below ${show(factor * other)} is required: ${factor === 1 ? '' : `${show(factor)} times `}that of ${model}`,
      );
  }
  if (monotone === true && scores.monotone !== true)
    reasons.add(
      scores.monotone === false
        ? 'the forecasts are not monotone in the discount'
        : 'nobody has checked that the forecasts are monotone in the discount',
    );
  if (approvedTolerance !== undefined && approved !== undefined) {
    const { metric, relative, standardErrors = 0 } = approvedTolerance;
    const value = finite(candidate, metric, 'the candidate', reasons);
    const other = finite(approved, metric, 'the approved version', reasons);
    if (value !== null && other !== null) {
      const tolerated = relative * Math.abs(other);
      const noise = standardErrors * differenceError(candidate, approved, metric);
      if (!(value <= other + Math.max(tolerated, noise)))
        reasons.add(
          `${metric} is ${show(value)}, the approved version has ${show(other)}: at most ${show(100 * relative)} % more is required` +
            (noise > 0 ? `, or ${show(noise)} more, which is noise` : ''),
        );
    }
  }
  return { passed: reasons.size === 0, reasons: [...reasons] };
}

/** The metric, or null with the reason told. */
function finite(metrics: Metrics, name: string, whose: string, reasons: Set<string>): number | null {
  const value = Object.hasOwn(metrics, name) ? metrics[name] : undefined;
  if (value !== undefined && Number.isFinite(value)) return value;
  reasons.add(value === undefined ? `${whose} has no metric ${name}` : `${name} of ${whose} is ${value}`);
  return null;
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
