import { EngineError } from '@hemline/core';
import type * as tfTypes from '@tensorflow/tfjs';
import type { NativeBackend, NativeBinding, OpAttribute, TensorHandle } from './native-binding.ts';

/** What a node of a trace reads: an output of an earlier node. */
export interface TracedOutput {
  readonly node: TracedNode;
  readonly index: number;
}

/** A value that does not change from run to run. */
export interface TracedConstant {
  readonly shape: readonly number[];
  readonly dtype: number;
  readonly values: ArrayBufferView;
}

/** One node of a trace: an input, a constant, or an operation of TensorFlow. */
export interface TracedNode {
  readonly name: string;
  readonly op: string;
  readonly attributes: readonly OpAttribute[];
  readonly inputs: readonly TracedOutput[];
  readonly constant?: TracedConstant;
  /** Data type of an input. */
  readonly dtype?: number;
}

/** What a function did to its inputs. */
export interface Trace {
  readonly nodes: readonly TracedNode[];
  readonly inputs: readonly TracedNode[];
  readonly outputs: readonly TracedOutput[];
}

/** Results of operations with as many numbers are freed at once; of smaller ones there is no need to. */
const LEAST_FREED = 4096;

/**
 * Runs a function once and notes every operation that TensorFlow carries out for it, gradients included. What an operation gives is
 * freed as soon as its shape is known: a function holds all it makes on its way, gradients even longer, many times what the graph
 * will need. Operations that read it are handed another of its shape in its place; so what comes out means nothing.
 * @param backend of tfjs-node
 * @param f what to run; it must do the same operations whatever its inputs hold
 * @param examples inputs of the shapes and types to come
 * @returns the trace, and what the function gave: to be disposed, not to be read
 * @throws EngineError when the function reads values, which would make its operations depend on them
 */
export function traceOf(
  backend: NativeBackend,
  f: (inputs: tfTypes.Tensor[]) => tfTypes.Tensor[],
  examples: readonly tfTypes.Tensor[],
): { trace: Trace; results: tfTypes.Tensor[] } {
  const { binding } = backend;
  const tracer = new Tracer(binding, backend.getInputTensorIds(examples), examples);
  backend.binding = tracer.binding();
  let results: tfTypes.Tensor[];
  let ids: number[];
  try {
    results = f([...examples]);
    ids = backend.getInputTensorIds(results);
  } finally {
    backend.binding = binding;
    tracer.free();
  }
  return { trace: tracer.finish(ids), results };
}

class Tracer {
  readonly #native: NativeBinding;
  readonly #nodes: TracedNode[] = [];
  readonly #inputs: TracedNode[] = [];
  readonly #byId = new Map<number, TracedOutput>();
  /** Shapes of what was freed, by the number that it goes by: below 0, where tfjs-node deletes nothing. */
  readonly #freed = new Map<number, readonly number[]>();
  /** The first tensor of each shape: it stands in for those that were freed. */
  readonly #standIns = new Map<string, number>();

  constructor(native: NativeBinding, ids: readonly number[], examples: readonly tfTypes.Tensor[]) {
    this.#native = native;
    ids.forEach((id, i) => {
      const dtype = dtypeOf(native, examples[i]!.dtype);
      const node = this.#add({ op: 'Placeholder', attributes: [], inputs: [], dtype });
      this.#inputs.push(node);
      this.#byId.set(id, { node, index: 0 });
    });
  }

