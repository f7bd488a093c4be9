import type * as tfTypes from '@tensorflow/tfjs';

/** One attribute of an operation, as tfjs-node hands it to TensorFlow's C API. */
export interface OpAttribute {
  readonly name: string;
  readonly type: number;
  readonly value: unknown;
}

/** A tensor as the binding describes it. */
export interface TensorHandle {
  readonly id: number;
  readonly shape: number[];
  readonly dtype: number;
}

/** The part of tfjs-node's native binding that is used here. */
export interface NativeBinding {
  readonly TF_ATTR_STRING: number;
  readonly TF_ATTR_INT: number;
  readonly TF_ATTR_FLOAT: number;
  readonly TF_ATTR_BOOL: number;
  readonly TF_ATTR_TYPE: number;
  readonly TF_FLOAT: number;
  readonly TF_INT32: number;
  readonly TF_INT64: number;
  readonly TF_BOOL: number;
  createTensor(shape: readonly number[], dtype: number, values: ArrayBufferView): number;
  tensorDataSync(id: number): Float32Array | Int32Array | Uint8Array;
  deleteTensor(id: number): void;
  executeOp(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: number[],
    outputs: number,
  ): TensorHandle[];
  loadSavedModel(folder: string, tags: string): number;
  runSavedModel(session: number, inputs: number[], inputNames: string, outputNames: string): TensorHandle[];
  deleteSavedModel(session: number): void;
}

/** The part of tfjs-node's backend that is used here. */
export interface NativeBackend {
  binding: NativeBinding;
  /** Uploads what is still in JavaScript, and gives the binding's numbers of the tensors. */
  getInputTensorIds(tensors: readonly tfTypes.Tensor[]): number[];
  createOutputTensor(handle: TensorHandle): tfTypes.Tensor;
  executeSingleOutput(
    name: string,
    attributes: readonly OpAttribute[],
    inputs: readonly tfTypes.Tensor[],
  ): tfTypes.Tensor;
}
