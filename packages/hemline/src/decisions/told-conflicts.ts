import { formatWeek } from '@hemline/core';
import { CONFLICT_WORDS, type AppendedDecisions } from '@hemline/runs/decisions';

/** Events that contradict what is known, as they are told. */
export interface ToldConflicts {
  /** How many there are; none of them has changed anything. */
  readonly conflicting: number;
  /** The first thousand. */
  readonly conflicts: readonly {
    readonly article: string;
    readonly market: string;
    readonly week: string;
    readonly event: string;
    readonly discount: number | null;
    readonly reason: string;
  }[];
}

/**
 * @param appended what became of events
 * @returns those that were not applied, in words
 */
export function toldConflicts({ conflicting, conflicts }: AppendedDecisions): ToldConflicts {
  return {
    conflicting,
    conflicts: conflicts.map(({ article, market, week, event, discount, verdict }) => ({
      ...{ article, market, week: formatWeek(week), event },
      ...{ discount: Number.isNaN(discount) ? null : discount, reason: CONFLICT_WORDS[verdict] },
    })),
  };
}
