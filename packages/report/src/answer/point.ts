/** Whether what a run made may be used. `none`: it made nothing that anybody would use. */
export type Verdict = 'use' | 'but' | 'no' | 'none';

/** A point that the answer rests on. */
export interface Point {
  readonly verdict: Exclude<Verdict, 'none'>;
  readonly text: string;
}

/** What a run's page answers first. */
export interface Answer {
  readonly verdict: Verdict;
  readonly headline: string;
  /** Why not without more ado, each once; empty where nothing is amiss. */
  readonly points: readonly Point[];
  /** What a person has to do; empty: nothing. */
  readonly actions: readonly string[];
}