  /** A binding that does what the native one does, and notes it. */
  binding(): NativeBinding {
    const native = this.#native;
    const createTensor: NativeBinding['createTensor'] = (shape, dtype, values) => {
      const id = native.createTensor(shape, dtype, values);
      this.#constant(id, { shape: [...shape], dtype, values: copyOf(values) });
      return id;
    };
    const executeOp: NativeBinding['executeOp'] = (name, attributes, inputs, count) => {
      const outputs = native
        .executeOp(
          name,
          attributes,
          inputs.map((id) => this.#held(id)),
          count,
        )
        .map((output) => this.#free(output));
      const node = this.#add({
        op: name,
        attributes: [...attributes],
        inputs: inputs.map((id) => this.#outputOf(id)),
      });
      outputs.forEach(({ id }, index) => this.#byId.set(id, { node, index }));
      return outputs;
    };
    const tensorDataSync: NativeBinding['tensorDataSync'] = () => {
      throw new EngineError('a compiled function reads values of tensors', {
        expected: 'operations that are the same whatever the inputs hold',
        found: 'dataSync(), or an operation that needs it',
        remedy: 'Read values outside of the function.',
      });
    };
    // The native object cannot be written to, but it can be inherited from.
    return Object.create(native, {
      createTensor: { value: createTensor },
      executeOp: { value: executeOp },
      tensorDataSync: { value: tensorDataSync },
    }) as NativeBinding;
  }

  /** Frees what stood in for others. */
  free(): void {
    for (const id of this.#standIns.values()) this.#native.deleteTensor(id);
    this.#standIns.clear();
  }

  finish(ids: readonly number[]): Trace {
    return {
      nodes: this.#nodes,
      inputs: this.#inputs,
      outputs: ids.map((id) => this.#outputOf(id)),
    };
  }

  /** Whole numbers are kept: others in the place of indices and sizes may be out of range. */
  #free(output: TensorHandle): TensorHandle {
    const { id, shape, dtype } = output;
    if (dtype !== this.#native.TF_FLOAT || sizeOf(shape) < LEAST_FREED) return output;
    if (this.#standIns.has(shape.join())) this.#native.deleteTensor(id);
    else this.#standIns.set(shape.join(), id);
    // −1 is what tfjs-node takes for no tensor.
    const number = -2 - this.#freed.size;
    this.#freed.set(number, shape);
    return { id: number, shape, dtype };
  }

  /** A tensor that an operation can read: the one itself, or one of the shape of one that was freed. */
  #held(id: number): number {
    const shape = this.#freed.get(id);
    return shape === undefined ? id : this.#standIns.get(shape.join())!;
  }

  /** A tensor that was there before is taken as it is now. */
  #outputOf(id: number): TracedOutput {
    const known = this.#byId.get(id);
    if (known !== undefined) return known;
    const handle = this.#native.executeOp('Shape', [], [id], 1)[0]! as TensorHandle;
    const shape = Array.from(this.#native.tensorDataSync(handle.id) as Int32Array);
    this.#native.deleteTensor(handle.id);
    const values = this.#native.tensorDataSync(id);
    return this.#constant(id, { shape, dtype: dtypeOfValues(this.#native, values), values });
  }

  #constant(id: number, constant: TracedConstant): TracedOutput {
    const node = this.#add({ op: 'Const', attributes: [], inputs: [], constant });
    const output = { node, index: 0 };
    this.#byId.set(id, output);
    return output;
  }

  #add(node: Omit<TracedNode, 'name'>): TracedNode {
    const named = { ...node, name: `n${this.#nodes.length}` };
    this.#nodes.push(named);
    return named;
  }
}

function sizeOf(shape: readonly number[]): number {
  return shape.reduce((size, length) => size * length, 1);
}

function copyOf(values: ArrayBufferView): ArrayBufferView {
  return new Uint8Array(values.buffer, values.byteOffset, values.byteLength).slice();
}

function dtypeOf(native: NativeBinding, dtype: tfTypes.DataType): number {
  if (dtype === 'int32') return native.TF_INT32;
  if (dtype === 'bool') return native.TF_BOOL;
  return native.TF_FLOAT;
}

function dtypeOfValues(native: NativeBinding, values: ArrayBufferView): number {
  if (values instanceof Int32Array) return native.TF_INT32;
  return values instanceof Uint8Array ? native.TF_BOOL : native.TF_FLOAT;
}
