/**
 * Turns Ctrl-C and SIGTERM into an AbortSignal, so that work in progress ends in order. A second Ctrl-C ends at once.
 * @returns the signal, and how to give the handlers back
 */
export function interruptible(): { readonly signal: AbortSignal; release(): void } {
  const controller = new AbortController();
  const stop = (name: NodeJS.Signals): void => {
    if (controller.signal.aborted) process.exit(130);
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
