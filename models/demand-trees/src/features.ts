import type { GroupWeeks } from './group-weeks.ts';
import type { DatasetColumns } from './dataset-columns.ts';
import { RECENT, type Origin } from './origin.ts';
import { HALF_LIVES } from './series-history.ts';

/** A feature, and what trees may do with it. */
export interface TreeFeature {
  readonly name: string;
  /** Whether it rises with the discount of the week: demand never falls as it rises. */
  readonly rises?: boolean;
  readonly categorical?: boolean;
}

/** Weeks over which means are taken. */
const WINDOWS = [4, 8, 13, 26, 52] as const;
/** Last weeks that are told one by one. */
const LAGS = [0, 1, 2, 3] as const;
/** Power with which the last eight weeks, over what their prices made one expect, change where trees begin. */
const RECENT_SHARE = 0.7;
/** Weeks of a year. */
const YEAR = 52;
/** Weeks that the demand of a group is compared over. */
const GROUP_WINDOWS = [4, 13] as const;
/** Weeks around the week asked about whose discounts are told. */
const NEIGHBOURS = [-2, -1, 1] as const;

/** Features that change with the discount that is asked about, in the order that {@link writeDiscount} writes them. */
const OF_DISCOUNT: readonly TreeFeature[] = [
  'depth',
  'drop',
  'dropFromLast',
  'dropFromLowest',
  'depthLessOthers',
  'depthLessDeepest',
  'depthLessBefore',
  'depthLessAfter',
  'demandAtPrice',
  'demandAtPriceAlike',
].map((name) => ({ name, rises: true }));

/** How many features change with the discount: they come first. */
export const DISCOUNT_FEATURES = OF_DISCOUNT.length;

/**
 * All features that a model of a dataset has, in order: those that change with the discount of the week first, so that the others need
 * not be worked out anew for each discount.
 * @param columns of the dataset
 * @returns the features
 */
export function featuresOf(columns: DatasetColumns): TreeFeature[] {
  const planned = columns.planned.names;
  const names = [
    ...['weeksAhead', 'level', 'support', 'weeksKnown', 'weeksSinceKnown'],
    ...LAGS.map((lag) => `demand${lag}`),
    ...WINDOWS.map((weeks) => `mean${weeks}`),
    ...HALF_LIVES.map((weeks) => `fading${weeks}`),
    ...['expanding', 'deviation13', 'zeros13', 'highest13', 'lastYear', 'lastYearChange'],
    ...RECENT.map((weeks) => `recent${weeks}`),
    ...['demandAtUsual', 'depthMean4', 'depthMean13', 'blackOverUsual'],
    ...GROUP_WINDOWS.flatMap((weeks) => [`market${weeks}`, `group${weeks}`]),
    ...['marketYear', 'groupYear'],
    ...columns.past.flatMap((name) => [`last_${name}`, `mean4_${name}`]),
    ...['othersDepth', 'othersDeepest', 'othersDepthOfGroup', 'othersDepthChange'],
    ...NEIGHBOURS.map((weeks) => `depthAt${weeks}`),
    ...planned.map((name) => `planned_${name}`),
    ...planned
      .slice(0, columns.covariates)
      .flatMap((name) => [`before_${name}`, `after_${name}`, `others_${name}`]),
    ...columns.numbers.map((name) => `static_${name}`),
  ];
  return [
    ...OF_DISCOUNT,
    ...names.map((name) => ({ name })),
    ...columns.categories.map((name) => ({ name: `category_${name}`, categorical: true })),
  ];
}

/** What stands behind features, besides the series itself. */
export interface FeatureContext {
  readonly columns: DatasetColumns;
  /** Of whole markets, and of the groups within them. */
  readonly markets: GroupWeeks;
  readonly groups: GroupWeeks;
}

/** What is asked about. */
export interface Question {
  /** Seen from here, {@link Origin.move}d. */
  readonly origin: Origin;
  /** Row of the week in the store. */
  readonly row: number;
  /** Weeks from the origin to the week. */
  readonly weeksAhead: number;
  readonly market: number;
  readonly group: number;
  /** Whether what is planned for other weeks and other series is not to be seen. */
  readonly isAlone: boolean;
  /** Whether the series is to look as if it were new: not even its past discounts are seen. */
  readonly isNew: boolean;
}

/** Writes features of weeks into columns; keeps what discounts of the same week have in common. */
export class FeatureWriter {
  readonly #context: FeatureContext;
  #othersDepth = NaN;
  #othersDeepest = NaN;
  #before = NaN;
  #after = NaN;
  #lowest = NaN;

  /** @param context of the dataset */
  constructor(context: FeatureContext) {
    this.#context = context;
  }

