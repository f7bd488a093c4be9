import type { Evaluation } from '../coordinator/linking-row.ts';
import { blockName } from './article-blocks.ts';
import { pack, unpack } from './packed-arrays.ts';

/** What all hosts are asked. */
export type RoundRequest =
  | { readonly kind: 'evaluate'; readonly multipliers: Float64Array; readonly every: number }
  | { readonly kind: 'vary'; readonly levels: Uint8Array; readonly round: number }
  /** To hold today's discounts; the profit of an article that cannot is NaN. */
  | { readonly kind: 'hold' };

/**
 * @param number of a round, from 1
 * @returns its folder
 */
export function roundFolder(number: number): string {
  return `rounds/${String(number).padStart(6, '0')}`;
}

/**
 * @param number of a round
 * @returns key of what is asked
 */
export function requestKey(number: number): string {
  return `${roundFolder(number)}/request`;
}

/**
 * @param number of a round
 * @param block of articles
 * @returns key of the block's answer
 */
export function answerKey(number: number, block: number): string {
  return `${roundFolder(number)}/block-${blockName(block)}`;
}

/**
 * @param request to tell
 * @returns its bytes
 */
export function packRequest(request: RoundRequest): Uint8Array {
  switch (request.kind) {
    case 'evaluate':
      return pack({ told: { kind: 'evaluate', every: request.every }, arrays: [request.multipliers] });
    case 'vary':
      return pack({ told: { kind: 'vary', round: request.round }, arrays: [request.levels] });
    case 'hold':
      return pack({ told: { kind: 'hold' }, arrays: [] });
  }
}

/**
 * @param bytes of {@link packRequest}
 * @returns the request
 */
export function unpackRequest(bytes: Uint8Array): RoundRequest {
  const { told, arrays } = unpack<
    { kind: 'evaluate'; every: number } | { kind: 'vary'; round: number } | { kind: 'hold' }
  >(bytes);
  switch (told.kind) {
    case 'evaluate':
      return { ...told, multipliers: arrays[0] as Float64Array };
    case 'vary':
      return { ...told, levels: arrays[0] as Uint8Array };
    case 'hold':
      return told;
  }
}

/**
 * @param found the plans of a block: what they earn and use, their bounds, their levels
 * @returns the answer's bytes
 */
export function packAnswer({ profit, use, bound, levels }: Evaluation): Uint8Array {
  return pack({ told: null, arrays: [profit, use, bound, levels] });
}

/**
 * @param bytes of {@link packAnswer}
 * @returns the plans of the block
 */
export function unpackAnswer(bytes: Uint8Array): Evaluation {
  const [profit, use, bound, levels] = unpack(bytes).arrays as [
    Float64Array,
    Float64Array,
    Float64Array,
    Uint8Array,
  ];
  return { profit, use, bound, levels };
}
