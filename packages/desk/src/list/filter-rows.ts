import { STATES, type Filter, type Range } from '../api/index.ts';
import type { Names, PriceList } from './price-list.ts';
import type { RowStates } from './row-states.ts';

/** Takes rows out of what matches so far. */
type Narrow = (match: Uint8Array) => void;

/**
 * Finds the rows that a filter lets through: texts are compared once for each that differs, rows by their codes.
 * @param list of prices
 * @param states of its rows
 * @param filter what is wanted; all of it has to hold
 * @returns 1 where a row matches [N]
 */
export function matchingRows(list: PriceList, states: RowStates, filter: Filter): Uint8Array {
  const match = new Uint8Array(list.rows).fill(1);
  for (const narrow of narrowings(list, states, filter)) narrow(match);
  return match;
}

function* narrowings(list: PriceList, states: RowStates, filter: Filter): Generator<Narrow> {
  const { articles, article } = list;
  const { text, markets, groups, seasons, reasons } = filter;
  if (markets !== undefined) yield byCode(list.market, chosenCodes(list.markets, markets));
  if (filter.states !== undefined) {
    const wanted = new Uint8Array(STATES.length);
    for (const state of filter.states) wanted[STATES.indexOf(state)] = 1;
    yield byCode(states.state, wanted);
  }
  if (reasons !== undefined) yield byCode(list.reason, chosenCodes(list.reasons, reasons));
  if (groups !== undefined) yield byArticle(article, list.groupOf, chosenCodes(list.groups, groups));
  if (seasons !== undefined) yield byArticle(article, list.seasonOf, chosenCodes(list.seasons, seasons));
  if (text !== undefined && text.trim() !== '') {
    const wanted = text.trim().toLowerCase();
    const isWanted = Uint8Array.from(articles.texts, (name) => Number(name.toLowerCase().includes(wanted)));
    yield byCode(article, isWanted);
  }
  if (filter.cover !== undefined) yield byRange((row) => list.cover[row]!, filter.cover);
  if (filter.gain !== undefined) yield byRange((row) => list.gain[row]!, filter.gain);
  if (filter.change !== undefined)
    yield byRange((row) => list.recommended[row]! - list.today[row]!, widened(filter.change));
  if (filter.support !== undefined) yield byRange((row) => list.support[row]!, filter.support);
}

/** Differences of discounts are off by the last bits. */
function widened({ from, to }: Range): Range {
  return {
    ...(from === undefined ? {} : { from: from - 1e-9 }),
    ...(to === undefined ? {} : { to: to + 1e-9 }),
  };
}

function chosenCodes({ texts, codeOf }: Names, wanted: readonly string[]): Uint8Array {
  const chosen = new Uint8Array(texts.length);
  for (const text of wanted) {
    const code = codeOf(text);
    if (code !== undefined) chosen[code] = 1;
  }
  return chosen;
}

function byCode(codes: Int32Array | Uint16Array | Uint8Array, chosen: Uint8Array): Narrow {
  return (match) => {
    for (let row = 0; row < match.length; row++) match[row]! &= chosen[codes[row]!]!;
  };
}

function byArticle(article: Int32Array, codes: Int32Array, chosen: Uint8Array): Narrow {
  return byCode(
    article,
    Uint8Array.from(codes, (code) => (code === -1 ? 0 : chosen[code]!)),
  );
}

function byRange(valueOf: (row: number) => number, { from = -Infinity, to = Infinity }: Range): Narrow {
  return (match) => {
    for (let row = 0; row < match.length; row++) {
      const value = valueOf(row);
      if (!(value >= from && value <= to)) match[row] = 0;
    }
  };
}
