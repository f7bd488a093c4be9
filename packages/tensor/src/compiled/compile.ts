import type * as tfTypes from '@tensorflow/tfjs';
import type { TensorEngine } from '../engine/load-tensorflow.ts';
import type { NativeBackend } from './native-binding.ts';
import { loadGraph } from './saved-graph.ts';
import { traceOf } from './trace.ts';

/** A function of tensors. It frees nothing; what it makes on the way is freed for it. */
export type TensorFunction = (inputs: tfTypes.Tensor[]) => tfTypes.Tensor[];

/** A function of tensors that may hold a session of TensorFlow. */
export interface CompiledFunction {
  /**
   * @param inputs tensors; not freed
   * @returns new tensors, to be freed by the caller
   */
  (inputs: readonly tfTypes.Tensor[]): tfTypes.Tensor[];
  /** Frees the sessions; the function must not be called afterwards. */
  dispose(): void;
}

/** A session of TensorFlow with the names of what goes in and out. */
interface Session {
  readonly id: number;
  readonly inputs: string;
  readonly outputs: string;
}

/**
 * Compiles a function: on its first call with inputs of certain shapes the function runs while TensorFlow's operations are
 * noted, gradients included; this call and later ones with such inputs run them as one graph. That saves what every single
 * operation costs on its way through JavaScript (some 12 µs), and TensorFlow fuses what it can. The function must do the same
 * operations whatever the inputs hold: tensors it takes from elsewhere, random numbers and numbers of JavaScript are
 * constants of the graph. As WebAssembly there are no graphs: the function runs as it is every time.
 * @param engine that computes
 * @param f the function
 * @returns the compiled function
 */
export function compile(engine: TensorEngine, f: TensorFunction): CompiledFunction {
  const { tf } = engine;
  const tidied: TensorFunction = (inputs) => tf.tidy(() => f(inputs));
  if (engine.backend === 'wasm') return Object.assign(eager(tidied), { dispose: () => undefined });

  const backend = tf.backend() as unknown as NativeBackend;
  const sessions = new Map<string, Session>();
  const call = (inputs: readonly tfTypes.Tensor[]): tfTypes.Tensor[] => {
    const key = inputs.map(({ shape, dtype }) => `${dtype}[${shape.join()}]`).join(' ');
    let session = sessions.get(key);
    if (session === undefined) {
      session = open(tf, backend, tidied, inputs);
      sessions.set(key, session);
    }
    return run(backend, session, inputs);
  };
  const dispose = (): void => {
    for (const { id } of sessions.values()) backend.binding.deleteSavedModel(id);
    sessions.clear();
  };
  return Object.assign(call, { dispose });
}

function open(
  tf: typeof tfTypes,
  backend: NativeBackend,
  f: TensorFunction,
  examples: readonly tfTypes.Tensor[],
): Session {
  const { trace, results } = traceOf(backend, f, examples);
  // Fused operations round otherwise: what comes back is always the graph's, from the first call on.
  tf.dispose(results.filter((result) => !examples.includes(result)));
  const nameOf = ({ node, index }: (typeof trace.outputs)[number]): string => `${node.name}:${index}`;
  return {
    id: loadGraph(backend.binding, trace),
    inputs: trace.inputs.map((node) => nameOf({ node, index: 0 })).join(),
    outputs: trace.outputs.map(nameOf).join(),
  };
}

function eager(f: TensorFunction): (inputs: readonly tfTypes.Tensor[]) => tfTypes.Tensor[] {
  return (inputs) => f([...inputs]);
}

function run(
  backend: NativeBackend,
  { id, inputs, outputs }: Session,
  tensors: readonly tfTypes.Tensor[],
): tfTypes.Tensor[] {
  const ids = backend.getInputTensorIds(tensors);
  return backend.binding
    .runSavedModel(id, ids, inputs, outputs)
    .map((handle) => backend.createOutputTensor(handle));
}
