/** What pricing costs on one thread of a machine, as it was measured there. */
export interface HostCosts {
  /** Seconds of an article and evaluation, filling its problem included. */
  readonly solve: number;
  /** Seconds of checking an article before anything is solved, and of measuring what its plan comes to. */
  readonly check: number;
  readonly measure: number;
  /** Seconds of an article in the tables, and of writing them. */
  readonly write: number;
  /** Seconds of a row of a forecast: its keys alone, and all of it. */
  readonly key: number;
  readonly demandRow: number;
  /** Seconds of a row of the weekly table that is no own article's. */
  readonly weeklyRow: number;
  /** Bytes of an article in an answer, and seconds of taking it apart. */
  readonly answerBytes: number;
  readonly unpack: number;
  /** Seconds of the host that leads between two evaluations: for each article and row of the limits, and of whatever portfolio. */
  readonly lead: number;
  readonly leadAtLeast: number;
  /** Evaluations of a sample, and of all articles, that a portfolio took to its gap. */
  readonly samples: number;
  readonly evaluations: number;
}
