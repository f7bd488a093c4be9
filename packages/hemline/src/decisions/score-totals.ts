import { isSamePrice, type DecisionLedger } from '@hemline/runs/decisions';

/** How a price came about. `undecided`: nobody approved or overrode the proposal. */
export const DECIDED_AS = ['approved', 'overridden', 'undecided'] as const;
/** One of {@link DECIDED_AS}. */
export type DecidedAs = (typeof DECIDED_AS)[number];

/** What some prices have come to, in the currency of the data. */
export interface DecisionSums {
  readonly prices: number;
  /** Of these, in the shop at the price that was chosen (of those undecided: proposed). */
  readonly followed: number;
  readonly units: number;
  /** Units sold · profit of one at the price in the shop. */
  readonly earned: number;
  /** Forecast of the proposals at the time: what was promised. */
  readonly planned: number;
  /** What the proposals would have earned by the sales. */
  readonly asProposed: number;
  /** Of these, prices that had a discount before which could have been held: what they earned, and would have if it had been. */
  readonly compared: number;
  readonly comparedEarned: number;
  readonly asHeld: number;
  /** Forecast at the time of holding. */
  readonly heldPlanned: number;
}

/** What overrides cost: what the proposals earn more, stock and later weeks included. */
export interface OverrideSums {
  readonly prices: number;
  /** Overrides whose cost is told, at the time by the forecast and after by the sales; and the sums over those with both. */
  readonly costed: number;
  readonly atTheTime: number;
  readonly after: number;
  /** Of those, overrides that earned more than the proposal by the sales. */
  readonly better: number;
}

/** What decisions have earned. Only prices whose proposal can be judged are in the sums; the others are counted. */
export interface DecisionScores {
  readonly all: DecisionSums;
  readonly by: Readonly<Record<DecidedAs, DecisionSums>>;
  readonly overrides: OverrideSums;
  /** Prices that have passed, and that nothing tells the sums of. */
  readonly unjudged: number;
}

/** What one price has come to. */
export interface PassedPrice {
  readonly units: number;
  /** In the shop. */
  readonly discount: number;
  readonly earned: number;
  readonly asProposed: number;
  readonly asHeld: number;
  readonly costAfter: number;
}

type Mutable<T> = { -readonly [K in keyof T]: T[K] };

/** Sums over prices. */
export class ScoreBuilder {
  unjudged = 0;
  readonly #by: Record<DecidedAs, Mutable<DecisionSums>> = {
    ...{ approved: empty(), overridden: empty(), undecided: empty() },
  };
  readonly #overrides: Mutable<OverrideSums> = { prices: 0, costed: 0, atTheTime: 0, after: 0, better: 0 };

  /**
   * @param ledger of all
   * @param cell of the price
   * @param passed what it has come to
   */
  add(ledger: DecisionLedger, cell: number, passed: PassedPrice): void {
    const { amounts, isManual } = ledger.cells;
    const [chosen, recommended] = [amounts.chosen[cell]!, amounts.recommended[cell]!];
    const decided = isManual[cell] === 1 ? 'overridden' : Number.isNaN(chosen) ? 'undecided' : 'approved';
    if (decided === 'overridden') this.#addOverride(amounts.cost[cell]!, passed.costAfter);
    const [planned, heldPlanned] = [amounts.forecastProfit[cell]!, amounts.heldProfit[cell]!];
    const { units, earned, asProposed, asHeld } = passed;
    // One sum over more prices than another would compare what is not the same.
    if ([planned, earned, asProposed].some(Number.isNaN)) {
      this.unjudged++;
      return;
    }
    const sums = this.#by[decided];
    sums.prices++;
    const meant = decided === 'undecided' ? recommended : chosen;
    if (isSamePrice(passed.discount, meant, amounts.listPrice[cell]!)) sums.followed++;
    sums.units += units;
    sums.earned += earned;
    sums.planned += planned;
    sums.asProposed += asProposed;
    if (Number.isNaN(heldPlanned) || Number.isNaN(asHeld)) return;
    sums.compared++;
    sums.comparedEarned += earned;
    sums.asHeld += asHeld;
    sums.heldPlanned += heldPlanned;
  }

  /** @returns the sums */
  finish(): DecisionScores {
    const all = empty();
    for (const sums of Object.values(this.#by))
      for (const name of Object.keys(all) as (keyof DecisionSums)[]) all[name] += sums[name];
    return { all, by: this.#by, overrides: this.#overrides, unjudged: this.unjudged };
  }

  #addOverride(atTheTime: number, after: number): void {
    this.#overrides.prices++;
    if (Number.isNaN(atTheTime) || Number.isNaN(after)) return;
    this.#overrides.costed++;
    this.#overrides.atTheTime += atTheTime;
    this.#overrides.after += after;
    if (after < 0) this.#overrides.better++;
  }
}

function empty(): Mutable<DecisionSums> {
  return {
    ...{ prices: 0, followed: 0, units: 0, earned: 0, planned: 0 },
    ...{ asProposed: 0, compared: 0, comparedEarned: 0, asHeld: 0, heldPlanned: 0 },
  };
}
