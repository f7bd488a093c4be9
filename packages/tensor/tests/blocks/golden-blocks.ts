import { readFileSync } from 'node:fs';
import type * as tfTypes from '@tensorflow/tfjs';
import { Attention } from '../../src/blocks/attention.ts';
import { FeedForward, Linear } from '../../src/blocks/linear.ts';
import { LayerNorm } from '../../src/blocks/layer-norm.ts';
import type { NetworkContext } from '../../src/blocks/network-context.ts';
import type { ParameterLayout } from '../../src/blocks/parameters.ts';

/** A tensor's numbers. */
export interface Numbers {
  readonly shape: number[];
  readonly values: number[];
}

/** What PyTorch makes of a block; see golden/make.py. */
export interface Golden {
  readonly parameters: Numbers[];
  readonly parameterGradients: Numbers[];
  readonly inputs: Numbers[];
  readonly inputGradients: Numbers[];
  readonly weight: Numbers;
  readonly output: Numbers;
}

/** Blocks that PyTorch has. */
export type BlockName = 'linear' | 'layerNorm' | 'feedForward' | 'selfAttention' | 'crossAttention';

/** Golden numbers of every block, and the mask of attention. */
export const golden = JSON.parse(
  readFileSync(new URL('golden/blocks.json', import.meta.url), 'utf8'),
) as Record<BlockName, Golden> & { readonly mask: Numbers };
type Call = (context: NetworkContext, inputs: tfTypes.Tensor[], mask: tfTypes.Tensor) => tfTypes.Tensor;

/** Declares the block, and tells how it is called. */
export const blocks: Record<BlockName, (layout: ParameterLayout) => Call> = {
  linear: (layout) => {
    const block = new Linear(layout, 'block', 5, 3);
    return (context, [x]) => block.call(context, x!);
  },
  layerNorm: (layout) => {
    const block = new LayerNorm(layout, 'block', 8);
    return (context, [x]) => block.call(context, x!);
  },
  feedForward: (layout) => {
    const block = new FeedForward(layout, 'block', 8, 12);
    return (context, [x]) => block.call(context, x!);
  },
  selfAttention: (layout) => {
    const block = new Attention(layout, 'block', 8, 2);
    return (context, [x], mask) => block.call(context, x!, x!, mask);
  },
  crossAttention: (layout) => {
    const block = new Attention(layout, 'block', 8, 2);
    return (context, [x, y], mask) => block.call(context, x!, y!, mask);
  },
};
