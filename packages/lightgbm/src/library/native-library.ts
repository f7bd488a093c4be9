import koffi from 'koffi';
import { LightgbmError } from '../lightgbm-error.ts';
import { locateLibrary } from './locate-library.ts';
import { SIGNATURES, type NativeArgument, type NativeFunction } from './signatures.ts';

type Callable = (...args: readonly NativeArgument[]) => number;

/** LightGBM's C library as one thread sees it. */
export class NativeLibrary {
  readonly path: string;
  readonly #library: ReturnType<typeof koffi.load>;
  readonly #functions = new Map<NativeFunction, Callable>();
  readonly #lastError: () => string;

  /**
   * @param path of the shared library
   * @throws LightgbmError when it cannot be loaded
   */
  constructor(path: string) {
    this.path = path;
    try {
      this.#library = koffi.load(path);
      this.#lastError = this.#library.func('const char *LGBM_GetLastError()') as () => string;
    } catch (cause) {
      throw new LightgbmError(`the library of LightGBM at ${path} cannot be loaded`, {
        found: (cause as Error).message,
        remedy: 'It needs the OpenMP runtime; on Debian: apt-get install libgomp1.',
        cause,
      });
    }
    // What it logs is decided by thread, by whatever parameters come along; not all calls have some.
    this.call('LGBM_GetSampleCount', 1, 'verbosity=-1', new Int32Array(1));
  }

  /**
   * Calls a function on this thread, and waits for it.
   * @param name of the function
   * @param args of it
   * @throws LightgbmError with LightGBM's message when it fails
   */
  call(name: NativeFunction, ...args: readonly NativeArgument[]): void {
    let callable = this.#functions.get(name);
    if (callable === undefined) {
      callable = this.#library.func(SIGNATURES[name]) as unknown as Callable;
      this.#functions.set(name, callable);
    }
    // The message is kept by thread: it has to be asked for where the call was made.
    if (callable(...args) !== 0) throw new LightgbmError(this.#lastError(), { cause: name });
  }
}

let loaded: NativeLibrary | undefined;

/**
 * The library, loaded once a thread.
 * @param path of the shared library; by default where {@link locateLibrary} finds it
 * @returns the library
 * @throws LightgbmError where there is none, or another one is loaded already
 */
export function loadLightgbm(path?: string): NativeLibrary {
  if (loaded === undefined) loaded = new NativeLibrary(path ?? locateLibrary());
  else if (path !== undefined && path !== loaded.path)
    throw new LightgbmError('another library of LightGBM is loaded already', {
      expected: path,
      found: loaded.path,
      remedy: 'Load it first, or use one library a process.',
    });
  return loaded;
}

/**
 * The address of a typed array's memory, which is good for as long as the array lives.
 * @param memory not detached while the address is in use
 * @returns the address
 */
export function addressOf(memory: ArrayBufferView): bigint {
  return koffi.address(memory);
}
