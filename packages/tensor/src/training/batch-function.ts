import type * as tfTypes from '@tensorflow/tfjs';
import { EngineError } from '@hemline/core';
import { compile } from '../compiled/compile.ts';
import type { TensorEngine } from '../engine/load-tensorflow.ts';
import type { NamedTensors } from './batch-source.ts';

/** A compiled function of some tensors (weights, say) and of a batch. */
export interface BatchFunction<Name extends string> {
  /**
   * @param state tensors by position; not freed
   * @param batch tensors by name, those of the first call in any order; not freed
   * @returns new tensors, to be freed by the caller
   * @throws EngineError when the batch lacks a part of the first one, or has another one
   */
  (state: readonly tfTypes.Tensor[], batch: NamedTensors<Name>): tfTypes.Tensor[];
  /** Frees the sessions; the function must not be called afterwards. */
  dispose(): void;
}

/**
 * Compiles a function that takes the tensors of a batch by their names; the first batch tells which there are. All that
 * {@link compile} asks of a function holds.
 * @param engine that computes
 * @param f the function
 * @returns the compiled function
 */
export function compileForBatches<Name extends string>(
  engine: TensorEngine,
  f: (state: readonly tfTypes.Tensor[], batch: NamedTensors<Name>) => tfTypes.Tensor[],
): BatchFunction<Name> {
  let names: readonly Name[] | null = null;
  const compiled = compile(engine, (tensors) => {
    const first = tensors.length - names!.length;
    const batch = Object.fromEntries(names!.map((name, i) => [name, tensors[first + i]!]));
    return f(tensors.slice(0, first), batch as NamedTensors<Name>);
  });
  const call = (state: readonly tfTypes.Tensor[], batch: NamedTensors<Name>): tfTypes.Tensor[] => {
    const found = Object.keys(batch) as Name[];
    names ??= found;
    if (found.length !== names.length || names.some((name) => batch[name] === undefined))
      throw new EngineError('a batch has other parts than the one before', {
        expected: names.join(', '),
        found: found.join(', '),
      });
    return compiled([...state, ...names.map((name) => batch[name])]);
  };
  return Object.assign(call, { dispose: () => compiled.dispose() });
}
