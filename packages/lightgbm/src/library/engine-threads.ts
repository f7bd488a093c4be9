import { Worker } from 'node:worker_threads';
import { LightgbmError } from '../lightgbm-error.ts';
import type { ThreadAnswer, ThreadCall } from './engine-thread.ts';
import { addressOf, loadLightgbm } from './native-library.ts';
import type { NativeArgument, NativeFunction } from './signatures.ts';

/**
 * So many calls may run at once; more wait. Each thread keeps a team of OpenMP threads of its own, so that more of them
 * would not make anything faster.
 */
const MOST_THREADS = 4;

interface EngineThread {
  readonly worker: Worker;
  running: {
    readonly held: unknown;
    readonly settle: (answer: ThreadAnswer | Error) => void;
  } | null;
}

const idle: EngineThread[] = [];
const gone = new WeakSet<EngineThread>();
const waiting: ((thread: EngineThread) => void)[] = [];
let threads = 0;

/**
 * Calls a function off the event loop. LightGBM keeps the message of an error by thread, and OpenMP its team: so calls go
 * to threads of our own, the one used last first, and not to those of libuv, where nobody knows which one it was.
 * @param name of the function
 * @param args of it; typed arrays are passed by address, without a copy, and are held until the call has ended
 * @returns when it has ended
 * @throws LightgbmError with LightGBM's message when it fails
 */
export function callInThread(name: NativeFunction, ...args: readonly NativeArgument[]): Promise<void> {
  return callHolding([], name, ...args);
}

/**
 * Calls a function that is given addresses of addresses.
 * @param memory what these lead to, held until the call has ended
 * @param name of the function
 * @param args of it
 * @throws LightgbmError with LightGBM's message when it fails
 */
export async function callHolding(
  memory: readonly unknown[],
  name: NativeFunction,
  ...args: readonly NativeArgument[]
): Promise<void> {
  const passed = args.map((arg) => (ArrayBuffer.isView(arg) ? addressOf(arg) : arg));
  const thread = await takeThread();
  const answer = await new Promise<ThreadAnswer | Error>((resolve) => {
    // Held here, or what the addresses point to could be collected while the call goes on.
    thread.running = { held: [args, memory], settle: resolve };
    thread.worker.ref();
    thread.worker.postMessage({ name, args: passed } satisfies ThreadCall);
  });
  thread.running = null;
  if (answer instanceof Error) throw answer;
  giveBack(thread);
  if (answer.failure === null) return;
  throw answer.isOurs ? new LightgbmError(answer.failure, { cause: name }) : new Error(answer.failure);
}

function takeThread(): EngineThread | Promise<EngineThread> {
  const free = idle.pop();
  if (free !== undefined) return free;
  if (threads < MOST_THREADS) return start();
  return new Promise((resolve) => waiting.push(resolve));
}

function giveBack(thread: EngineThread): void {
  const next = waiting.shift();
  if (next !== undefined) return next(thread);
  // A thread without work does not keep the process alive.
  thread.worker.unref();
  idle.push(thread);
}

function start(): EngineThread {
  const { path } = loadLightgbm();
  const worker = new Worker(new URL('./engine-thread.ts', import.meta.url), {
    name: 'lightgbm',
    workerData: path,
  });
  const thread: EngineThread = { worker, running: null };
  threads++;
  worker.on('message', (answer: ThreadAnswer) => thread.running?.settle(answer));
  worker.on('error', (cause) => end(thread, new LightgbmError('a thread of LightGBM failed', { cause })));
  worker.on('exit', (code) => end(thread, new LightgbmError(`a thread of LightGBM ended with ${code}`)));
  return thread;
}

/** A thread that is gone is replaced by the next call. */
function end(thread: EngineThread, error: LightgbmError): void {
  if (gone.has(thread)) return;
  gone.add(thread);
  threads--;
  const at = idle.indexOf(thread);
  if (at !== -1) idle.splice(at, 1);
  thread.running?.settle(error);
  const next = waiting.shift();
  if (next !== undefined) next(start());
}
