import { throwIfAborted, type Week } from '@hemline/core';
import { seriesHash, type FilledPanel } from '@hemline/features';
import { featuresOf, FeatureWriter, type Question } from './features.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';
import { Origin } from './origin.ts';
import { SeriesHistory } from './series-history.ts';
import { rowOfWeek, type Stage } from './stage.ts';
import type { SeriesStore } from './series-store.ts';

/** Weeks of series, each seen from some weeks before. */
export interface Examples {
  /** One a feature, in the order of `featuresOf`. */
  readonly columns: readonly Float32Array[];
  /** Units demanded. */
  readonly demand: Float64Array;
  /** Units that are ordinary: what is learnt is demand over it. */
  readonly level: Float64Array;
  /** Demand over the level by the past alone: where trees begin. */
  readonly start: Float64Array;
  /** Black price; 1 where none is known. */
  readonly price: Float64Array;
  readonly weeksAhead: Int32Array;
}

/** Where an example lies. */
interface Place {
  readonly panel: number;
  readonly series: number;
  readonly row: number;
  readonly weeksAhead: number;
  readonly isNew: boolean;
  readonly isAlone: boolean;
}

/** Distances near the week are asked about most; those ahead thin out. */
const NEAR = 6;
/** A series that begins so many weeks after the data is new, and not only cut off by it. */
const NEW_AFTER = 8;

/**
 * Chooses what is learnt from: every known week up to the cutoff of the stage, seen from one or several distances; fewer weeks where
 * there are too many. What is chosen depends on names, weeks and seed alone.
 * @param stage to learn from
 * @param seed of the choice
 * @param hyperparameters of the training
 * @param signal stops the work
 * @returns the examples
 */
export function trainingExamples(
  stage: Stage,
  seed: number,
  hyperparameters: DemandTreesHyperparameters,
  signal?: AbortSignal,
): Examples {
  const { stores } = stage;
  const { examples, distances, horizon, coldShare, hiddenPlans } = hyperparameters;
  let known = 0;
  let firstWeek = Infinity;
  for (const { demand, weeks } of stores) {
    for (const units of demand) if (units === units) known++;
    for (const week of weeks) if (week < firstWeek) firstWeek = week;
  }
  const perWeek = Math.min(distances, examples / Math.max(1, known));
  const reach = distanceDraws(horizon);
  const places: Place[] = [];
  for (const { panel, series, hash } of inOrder(stores)) {
    const store = stores[panel]!;
    const [from, to] = [store.offsets[series]!, store.offsets[series + 1]!];
    const isLate = from < to && store.weeks[from]! > firstWeek + 7 * NEW_AFTER;
    for (let row = from; row < to; row++) {
      if (Number.isNaN(store.demand[row]!)) continue;
      const draw = new Draws(hash, store.weeks[row]!, seed);
      const times = Math.floor(perWeek + draw.next());
      const seen = new Set<number>();
      for (let i = 0; i < times; i++) {
        let weeksAhead = reach[Math.floor(draw.next() * reach.length)]!;
        const at = row - from - weeksAhead;
        const isNew = at >= 0 && draw.next() < coldShare;
        const isAlone = draw.next() < hiddenPlans;
        // Before a series that was cut off by the beginning of the data there is nothing to see it from.
        if (at < 0 && !isLate) {
          if (row === from) continue;
          weeksAhead = 1 + Math.floor(draw.next() * (row - from));
        }
        if (seen.has(weeksAhead)) continue;
        seen.add(weeksAhead);
        places.push({ panel, series, row, weeksAhead, isNew, isAlone });
      }
    }
  }
  return write(stage, places, null, signal);
}

/**
 * The weeks after the cutoff of a stage, each seen from it, with what they brought.
 * @param stage what is known
 * @param panels with the weeks after it
 * @param until last week
 * @param most examples, about: whole series are left out
 * @param signal stops the work
 * @returns the examples
 */
