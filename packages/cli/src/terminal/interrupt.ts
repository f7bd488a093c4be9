/** Signals closer together than this are one. */
const DOUBLE_MILLISECONDS = 1000;

/**
 * Turns Ctrl-C and SIGTERM into an AbortSignal, so that work in progress ends in order. A second Ctrl-C ends at once.
 * @returns the signal, and how to give the handlers back
 */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  let first = 0;
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) {
      // A terminal signals the whole group and npx passes it on once more: that is still the first.
      if (performance.now() - first > DOUBLE_MILLISECONDS) process.exit(130);
      return;
    }
    first = performance.now();
    process.stderr.write('\nStopping; once more stops at once.\n');
    controller.abort(new Error(name));
  };
  process.on('SIGINT', stop).on('SIGTERM', stop);
  return {
    signal: controller.signal,
    release() {
      process.off('SIGINT', stop).off('SIGTERM', stop);
    },
  };
}
