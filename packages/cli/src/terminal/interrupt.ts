import { InterruptedError } from '@hemline/core';

/** Signals closer together than this are one. */
const DOUBLE_MILLISECONDS = 1000;

let shared: AbortSignal | null = null;
let atSecond: ((error: InterruptedError) => void) | null = null;

/**
 * Says what is to be done before the process ends at once.
 * @param told of it, with the error that stands for it; may not wait for anything
 */
export function onSecondInterrupt(told: (error: InterruptedError) => void): void {
  atSecond = told;
}

/**
 * Turns Ctrl-C and SIGTERM into an AbortSignal, so that work in progress ends in order; a second Ctrl-C ends at once. The
 * handlers stay to the end of the process: a signal that comes while the last message is printed must not cut it off.
 * @param notice what the first one means
 * @returns the signal, the same one every time
 */
export function interruptSignal(notice = 'Stopping; once more stops at once.'): AbortSignal {
  if (shared !== null) return shared;
  const controller = new AbortController();
  let first = 0;
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // A terminal signals the whole group and npx passes it on once more: that is still the first.
      if (performance.now() - first <= DOUBLE_MILLISECONDS) return;
      atSecond?.(
        new InterruptedError('the command was ended at once', { remedy: 'Start it again.', cause: name }),
      );
      process.exit(130);
    }
    first = performance.now();
    process.stderr.write(`\n${notice}\n`);
    controller.abort(new Error(name));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  shared = controller.signal;
  return shared;
}
