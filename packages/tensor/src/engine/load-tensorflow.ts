import { createRequire } from 'node:module';
import { dirname, sep } from 'node:path';
import { EngineError } from '@hemline/core';
import type * as tf from '@tensorflow/tfjs';
import { engineEntry } from './engine-record.ts';
import { defineNodeShims } from './node-shims.ts';

/** What computes: an NVIDIA GPU, libtensorflow on the CPU, or WebAssembly. */
export type TensorBackend = 'gpu' | 'native' | 'wasm';

/** TensorFlow, ready to use. */
export interface TensorEngine {
  readonly tf: typeof tf;
  readonly backend: TensorBackend;
  /** Version of libtensorflow, or of the WebAssembly backend. */
  readonly version: string;
}

/** All of them. */
const BACKENDS: readonly TensorBackend[] = ['gpu', 'native', 'wasm'];
/** Variable of the environment that says which one is wanted. */
const VARIABLE = 'HEMLINE_TENSORFLOW';

/** Which backend to load. */
export interface LoadOptions {
  /** Only this one will do; without it that of `HEMLINE_TENSORFLOW`, else the best one that is staged. */
  readonly prefer?: TensorBackend;
}

/** The packages are loaded when they are needed, from where they are installed: also in a bundle, which they are no part of. */
const requirePackage = createRequire(import.meta.url);
const SETUP: Readonly<Record<'gpu' | 'native', string>> = {
  gpu: 'Run "npm run setup -- --gpu" on a machine with an NVIDIA GPU.',
  native: 'Run "npm run setup".',
};

let loaded: Promise<TensorEngine> | undefined;

/**
 * Loads TensorFlow once a process: on the GPU or the CPU where `npm run setup` staged libtensorflow, else as
 * WebAssembly, with one notice on standard error. All callers share the instance, its backend and its memory.
 * @param options which backend, where only one will do
 * @returns the engine
 * @throws EngineError when `HEMLINE_TENSORFLOW` is none of them, or the wanted backend is not staged, cannot be loaded, or another one is loaded already
 */
export async function loadTensorflow(options: LoadOptions = {}): Promise<TensorEngine> {
  const prefer = options.prefer ?? preferred();
  if (loaded === undefined) {
    const attempt = prefer === undefined ? loadBest() : load(prefer);
    loaded = attempt;
    // A failure is not remembered: another backend may still be asked for.
    attempt.catch(() => {
      if (loaded === attempt) loaded = undefined;
    });
  }
  const engine = await loaded;
  if (prefer !== undefined && engine.backend !== prefer)
    throw new EngineError('TensorFlow is loaded already and its backend cannot be changed', {
      expected: prefer,
      found: engine.backend,
      remedy: 'Load it with this preference first, or use one backend a process.',
    });
  return engine;
}

/**
 * The backend that {@link loadTensorflow} will take when nothing else is asked, without loading it.
 * @returns that of `HEMLINE_TENSORFLOW`, else the best one that is staged
 * @throws EngineError when `HEMLINE_TENSORFLOW` is none of them
 */
export function expectedBackend(): TensorBackend {
  return preferred() ?? bestStaged();
}

function bestStaged(): TensorBackend {
  if (engineEntry('tensorflow-gpu')?.state === 'staged') return 'gpu';
  return engineEntry('tensorflow')?.state === 'staged' ? 'native' : 'wasm';
}

function preferred(): TensorBackend | undefined {
  const text = process.env[VARIABLE] ?? '';
  if (text === '') return undefined;
  const backend = BACKENDS.find((each) => each === text);
  if (backend !== undefined) return backend;
  throw new EngineError('there is no such engine of TensorFlow', {
    expected: `${VARIABLE} as one of ${BACKENDS.join(', ')}`,
    found: text,
  });
}

async function loadBest(): Promise<TensorEngine> {
  const backend = bestStaged();
  // Staged and yet not loadable is an error: falling back would hide why a job takes fifteen times as long.
  const engine = await load(backend);
  if (backend !== 'wasm') return engine;
  const native = engineEntry('tensorflow');
  process.stderr.write(
    'TensorFlow runs as WebAssembly: training takes about 15 times as long as with the native library. ' +
      (native === null ? `${SETUP.native}\n` : `The native library cannot be had here: ${native.reason}\n`),
  );
  return engine;
}

async function load(backend: TensorBackend): Promise<TensorEngine> {
  return backend === 'wasm' ? loadWasm() : loadNative(backend);
}

async function loadWasm(): Promise<TensorEngine> {
  const engine = requirePackage('@tensorflow/tfjs') as typeof tf;
  const wasm = requirePackage(
    '@tensorflow/tfjs-backend-wasm',
  ) as typeof import('@tensorflow/tfjs-backend-wasm');
  const script = requirePackage.resolve('@tensorflow/tfjs-backend-wasm');
  wasm.setWasmPaths(dirname(script) + sep);
  if (!(await engine.setBackend('wasm')))
    throw new EngineError('the WebAssembly backend of TensorFlow does not start');
  await engine.ready();
  return { tf: engine, backend: 'wasm', version: wasm.version_wasm };
}

async function loadNative(backend: 'gpu' | 'native'): Promise<TensorEngine> {
  const name = backend === 'gpu' ? 'tensorflow-gpu' : 'tensorflow';
  const entry = engineEntry(name);
  if (entry?.state !== 'staged')
    throw new EngineError(`the ${backend} engine of TensorFlow is not staged`, {
      ...(entry?.reason === undefined ? {} : { found: entry.reason }),
      remedy: SETUP[backend],
    });
  defineNodeShims();
  // libtensorflow logs which instructions it was built for; errors still come through.
  process.env.TF_CPP_MIN_LOG_LEVEL ??= '2';
  // By itself libtensorflow uses oneDNN where a CPU has AVX-512 VNNI; with AVX2 alone it trains 1.5 times as fast with it as without.
  process.env.TF_ENABLE_ONEDNN_OPTS ??= '1';
  let engine: typeof tf;
  try {
    engine = requirePackage(
      backend === 'gpu' ? '@tensorflow/tfjs-node-gpu' : '@tensorflow/tfjs-node',
    ) as typeof tf;
  } catch (cause) {
    throw new EngineError(`the ${backend} engine of TensorFlow is staged and cannot be loaded`, {
      found: (cause as Error).message,
      remedy: SETUP[backend],
      cause,
    });
  }
  await engine.ready();
  const node = engine.backend() as unknown as { binding: { TF_Version: string }; isUsingGpuDevice: boolean };
  if (backend === 'gpu' && !node.isUsingGpuDevice)
    throw new EngineError('TensorFlow finds no GPU', {
      remedy: 'Check that nvidia-smi lists one and that its driver knows CUDA 12.5 or newer.',
    });
  return { tf: engine, backend, version: node.binding.TF_Version };
}
