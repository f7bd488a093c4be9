import type { PROBLEM_CODES } from '../api/index.ts';

/** What went wrong, for programs. */
export type RefusalCode = (typeof PROBLEM_CODES)[number];

/** What people are told of it. */
export interface RefusalFacts {
  readonly expected?: string;
  readonly found?: string;
  readonly where?: string;
  readonly remedy?: string;
}

/** A request that the desk does not do, for a reason that whoever asks is told. */
export class RefusedError extends Error {
  readonly code: RefusalCode;
  readonly facts: RefusalFacts;

  /**
   * @param code for programs
   * @param message for people
   * @param facts expected, found, where, remedy
   */
  constructor(code: RefusalCode, message: string, facts: RefusalFacts = {}) {
    super(message);
    this.name = 'RefusedError';
    this.code = code;
    this.facts = facts;
  }
}
