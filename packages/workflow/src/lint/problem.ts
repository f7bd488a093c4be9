/** Something that is wrong with a declaration. */
export interface Problem {
  /** What it is about: `model demand-naive`, `workflow training, step evaluate`. */
  readonly where: string;
  /** One sentence without full stop. */
  readonly problem: string;
  /** What to do about it. */
  readonly remedy: string;
}
