import type { Coordination } from '../coordinator/coordinate.ts';
import type { ArticleBlocks } from './article-blocks.ts';
import { blockName } from './article-blocks.ts';
import type { Exchange } from './exchange.ts';
import { pack, unpack } from './packed-arrays.ts';

const COMMON = 'plans/common';

/** What the search came to, without the plans of the articles. */
export type CommonPlans = Pick<
  Coordination,
  'bound' | 'gap' | 'evaluations' | 'multipliers' | 'boundMultipliers'
> & { readonly choice: Omit<Coordination['choice'], 'generation'> };

/**
 * Tells all hosts what the search came to: each block its plans, then what is common to them.
 * @param exchange of the hosts
 * @param blocks of all articles
 * @param planOffsets where plans begin [A + 1]
 * @param found plans of all articles
 */
export async function sharePlans(
  exchange: Exchange,
  blocks: ArticleBlocks,
  planOffsets: Float64Array,
  found: Coordination,
): Promise<void> {
  const { choice, levels, freeLevels, articleBound, chosen } = found;
  const R = choice.use.length;
  for (const block of blocks.all) {
    const { from, to } = blocks.share(block);
    const [begin, end] = [planOffsets[from]!, planOffsets[to]!];
    const arrays = [
      ...[levels.slice(begin, end), freeLevels.slice(begin, end), articleBound.slice(from, to)],
      ...[chosen.profit.slice(from, to), chosen.use.slice(from * R, to * R)],
    ];
    await exchange.put(blockKey(block), pack({ told: null, arrays }));
  }
  const { bound, gap, evaluations, multipliers, boundMultipliers } = found;
  const { profit, penalty, value, excess, isFeasible, use } = choice;
  // A gap may be infinite, which JSON does not know.
  const numbers = Float64Array.of(bound, gap, profit, penalty, value, excess);
  const arrays = [numbers, multipliers, boundMultipliers, use];
  await exchange.put(COMMON, pack({ told: { evaluations, isFeasible }, arrays }));
}

/**
 * @param exchange of the hosts
 * @returns what the search came to; null as long as it goes on
 */
export async function readPlans(exchange: Exchange): Promise<CommonPlans | null> {
  const bytes = await exchange.read(COMMON);
  if (bytes === null) return null;
  const { told, arrays } = unpack<{ evaluations: number; isFeasible: boolean }>(bytes);
  const [numbers, multipliers, boundMultipliers, use] = arrays as Float64Array[];
  const [bound, gap, profit, penalty, value, excess] = numbers as unknown as number[];
  return {
    ...{ bound: bound!, gap: gap!, evaluations: told.evaluations, multipliers: multipliers! },
    boundMultipliers: boundMultipliers!,
    choice: {
      ...{ profit: profit!, penalty: penalty!, value: value!, excess: excess! },
      ...{ isFeasible: told.isFeasible, use: use! },
    },
  };
}

/**
 * @param exchange of the hosts, where the plans have been told
 * @param blocks of all articles
 * @param block its number
 * @param common what the search came to
 * @returns the plans of the block, those of other articles left out: arrays by article hold zeros there, levels are the block's alone
 */
export async function readBlockPlans(
  exchange: Exchange,
  blocks: ArticleBlocks,
  block: number,
  common: CommonPlans,
): Promise<Coordination> {
  const [bytes] = await exchange.gather('plans', [{ key: blockKey(block), host: 'the leader' }]);
  const [levels, freeLevels, bound, profit, use] = unpack(bytes!).arrays as [
    Uint8Array,
    Uint8Array,
    Float64Array,
    Float64Array,
    Float64Array,
  ];
  const { from } = blocks.share(block);
  const placed = (values: Float64Array, width: number): Float64Array => {
    const all = new Float64Array(blocks.articles * width);
    all.set(values, from * width);
    return all;
  };
  const R = common.choice.use.length;
  return {
    ...common,
    choice: { ...common.choice, generation: new Int32Array(0) },
    ...{ levels, freeLevels, articleBound: placed(bound, 1) },
    chosen: { profit: placed(profit, 1), use: placed(use, R) },
  };
}

function blockKey(block: number): string {
  return `plans/block-${blockName(block)}`;
}
