import type { RecordOptions } from '@hemline/hemline';
import { interruptSignal } from './interrupt.ts';
import { ProgressBars } from './progress-bars.ts';

/** What a command tells the library's functions besides its options. */
export type Told = Required<Pick<RecordOptions, 'command' | 'signal' | 'onProgress' | 'onDone' | 'onNotice'>>;

/**
 * Does work with its progress on the terminal and Ctrl-C as its signal.
 * @param work is given both, and what was typed
 * @param notice what the first Ctrl-C means
 * @returns what the work returns; the terminal is as it was
 */
export async function withBars<T>(work: (told: Told) => Promise<T>, notice?: string): Promise<T> {
  const bars = new ProgressBars();
  try {
    return await work({
      command: typed(),
      signal: interruptSignal(notice),
      onProgress: (part, event) => bars.update(part, event),
      onDone: (part) => bars.end(part),
      onNotice: (text) => bars.log(text),
    });
  } finally {
    bars.stop();
  }
}

/**
 * @returns the command as it was typed, for records
 */
export function typed(): string[] {
  return ['hemline', ...process.argv.slice(2)];
}
