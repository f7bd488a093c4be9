import { HemlineError } from '@hemline/core';
import { exitCodeFor } from '@hemline/sagemaker';

/**
 * Does the work of a script: what was foreseen to go wrong is told without a stack.
 * @param work of the script
 */
export async function plainly(work: () => Promise<void>): Promise<void> {
  try {
    await work();
  } catch (error) {
    if (!(error instanceof HemlineError)) throw error;
    process.stderr.write(`${error.message}\n`);
    process.exitCode = exitCodeFor(error);
  }
}
