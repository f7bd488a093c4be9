import { readFileSync } from 'node:fs';
import { loadTensorflow, NetworkContext, type NamedTensors, type Tensor } from '@hemline/tensor';
import { describe, expect, it } from 'vitest';
import { demandLoss } from '../src/loss.ts';
import type { NetworkOutput } from '../src/network.ts';
import type { TrainingPart } from '../src/training-windows.ts';

interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

const OUTPUTS = ['level', 'tilt', 'slopes', 'dispersion'] as const;
type OutputName = (typeof OUTPUTS)[number];

/** The loss as golden/make.py works it out, with weeks that are not known or beyond a bound. */
const golden = JSON.parse(readFileSync(new URL('golden/loss.json', import.meta.url), 'utf8')) as {
  readonly penalties: { readonly levelPenalty: number; readonly tiltPenalty: number };
  readonly outputs: Record<OutputName, Numbers>;
  readonly targets: Record<'demand' | 'weight' | 'reach', Numbers>;
  readonly loss: number;
  readonly gradients: Record<OutputName, Numbers>;
};

const { tf } = await loadTensorflow();
const context = new NetworkContext(tf, []);
const tensorOf = ({ shape, values }: Numbers): Tensor => tf.tensor(values, shape);
const { demand, weight, reach } = golden.targets;
/** A network reads the inputs; here its answers are given, and there is nothing to read. */
const batch = {
  demand: tensorOf(demand),
  weight: tensorOf(weight),
  reach: tensorOf(reach),
} as NamedTensors<TrainingPart>;
const outputs = OUTPUTS.map((name) => tensorOf(golden.outputs[name]));

function lossOf(...[level, tilt, slopes, dispersion]: Tensor[]): Tensor {
  const output = { level, tilt, slopes, dispersion } as NetworkOutput;
  return demandLoss({ call: () => output }, context, batch, golden.penalties);
}

describe('the loss of a batch', () => {
  const gradients = tf.grads(lossOf)(outputs);

  it('is the sum of its parts, each by its formula', () => {
    expect(lossOf(...outputs).dataSync()[0]).toBeCloseTo(golden.loss, 4);
  });

  it.each(OUTPUTS.map((name, i) => [name, i] as const))(
    'has the gradient of its formula by %s',
    (name, i) => {
      const found = gradients[i]!.dataSync();
      golden.gradients[name].values.forEach((wanted, cell) => expect(found[cell]).toBeCloseTo(wanted, 4));
    },
  );

  it('falls against its gradient', () => {
    const moved = outputs.map((output, i) => tf.sub(output, tf.mul(gradients[i]!, 1e-3)));
    expect(lossOf(...moved).dataSync()[0]).toBeLessThan(lossOf(...outputs).dataSync()[0]!);
  });
});
