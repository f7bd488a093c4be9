// A thread that calls LightGBM and waits, so that the event loop of the main thread does not have to.
import { parentPort, workerData } from 'node:worker_threads';
import { loadLightgbm } from './native-library.ts';
import type { NativeArgument, NativeFunction } from './signatures.ts';

/** A call; memory is named by its address. */
export interface ThreadCall {
  readonly name: NativeFunction;
  readonly args: readonly NativeArgument[];
}

/** How it ended. */
export type ThreadAnswer = { readonly failure: string | null; readonly isOurs: boolean };

const library = loadLightgbm(workerData as string);

parentPort!.on('message', ({ name, args }: ThreadCall) => {
  let answer: ThreadAnswer = { failure: null, isOurs: false };
  try {
    library.call(name, ...args);
  } catch (error) {
    answer = { failure: (error as Error).message, isOurs: (error as Error).name === 'LightgbmError' };
  }
  parentPort!.postMessage(answer);
});
