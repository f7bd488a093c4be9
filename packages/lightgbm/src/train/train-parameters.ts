import { LightgbmError } from '../lightgbm-error.ts';
import type { ParameterName } from '../parameters/parameter-names.ts';
import type { ResolvedParameters } from '../parameters/parameters.ts';
import type { EarlyStoppingOptions } from './early-stopping.ts';

/** Iterations where nobody says how many. */
const ROUNDS = 100;

/** What a training may be told both by an option and by a parameter. */
interface Told {
  readonly rounds?: number;
  readonly earlyStopping?: EarlyStoppingOptions;
  /** Whether the objective is the caller's. */
  readonly hasObjective: boolean;
}

/** How a training goes. */
export interface TrainingPlan {
  readonly rounds: number;
  readonly earlyStopping: EarlyStoppingOptions | null;
  /** For the library: it does nothing with rounds and stopping but to write them into the model's text, as it does in Python. */
  readonly parameters: ResolvedParameters;
}

/**
 * Settles rounds, stopping and objective, which parameters of LightGBM may say as well: the library leaves these to its callers.
 * @param told options
 * @param parameters of the training and its dataset
 * @returns the plan
 * @throws LightgbmError when both say something, and not the same, or it is no plan
 */
export function planTraining(told: Told, parameters: ResolvedParameters): TrainingPlan {
  const rounds =
    settle('rounds', told.rounds, 'num_iterations', wholeOf(parameters, 'num_iterations')) ?? ROUNDS;
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new LightgbmError('a training needs rounds', {
      expected: 'a whole number of at least 1',
      found: `${rounds}`,
    });
  return {
    rounds,
    earlyStopping: planStopping(told.earlyStopping, parameters),
    parameters: {
      ...parameters,
      ...(told.hasObjective ? { objective: noObjective(parameters) } : {}),
      num_iterations: String(rounds),
    },
  };
}

function planStopping(
  told: EarlyStoppingOptions | undefined,
  parameters: ResolvedParameters,
): EarlyStoppingOptions | null {
  const asked = wholeOf(parameters, 'early_stopping_round');
  const rounds = settle('earlyStopping.rounds', told?.rounds, 'early_stopping_round', asked);
  // As in LightGBM, 0 and less is none.
  if (rounds === undefined || (told === undefined && rounds <= 0)) return null;
  if (!Number.isSafeInteger(rounds) || rounds < 1)
    throw new LightgbmError('early stopping needs rounds', {
      expected: 'a whole number of at least 1',
      found: `${rounds}`,
    });
  const firstMetricOnly = settle(
    'earlyStopping.firstMetricOnly',
    told?.firstMetricOnly,
    'first_metric_only',
    flagOf(parameters, 'first_metric_only'),
  );
  const delta = parameters.early_stopping_min_delta;
  const minimumDelta = settle(
    'earlyStopping.minimumDelta',
    told?.minimumDelta,
    'early_stopping_min_delta',
    delta === undefined ? undefined : Number(delta),
  );
  if (minimumDelta !== undefined && !(minimumDelta >= 0))
    throw new LightgbmError('an improvement cannot be asked to be negative', {
      expected: 'early_stopping_min_delta of at least 0',
      found: `${minimumDelta}`,
    });
  if (parameters.boosting?.toLowerCase() === 'dart')
    throw new LightgbmError('dart cannot stop early', {
      expected: 'another boosting, or no early stopping',
      found: `boosting=dart with ${rounds} rounds of stopping`,
      remedy:
        'It changes earlier trees as it goes on, so that the first ones alone are not the model that was best.',
    });
  return { rounds, firstMetricOnly: firstMetricOnly ?? false, minimumDelta: minimumDelta ?? 0 };
}

/** An option and a parameter may both be given where they agree. */
function settle<T extends number | boolean>(
  option: string,
  told: T | undefined,
  parameter: ParameterName,
  asked: T | undefined,
): T | undefined {
  if (told !== undefined && asked !== undefined && told !== asked)
    throw new LightgbmError(`${option} and the parameter ${parameter} say two things`, {
      expected: 'one of them, or the same',
      found: `${told} and ${asked}`,
    });
  return told ?? asked;
}

function wholeOf(parameters: ResolvedParameters, name: ParameterName): number | undefined {
  const text = parameters[name];
  if (text === undefined) return undefined;
  const value = Number(text);
  if (Number.isSafeInteger(value)) return value;
  throw new LightgbmError(`the parameter ${name} is no count`, { expected: 'a whole number', found: text });
}

function flagOf(parameters: ResolvedParameters, name: ParameterName): boolean | undefined {
  const text = parameters[name]?.toLowerCase();
  if (text === undefined) return undefined;
  if (text === 'true' || text === '+') return true;
  if (text === 'false' || text === '-') return false;
  throw new LightgbmError(`the parameter ${name} is no flag`, { expected: 'true or false', found: text });
}

/** The library's words for an objective of the caller's. */
const NO_OBJECTIVE = ['none', 'null', 'custom', 'na'];

function noObjective({ objective = 'none' }: ResolvedParameters): string {
  if (NO_OBJECTIVE.includes(objective.toLowerCase())) return objective;
  throw new LightgbmError('there are two objectives', {
    expected: '`objective` or the parameter',
    found: `both, the parameter being objective=${objective}`,
  });
}
