/**
 * Growth of the error, as a fraction, that a model which answers to the price is allowed over one that does not. A model that says the same demand at
 * every discount finds the list price, whatever is sold: its smaller error chooses between no discounts, so that it is worth nothing here. But a
 * model whose level of demand is far off plans stock that is not there. A quarter is what a workflow tells of as a drift of a model
 * (`errorDrift`): more is not noise between two models on the same weeks. It was not fitted to anything.
 */
export const PLAINLY_WORSE = 0.25;

/** A model that has forecast demand. */
export interface DemandCandidate {
  readonly model: string;
  /** Of its version, on weeks that it had not seen; null: not known. */
  readonly error: number | null;
}

/** Which model of demand prices, and why it is not the one that errs least, or what speaks against it. */
export interface DemandChoice<T extends DemandCandidate> {
  readonly chosen: T;
  /** For people; null: it errs least, and answers to the price. */
  readonly reason: string | null;
}

/**
 * @param models with errors
 * @returns the same, that which errs least first; names settle what is equal, so that every start takes the same
 */
export function byError<T extends DemandCandidate>(models: readonly T[]): T[] {
  const of = ({ error }: DemandCandidate): number =>
    error === null || Number.isNaN(error) ? Infinity : error;
  return models.toSorted((a, b) => {
    const [x, y] = [of(a), of(b)];
    return x === y ? (a.model < b.model ? -1 : 1) : x - y;
  });
}

/**
 * Of the models that forecast demand the one that errs least, unless it does not answer to the price: then the best of those that do, where it does not
 * err by more than {@link PLAINLY_WORSE} more.
 * @param models at least one
 * @param responds whether a forecast is another at another discount; asked of as few as it takes
 * @returns the choice
 */
export async function chooseDemand<T extends DemandCandidate>(
  models: readonly T[],
  responds: (model: T) => Promise<boolean>,
): Promise<DemandChoice<T>> {
  const [best, ...others] = byError(models) as [T, ...T[]];
  if (await responds(best)) return { chosen: best, reason: null };
  let other: T | undefined;
  // In their order: those after the first that answers err more.
  for (const each of others) if (other === undefined && (await responds(each))) other = each;
  if (other !== undefined && isNear(best, other))
    return {
      chosen: other,
      reason: `prices are found by ${told(other)}: ${told(best)} errs less, but says the same demand at every discount, by which no discount earns anything`,
    };
  const flat = `prices are found by ${told(best)}, which says the same demand at every discount: by it no discount earns anything`;
  const worse = Math.round(100 * PLAINLY_WORSE);
  return {
    chosen: best,
    reason:
      other === undefined
        ? flat
        : `${flat}; ${told(other)} answers to the price, but errs by more than ${worse} % more (hemline price --model takes it all the same)`,
  };
}

/** What is not known of one may be anything; of both, neither is known to be worse. */
function isNear({ error: best }: DemandCandidate, { error }: DemandCandidate): boolean {
  if (best === null) return true;
  return error !== null && error <= best * (1 + PLAINLY_WORSE);
}

function told({ model, error }: DemandCandidate): string {
  return error === null ? `${model} (not scored)` : `${model} (error ${error.toPrecision(3)})`;
}
