import type { HemlineError } from '@hemline/core';

/** One property that every model must have. */
export interface ConformanceCheck {
  /** What holds, as a sentence. */
  readonly name: string;
  /** Why the property does not apply to this model, by its own declaration; undefined when it applies. */
  readonly skip?: string;
  /**
   * Why the property cannot be looked at, because something else is broken that another check tells. One cause is told once.
   */
  readonly blocked?: () => Promise<string | undefined>;
  /** Throws when the property does not hold. */
  run(): Promise<void>;
}

/** A class of error. */
export type ErrorClass = abstract new (...args: never[]) => HemlineError;

/**
 * Asserts that something fails, with an error of one class.
 * @param what for the message
 * @param action what must fail
 * @param expected the class
 * @param hint what to do, as a sentence without a capital
 * @throws Error when it succeeds or fails otherwise
 */
export async function assertRejects(
  what: string,
  action: () => Promise<unknown>,
  expected: ErrorClass,
  hint: string,
): Promise<void> {
  let thrown: unknown;
  try {
    await action();
  } catch (error) {
    if (error instanceof expected) return;
    thrown = error;
  }
  if (thrown === undefined) throw new Error(`${what} does not fail; expected ${expected.name}: ${hint}`);
  throw new Error(`${what} fails with ${String(thrown)}; expected ${expected.name}: ${hint}`, {
    cause: thrown,
  });
}

/**
 * @param holds what must be true
 * @param problem what to say when it is not
 * @throws Error with the problem
 */
export function assert(holds: boolean, problem: string): asserts holds {
  if (!holds) throw new Error(problem);
}

/**
 * Tells in which circumstances something failed, and where to look.
 * @param where what was done, and what to look for, as the end of a sentence
 * @param action what may fail
 * @returns what the action gave
 * @throws Error with the message of the action and what is told
 */
export async function explained<T>(where: string, action: () => T | Promise<T>): Promise<T> {
  try {
    return await action();
  } catch (error) {
    throw new Error(`${(error as Error).message}, ${where}`, { cause: error });
  }
}
