import { writeSync } from 'node:fs';
import { CommanderError } from 'commander';
import { explained, HemlineError } from '@hemline/core';
import { hemlineProgram } from './program.ts';
import { errorJson, exitCodeOf } from './terminal/error-json.ts';
import { onSecondInterrupt } from './terminal/interrupt.ts';

/**
 * Does what was typed and says how it ended: by the exit code of this process, and in words.
 * @param typed after the name of the command
 */
export async function runCommand(typed: readonly string[]): Promise<void> {
  const forMachines = asksForJson(typed);
  if (forMachines) onSecondInterrupt((error) => printError(error));
  try {
    await hemlineProgram().parseAsync(typed, { from: 'user' });
  } catch (thrown) {
    const error = explained(thrown);
    process.exitCode = exitCodeOf(error);
    report(error);
    if (forMachines && process.exitCode !== 0) printError(error);
  }
}

/** People get the message of an error that was foreseen, and the stack of one that was not. */
function report(error: unknown): void {
  // The parser has said it.
  if (error instanceof CommanderError) return;
  if (error instanceof HemlineError) process.stderr.write(`${error.message}\n`);
  else process.stderr.write(`${error instanceof Error ? error.stack : String(error)}\n`);
}

/** At once: the process may be about to end. */
function printError(error: unknown): void {
  writeSync(1, `${JSON.stringify({ error: errorJson(error) })}\n`);
}

/** Also of a command line that the parser does not understand. */
function asksForJson(typed: readonly string[]): boolean {
  const end = typed.indexOf('--');
  return (end === -1 ? typed : typed.slice(0, end)).includes('--json');
}
