import { CommanderError } from 'commander';
import { HemlineError, type ErrorPlace } from '@hemline/core';
import { JobError, LaunchError } from '@hemline/hemline';
import { EXIT_CODES, exitCodeFor } from '@hemline/sagemaker';

/** An error as `--json` prints it; what is not known of one is null. */
export interface ErrorJson {
  /** Stable, such as `DATA`; `USAGE` of a command line that is not understood, `INTERNAL` of a defect. */
  readonly code: string;
  readonly class: string;
  /** The whole message, as standard error has it. */
  readonly message: string;
  readonly expected: string | null;
  readonly found: string | null;
  readonly where: ErrorPlace | null;
  readonly remedy: string | null;
  readonly exitCode: number;
}

/**
 * The exit code of an error.
 * @param error anything thrown
 * @returns it; 0 where somebody only asked for help
 */
export function exitCodeOf(error: unknown): number {
  if (error instanceof CommanderError) return error.exitCode === 0 ? 0 : EXIT_CODES.usage;
  // A job that failed has said by its own code whether trying again may help.
  return error instanceof JobError || error instanceof LaunchError ? error.exitCode : exitCodeFor(error);
}

/**
 * An error for machines.
 * @param error anything thrown
 * @returns what `--json` prints below `error`
 */
export function errorJson(error: unknown): ErrorJson {
  const known = error instanceof Error ? error : new Error(String(error));
  const nothing = { expected: null, found: null, where: null, remedy: null };
  const base = { class: known.name, exitCode: exitCodeOf(error) };
  if (error instanceof CommanderError) return { code: 'USAGE', ...base, message: usageOf(error), ...nothing };
  if (!(error instanceof HemlineError))
    return { code: 'INTERNAL', ...base, message: known.message, ...nothing };
  const { code, message, expected = null, found = null, remedy = null } = error;
  const where = Object.keys(error.where).length === 0 ? null : error.where;
  return { code, class: base.class, message, expected, found, where, remedy, exitCode: base.exitCode };
}

/** The parser has no message of its own where it prints its help instead. */
function usageOf({ code, message }: CommanderError): string {
  return code === 'commander.help' ? 'a command is missing' : message.replace(/^error: /, '');
}
