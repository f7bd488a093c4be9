import type { Program } from './run-child.ts';

/** One side of a comparison: a program that prints a {@link Sample} as its last line. */
export interface Contestant {
  readonly name: string;
  readonly program: Program;
}

/** What one run of a contestant measured of itself. */
export interface Sample {
  /** Of the measured work alone: no start-up, and after a warm-up where the contestant says so. */
  readonly seconds: number;
  /** Greatest memory of the whole process. */
  readonly peakBytes: number;
  /** Of the file it wrote, when it writes. */
  readonly bytes?: number;
  /** That it wrote, where contestants write different numbers of them. */
  readonly rows?: number;
  /** Mean of (bound − value) / bound over what was solved, of solvers. */
  readonly meanGap?: number;
  /** The same for all contestants of a case: the work was really done. */
  readonly check: string;
  /** Share of the time of each stage, where it is known. */
  readonly stages?: Readonly<Record<string, number>>;
  /** What else it has measured, by name with the unit. */
  readonly figures?: Readonly<Record<string, number>>;
}

/** A requirement of a case, and how it came out. */
export interface Verdict {
  readonly requirement: string;
  readonly value: number;
  readonly limit: number;
  readonly holds: boolean;
}

/** One comparison of a case. */
export interface Comparison {
  readonly title: string;
  readonly contestants: readonly Contestant[];
  /** Peers that could not be had, and why. */
  readonly skipped: readonly { readonly name: string; readonly reason: string }[];
  /** Name of the contestant that ratios are taken against. */
  readonly reference: string;
  /** Rounds by default, where not those of the case. */
  readonly rounds?: number;
  readonly verdicts: (medians: (name: string) => Measured | null) => readonly Verdict[];
}

/** A contestant's samples, summed up. */
export interface Measured {
  readonly name: string;
  readonly seconds: { readonly median: number; readonly least: number; readonly most: number };
  readonly peakBytes: number;
  readonly bytes: number | null;
  readonly stages: Readonly<Record<string, number>> | null;
  readonly samples: readonly Sample[];
}

/** What a case is asked. */
export interface CaseOptions {
  readonly rows: number | null;
  readonly rounds: number | null;
}

/** A named benchmark of time and memory. */
export interface BenchmarkCase {
  readonly name: string;
  readonly description: string;
  /** Rounds by default. */
  readonly rounds: number;
  /** Makes the data, and says what is to be compared. */
  prepare(options: CaseOptions): Promise<readonly Comparison[]>;
  /** Clears what is too large to stay. */
  finish?(): Promise<void>;
}
