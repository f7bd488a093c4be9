/** What the person who has to act needs to know about a failure. */
export interface LightgbmErrorOptions {
  readonly expected?: string;
  readonly found?: string;
  readonly remedy?: string;
  readonly cause?: unknown;
}

/** LightGBM refused something, its library cannot be used, or an argument is wrong. */
export class LightgbmError extends Error {
  override readonly name = 'LightgbmError';

  /**
   * @param problem one sentence without a full stop; of the library's own errors, its message
   * @param options what was expected and found, and what to do
   */
  constructor(problem: string, options: LightgbmErrorOptions = {}) {
    const { expected, found, remedy, cause } = options;
    let message = problem;
    if (expected !== undefined) message += `; expected ${expected}`;
    if (found !== undefined) message += `${expected === undefined ? ';' : ','} found ${found}`;
    if (!/[.!?]$/.test(message)) message += '.';
    if (remedy !== undefined) message += ` ${remedy}`;
    super(message, cause === undefined ? undefined : { cause });
  }
}