export function heldOutExamples(
  stage: Stage,
  panels: readonly FilledPanel[],
  until: Week,
  most: number,
  signal?: AbortSignal,
): Examples {
  const actual = panels.map(({ rows }) => rows.floats('demand'));
  const places: (Place & { readonly hash: number })[] = [];
  for (const { panel, series, hash } of inOrder(stage.stores)) {
    const store = stage.stores[panel]!;
    const [from, to] = [store.offsets[series]!, store.offsets[series + 1]!];
    const at = from === to ? 0 : rowOfWeek(store, series, stage.cutoff);
    for (let row = Math.max(from, from + at + 1); row < to; row++) {
      if (store.weeks[row]! > until) break;
      if (Number.isNaN(actual[panel]![row]!)) continue;
      places.push({ panel, series, row, weeksAhead: row - from - at, isNew: false, isAlone: false, hash });
    }
  }
  const share = most / Math.max(1, places.length);
  return write(
    stage,
    places.filter(({ hash }) => share >= 1 || hash < share),
    actual,
    signal,
  );
}

function write(
  stage: Stage,
  places: readonly Place[],
  actual: readonly Float64Array[] | null,
  signal?: AbortSignal,
): Examples {
  const { length } = places;
  const columns = featuresOf(stage.columns).map(() => new Float32Array(length));
  const found = {
    demand: new Float64Array(length),
    level: new Float64Array(length),
    start: new Float64Array(length),
    price: new Float64Array(length),
    weeksAhead: new Int32Array(length),
  };
  const origin = new Origin(stage.knowledge.settings);
  const writer = new FeatureWriter(stage);
  const hidden = new Map<number, SeriesStore>();
  let histories: { readonly usual: SeriesHistory; empty: SeriesHistory | null } | null = null;
  places.forEach((place, to) => {
    const { panel, series, row, weeksAhead, isNew, isAlone } = place;
    if (to % 4096 === 0) throwIfAborted(signal);
    const store = stage.stores[panel]!;
    if (histories?.usual.store !== store || histories.usual.series !== series)
      histories = { usual: new SeriesHistory(store, series), empty: null };
    if (isNew && histories.empty === null) {
      const silent = hidden.get(panel) ?? {
        ...store,
        demand: new Float64Array(store.demand.length).fill(NaN),
      };
      hidden.set(panel, silent);
      histories.empty = new SeriesHistory(silent, series);
    }
    origin.move(isNew ? histories.empty! : histories.usual, row - histories.usual.from - weeksAhead);
    const question: Question = {
      origin,
      row,
      weeksAhead,
      market: stage.numbers[panel]!.market[series]!,
      group: stage.numbers[panel]!.group[series]!,
      isAlone,
      isNew,
    };
    writer.writeWeek(question, columns, to);
    const depth = store.depth[row]!;
    found.start[to] = writer.writeDiscount(question, depth === depth ? depth : 0, columns, to);
    found.demand[to] = Math.max(0, (actual === null ? store.demand : actual[panel]!)[row]!);
    found.level[to] = origin.level;
    found.price[to] = Math.exp(store.logPrice[row]!);
    found.weeksAhead[to] = weeksAhead;
  });
  return { columns, ...found };
}

/** Series by their names, with a number in [0, 1) that depends on these alone. */
function inOrder(
  stores: readonly SeriesStore[],
): { readonly panel: number; readonly series: number; readonly hash: number }[] {
  const all = stores.flatMap(({ keys }, panel) => {
    const [articles, markets] = [keys.strings('article'), keys.strings('market')];
    return Array.from({ length: keys.length }, (_, series) => {
      const article = articles.dictionary[articles.values[series]!]!;
      const market = markets.dictionary[markets.values[series]!]!;
      return { panel, series, name: `${article}\u0000${market}`, hash: seriesHash(article, market) };
    });
  });
  return all.sort((a, b) => (a.name < b.name ? -1 : 1));
}

/** Distances to draw from, each as often as it is to be drawn. */
function distanceDraws(horizon: number): number[] {
  const draws: number[] = [];
  for (let weeks = 1; weeks <= horizon; weeks++) {
    const times = Math.max(1, Math.round((60 * NEAR) / (weeks + NEAR)));
    for (let i = 0; i < times; i++) draws.push(weeks);
  }
  return draws;
}

/** Numbers in [0, 1) that depend on a series, a week and a seed. */
class Draws {
  #state: number;

  constructor(hash: number, week: number, seed: number) {
    this.#state =
      (Math.floor(hash * 2 ** 32) ^ Math.imul(week, 0x9e3779b1) ^ Math.imul(seed + 1, 0x85ebca6b)) >>> 0;
    this.next();
  }

  next(): number {
    // Mulberry32.
    this.#state = (this.#state + 0x6d2b79f5) >>> 0;
    let t = this.#state;
    t = Math.imul(t ^ (t >>> 15), t | 1);
    t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
    return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
  }
}
