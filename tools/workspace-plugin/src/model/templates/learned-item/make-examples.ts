import { addWeeks, DataError, formatWeek, takeRows, type Batch, type Week } from '@hemline/core';
import { seriesHash } from '@hemline/features';
import type { Examples } from '../learned/examples.ts';
import { scoreOf, type Link } from '../learned/link.ts';
import { FEATURES, featuresOf } from './features.ts';
import { ItemAverages } from './item-averages.ts';
import type { ItemBlocks } from './item-blocks.ts';

/** Which examples are made. */
export interface ExampleOptions {
  /** Number of the value, and what it is called in messages. */
  readonly target: number;
  readonly what: string;
  readonly link: Link;
  readonly validationShare: number;
}

/**
 * Looks back from several weeks of the past, as from the cutoff: features from the blocks before, labels from the block after. An
 * example for every item that had units in the block, in the order of the items.
 * @param blocks what was observed
 * @param items with their attributes, in the order of the blocks
 * @param options value, link
 * @returns the examples
 * @throws DataError when no block has both something before it and something in it
 */
export function makeExamples(
  blocks: ItemBlocks,
  items: Batch,
  { target, what, link, validationShare }: ExampleOptions,
): Examples {
  const { lastWeek, blockWeeks, recent } = blocks.shape;
  const held = heldItems(items, validationShare);
  const parts: Examples[] = [];
  for (let block = 0; block < recent; block++) {
    if (!hasUnits(blocks, target, block, block) || !hasUnits(blocks, target, block + 1, blocks.blocks - 1))
      continue;
    const averages = ItemAverages.fit(blocks, items, target, block + 1, what);
    const { values, units } = blocks.observations(target, block);
    const seen = Uint32Array.from([...units.keys()].filter((item) => units[item]! > 0));
    const some = takeRows(items, seen);
    const found = averages.lookup(some);
    parts.push({
      columns: featuresOf(some, found, middleOf(addWeeks(lastWeek, -block * blockWeeks), -blockWeeks), link),
      label: Float32Array.from(seen, (item) => bounded(link, values[item]!)),
      weight: Float32Array.from(seen, (item) => units[item]!),
      offset: Float32Array.from(found.own, (value) => scoreOf(link, value)),
      held: Uint8Array.from(seen, (item) => held[item]!),
    });
  }
  if (parts.length === 0)
    throw new DataError(`there is nothing to learn ${what} from`, {
      expected: `units in the ${recent * blockWeeks} weeks up to ${formatWeek(lastWeek)}, and some before them`,
      found: 'no such weeks',
      remedy: 'Choose a later cutoff, or data that goes back further; an average needs less.',
    });
  return joined(parts);
}

/**
 * @param week last or first of a window
 * @param blockWeeks its length, negative to look back
 * @returns the week in the middle of it
 */
export function middleOf(week: Week, blockWeeks: number): Week {
  return addWeeks(week, Math.trunc(blockWeeks / 2));
}

function hasUnits(blocks: ItemBlocks, target: number, from: number, to: number): boolean {
  for (let block = from; block <= to; block++)
    if (blocks.observations(target, block).units.some((units) => units > 0)) return true;
  return false;
}

/** Shares lie within 0 and 1, amounts are not negative. */
function bounded(link: Link, value: number): number {
  return Math.max(0, link === 'logit' ? Math.min(1, value) : value);
}

/** All examples of some items are kept apart. */
function heldItems(items: Batch, share: number): Uint8Array {
  const [article, market] = [items.strings('article'), items.strings('market')];
  return Uint8Array.from({ length: items.length }, (_, item) =>
    // Not the hash by which others draw samples.
    Number(
      seriesHash(market.dictionary[market.values[item]!]!, article.dictionary[article.values[item]!]!) <
        share,
    ),
  );
}

function joined(parts: readonly Examples[]): Examples {
  const length = parts.reduce((sum, { label }) => sum + label.length, 0);
  const all = {
    columns: FEATURES.map(() => new Float32Array(length)),
    label: new Float32Array(length),
    weight: new Float32Array(length),
    offset: new Float32Array(length),
    held: new Uint8Array(length),
  };
  let at = 0;
  for (const { columns, label, weight, offset, held } of parts) {
    columns.forEach((values, column) => all.columns[column]!.set(values, at));
    all.label.set(label, at);
    all.weight.set(weight, at);
    all.offset.set(offset, at);
    all.held.set(held, at);
    at += label.length;
  }
  return all;
}
