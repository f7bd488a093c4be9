import { showPercent } from '../page/numbers.ts';
import type { ReportModel } from '../source/report-source.ts';

/** Why the forecasts of a version are not taken. */
export interface Unfit {
  /** Whether a person knows of it, and approved the version all the same. */
  readonly isKnown: boolean;
  readonly text: string;
}

/**
 * What is wrong with the version that forecast: somebody has refused it since, or its curves fall.
 * @param model with the version that forecast
 * @param run that forecast
 * @returns what is wrong; null where nothing is
 */
export function unfit({ model, forecastBy, evaluation }: ReportModel, run: string): Unfit | null {
  if (forecastBy === null) return null;
  const name = nameOf(model, forecastBy.version);
  const { registered, trainedBy } = forecastBy;
  const decision = registered?.decision;
  if (decision?.status === 'rejected')
    return { isKnown: false, text: `${name} was rejected by ${decision.by}: ${decision.reason}` };
  // The run's own scores are those of the version that it trained.
  const scores = registered?.metrics ?? (trainedBy === run ? evaluation?.metrics : undefined);
  const falling = scores?.['monotoneViolations'] ?? 0;
  if (!(falling > 0)) return null;
  const share = showPercent(falling, falling < 0.1 ? 1 : 0);
  const text = `${name}: ${share} of its demand curves fall somewhere as the discount rises, as if less were sold the cheaper it gets`;
  return decision !== undefined && decision.by !== 'workflow' && decision.status === 'approved'
    ? { isKnown: true, text: `${text}. ${decision.by} approved it all the same: ${decision.reason}` }
    : { isKnown: false, text: `${text}. No discount may be chosen by them.` };
}

/**
 * @param model name
 * @param version number, where it has one
 * @returns such as `demand-naive version 3`
 */
export function nameOf(model: string, version: number | null): string {
  return version === null ? model : `${model} version ${version}`;
}
