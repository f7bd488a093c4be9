import { ConflictError } from '@hemline/core';
import { DecisionStore, type WeekRange } from '@hemline/runs/decisions';
import type { Store } from '@hemline/stores';
import { claimPricing, readOrigin } from './claim-pricing.ts';
import type { PricingOrigin } from './pricing-origin.ts';
import { standingOverrides, type StandingOverrides } from './standing-overrides.ts';

/** What is claimed, and whose decisions count. */
export interface DecisionsClaim {
  /** Place of the store of decisions; null: none are heeded. */
  readonly decisions: string | null;
  /** Whose forecasts are priced. */
  readonly run: string;
  /** Weeks that are priced. */
  readonly weeks: WeekRange;
  /** Told how many segments of decisions came after this pricing began. */
  readonly onLater: (count: number) => void;
  /** @returns what recommendations follow from, with what people have fixed */
  originOf(overrides: StandingOverrides | null): PricingOrigin;
}

/** What is priced from. */
export interface ClaimedPricing {
  readonly origin: PricingOrigin;
  /** Null: none are heeded. */
  readonly overrides: StandingOverrides | null;
  /** Whether an earlier start, or another host, has claimed the same before. */
  readonly isClaimed: boolean;
}

/**
 * Claims an output, and reads what people have fixed as it stood when the first start or host claimed it: whoever decides in between changes
 * nothing, so that all hosts and all starts price the same.
 * @param output of the recommendations
 * @param claim what is claimed
 * @returns what is priced from
 * @throws ConflictError when another optimiser has priced there from other inputs
 */
export async function claimWithDecisions(output: Store, claim: DecisionsClaim): Promise<ClaimedPricing> {
  for (let isSecond = false; ; isSecond = true) {
    const overrides = await read(output, claim);
    const origin = claim.originOf(overrides);
    try {
      return { origin, overrides, isClaimed: await claimPricing(output, origin) };
    } catch (error) {
      // Between the two another host was first, and somebody has decided: it is priced from what that host has read.
      const isOvertaken =
        error instanceof ConflictError && (await begunBy(output, claim.run)) !== overrides?.source?.segments;
      if (isSecond || !isOvertaken) throw error;
    }
  }
}

/**
 * @param overrides of people; null: none are heeded
 * @returns the settings that tell recommendations with other ones apart
 */
export function overrideSettings(overrides: Pick<StandingOverrides, 'digest'> | null): {
  readonly overrides?: string;
} {
  const digest = overrides?.digest ?? null;
  return digest === null ? {} : { overrides: digest };
}

async function read(
  output: Store,
  { decisions, run, weeks, onLater }: DecisionsClaim,
): Promise<StandingOverrides | null> {
  if (decisions === null) return null;
  const store = await DecisionStore.open(decisions);
  const begun = await begunBy(output, run);
  const found = await standingOverrides(store, weeks, begun);
  const later = (await store.segments()) - found.source!.segments;
  if (later > 0) onLater(later);
  return found;
}

/** Segments of decisions that whoever claimed the output had read; undefined: nobody has, or none were read. */
async function begunBy(output: Store, run: string): Promise<number | undefined> {
  const origin = await readOrigin(output);
  return origin?.run === run ? (origin.decisions?.segments ?? undefined) : undefined;
}