  /**
   * Writes what does not change with the discount. Call before {@link writeDiscount}.
   * @param question which week, seen from where
   * @param columns one a feature
   * @param to row of these
   */
  writeWeek(question: Question, columns: readonly Float32Array[], to: number): void {
    const { origin, row, weeksAhead, market, group, isAlone, isNew } = question;
    const { history, at, level, settings } = origin;
    const { store } = history;
    const { markets, groups, columns: dataset } = this.#context;
    let next = DISCOUNT_FEATURES;
    const put = (value: number): void => {
      columns[next++]![to] = value;
    };
    put(weeksAhead);
    put(Math.log(level));
    put(origin.support);
    put(history.over(history.count, at, Infinity));
    put(at < 0 || history.lastKnown[at]! < 0 ? NaN : at - history.lastKnown[at]!);
    for (const lag of LAGS) put(history.demandAt(at - lag) / level);
    for (const weeks of WINDOWS)
      put(history.over(history.units, at, weeks) / history.over(history.count, at, weeks) / level);
    for (let k = 0; k < HALF_LIVES.length; k++) put(at < 0 ? NaN : history.fading[k]![at]! / level);
    put(history.over(history.units, at, Infinity) / history.over(history.count, at, Infinity) / level);
    const known13 = history.over(history.count, at, 13);
    const mean13 = history.over(history.units, at, 13) / known13;
    put(Math.sqrt(Math.max(0, history.over(history.squares, at, 13) / known13 - mean13 * mean13)) / level);
    put(history.over(history.zeros, at, 13) / known13);
    let highest = NaN;
    this.#lowest = NaN;
    for (let i = Math.max(0, at - YEAR + 1); i <= at; i++) {
      const units = history.demandAt(i);
      if (units !== units) continue;
      if (i > at - 13 && !(units <= highest)) highest = units;
      const price = history.priceAt(i);
      if (!(price >= this.#lowest)) this.#lowest = price;
    }
    put(highest / level);
    const target = at + weeksAhead;
    const yearAgo = target - YEAR;
    put(yearAgo > at ? NaN : history.demandAt(yearAgo) / level);
    put(meanAround(history, yearAgo, at, 1) / meanAround(history, at - YEAR - 2, at, 4));
    for (const one of origin.recent) put(one);
    put(origin.profile.at(0) / level);
    const [known4, depth4] = [history.over(history.count, at, 4), history.over(history.depths, at, 4)];
    put(depth4 / known4);
    put(history.over(history.depths, at, 13) / known13);
    put(store.logPrice[row]! - origin.usual);
    const [first, week] = [store.weeks[history.from]!, store.weeks[row]!];
    const now = first + 7 * at;
    const groupsOf = [
      [markets, market],
      [groups, group],
    ] as const;
    for (const weeks of GROUP_WINDOWS)
      for (const [sums, number] of groupsOf)
        put(sums.level(number, now, weeks) - sums.level(number, now, YEAR));
    for (const [sums, number] of groupsOf)
      put(sums.level(number, week - 7 * (YEAR - 1), 3) - sums.level(number, now - 7 * YEAR, 8));
    for (const values of store.past) {
      put(at < 0 ? NaN : values[history.from + at]!);
      let [sum, count] = [0, 0];
      for (let i = Math.max(0, at - 3); i <= at; i++) {
        const value = values[history.from + i]!;
        if (value === value) [sum, count] = [sum + value, count + 1];
      }
      put(sum / count);
    }
    if (settings.deviations.length > 0) origin.likeWeek(row);
    const own = store.depth[row]!;
    const none = { depth: NaN, deepest: NaN };
    const others = isAlone ? none : markets.others(market, week, own);
    const othersOfGroup = isAlone ? none : groups.others(group, week, own);
    put((this.#othersDepth = others.depth));
    put((this.#othersDeepest = others.deepest));
    put(othersOfGroup.depth);
    put(others.depth - (isAlone ? NaN : markets.others(market, now, history.depthAt(at)).depth));
    const rowOf = row - history.from;
    for (const step of NEIGHBOURS) {
      // What is past is known in any case, but of what is new.
      const isHidden = rowOf + step > at ? isAlone : isNew;
      const depth = isHidden ? NaN : history.depthAt(rowOf + step);
      put(depth);
      if (step === -1) this.#before = depth;
      if (step === 1) this.#after = depth;
    }
    for (const values of store.planned) put(values[row]!);
    for (let k = 0; k < dataset.covariates; k++) {
      const values = store.planned[k]!;
      for (const step of [-1, 1]) {
        const neighbour = rowOf + step;
        const isHidden = neighbour > at ? isAlone : isNew;
        const isThere = neighbour >= 0 && neighbour < history.length && !isHidden;
        put(isThere ? values[row + step]! : NaN);
      }
      put(isAlone ? NaN : markets.othersCovariate(market, week, k, values[row]!));
    }
    for (const values of store.statics) put(values[history.series]!);
    for (const codes of store.codes) {
      const code = codes[history.series]!;
      put(code === 0 ? NaN : code);
    }
  }

  /**
   * Writes what changes with the discount.
   * @param question the one that {@link writeWeek} was given last
   * @param depth −log(1 − discount) that is asked about
   * @param columns one a feature
   * @param to row of these
   * @returns demand over the level by the past alone: where trees begin
   */
  writeDiscount(
    { origin, row }: Question,
    depth: number,
    columns: readonly Float32Array[],
    to: number,
  ): number {
    const { history, at, level, settings, recent } = origin;
    const logPrice = history.store.logPrice[row]!;
    const price = logPrice - depth;
    const drop = origin.dropOf(logPrice, depth);
    const last = at < 0 ? -1 : history.lastKnown[at]!;
    let next = 0;
    const put = (value: number): void => {
      columns[next++]![to] = value;
    };
    put(depth);
    put(Number.isNaN(origin.usual) ? NaN : drop);
    put(last < 0 ? NaN : history.priceAt(last) - price);
    put(this.#lowest - price);
    put(depth - this.#othersDepth);
    put(depth - this.#othersDeepest);
    put(depth - this.#before);
    put(depth - this.#after);
    const alike = (settings.deviations.length > 0 ? origin.similar : origin.profile).at(drop) / level;
    put(origin.profile.at(drop) / level);
    put(alike);
    return alike * recent[1]! ** RECENT_SHARE;
  }
}

/** Mean demand of the known weeks around one, none after the origin; NaN where there is none. */
function meanAround(
  history: { demandAt(at: number): number },
  middle: number,
  origin: number,
  reach: number,
): number {
  let [sum, count] = [0, 0];
  for (let i = middle - reach; i <= Math.min(origin, middle + reach); i++) {
    const units = history.demandAt(i);
    if (units === units) [sum, count] = [sum + units, count + 1];
  }
  return sum / count;
}
