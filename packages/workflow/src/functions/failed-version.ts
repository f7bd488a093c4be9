import { failureReason } from './failure-reason.ts';
import { isFinalFailure } from './final-failure.ts';
import type { BranchOutcome, Failure, PlannedVersion } from './state.ts';
import type { StepServices } from './step-services.ts';

/** A forecast that the chosen version failed to make. */
export interface FailedForecast {
  readonly failure: Failure;
  /** What the stand-in's job gave; missing where it failed too. */
  readonly standIn?: unknown;
}

/**
 * @param outcome of a model's branch
 * @returns the forecast that another version was asked for instead, whatever its step is called; null where none was
 */
export function failedForecast(outcome: BranchOutcome): FailedForecast | null {
  const results = Object.entries(outcome).flatMap(([name, value]) =>
    /^level\d+$/.test(name) ? Object.values(value as object) : [value],
  );
  const found = results.find((each) => typeof each === 'object' && each !== null && 'failure' in each);
  return (found as FailedForecast | undefined) ?? null;
}

/** What became of the approval of a version that failed. */
export interface Withdrawal {
  readonly rejected: boolean;
  /** For people. */
  readonly text: string;
}

/**
 * Takes the approval from a version that failed where the one before it did not, on the same data: whoever forecasts next would be given
 * it again. A failure that may pass, for want of machines or because the job was killed, takes nothing.
 * @param version that failed
 * @param failure of its job
 * @param standIn version that did what it could not
 * @param run that both were of
 * @param services of the place
 * @returns whether it is rejected, and what to say
 */
export async function withdraw(
  version: PlannedVersion,
  failure: Failure,
  standIn: PlannedVersion,
  run: string,
  { registry }: StepServices,
): Promise<Withdrawal> {
  const { model, version: number } = version;
  if (!isFinalFailure(failure))
    return { rejected: false, text: `The failure may pass: version ${number} stays approved` };
  try {
    // It may have been decided about meanwhile, by a person or by an attempt of this step whose answer nobody saw.
    let now = await registry.get(model, number);
    if (now.status === 'approved')
      now = await registry.setStatus(model, number, {
        status: 'rejected',
        reason: `it failed to forecast in run ${run}, where version ${standIn.version} did not: ${failureReason(failure)}`,
        by: 'workflow',
      });
    if (now.status !== 'rejected') return { rejected: false, text: `Version ${number} is ${now.status}` };
    return {
      rejected: true,
      text: `Version ${number} is rejected. Improve the model, or approve it by hand: hemline models approve ${model} ${number} --reason …`,
    };
  } catch (error) {
    // The forecasts are there, and a run must not be lost over what a person can do by hand.
    return {
      rejected: false,
      text: `Version ${number} could not be rejected (${(error as Error).message}) and forecasts again next time unless it is: hemline models reject ${model} ${number} --reason …`,
    };
  }
}
