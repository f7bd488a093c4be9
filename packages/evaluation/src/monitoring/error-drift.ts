import { KeyIndex, type Batch, type Week } from '@hemline/core';
import { DISCOUNT_BANDS, discountBand } from '../segments/segment-row.ts';
import { UNKNOWN_SEGMENT } from '../score-table.ts';
import type { AlarmLevel } from './alarm-level.ts';
import type { ChangeWindows } from './change-test.ts';
import { judge, type Judged } from './finding.ts';
import { PARTS_WITH_A_COMMON } from './median.ts';
import { NoticePanel } from './notice-panel.ts';
import { articleGroup } from './ratio-panel.ts';
import { stratumOf, type RowConditions } from './row-conditions.ts';
import { testRatios, testShifts, UNDER_LIKE_CONDITIONS } from './shift-test.ts';
import { standardisedWindows } from './standardised-ratios.ts';
import { StrataPanel } from './strata-panel.ts';

/** A forecast of a week, and what came. */
export interface ComparedRow extends RowConditions {
  /** Position among the items given to {@link ErrorDrift.begin}. */
  readonly item: number;
  readonly week: Week;
  /** Units. */
  readonly actual: number;
  /** Weeks before its week, the fewest and the most, for which it is the newest forecast that had been made. */
  readonly notices: readonly [number, number];
}

/** How the bias of a segment has changed. */
export interface SegmentDrift extends Judged {
  /** `all`, `market`, `group` or `discount`. */
  readonly dimension: string;
  readonly value: string;
  /** Rows of all weeks that were looked at. */
  readonly rows: number;
  /**
   * Demand over forecast, against what was to be expected: −0.3 is 30 % less demand. Of a segment relative to the others of its
   * dimension, where there are at least four.
   */
  readonly demandChange: number;
  /** First week that the change is told of; null where it could not be judged. */
  readonly since: Week | null;
}

/** Dimensions that a part is found for by the item. */
const ATTRIBUTES = ['market', 'group'] as const;
/** Dimension whose parts are held against each other under like conditions, as a family of tests of its own. */
const STANDARDISED = 'group';
/**
 * Groups are asked about most, and their tests' account is too careful, as tails are taken for heavy and windows of one group agree: at five times
 * the level of the other families, some one weekly run in a hundred raises a false alarm (README).
 */
const GROUP_LEVEL = 5;
/** The variance of demand is taken for q̂ + q̂² / 5: of what sells well, a week tells no more than of five units. */
const DISPERSION = 5;

/**
 * Whether the error of forecasts has drifted: in all, by market, group and discount band. A segment's statistic is
 * log( Σ w q / Σ w q̂ ), q the demand, q̂ its forecast and w = 1 / (1 + q̂ / 5), the weight that has the least error for counts
 * that scatter more than Poisson's: by turnover a few dear articles would drown the rest. Memory grows with segments × weeks ×
 * the longest window × strata. Groups, where there are at least four, are compared under like conditions ({@link RowConditions}): a fall of
 * one of them is what people ask about most, and unlike conditions hide it.
 */
export class ErrorDrift {
  readonly #longest: number;
  readonly #all: NoticePanel;
  readonly #bands: readonly NoticePanel[];
  /** Of the parts of {@link STANDARDISED}. */
  readonly #strata: StrataPanel;
  readonly #attributes = ATTRIBUTES.map((name) => ({
    name,
    index: new KeyIndex([name]),
    panels: [] as NoticePanel[],
    /** By item. */
    parts: new Int32Array() as Int32Array,
  }));
  #groups: Uint8Array = new Uint8Array();

  /** @param longest window that is judged, in weeks */
  constructor(longest: number) {
    this.#longest = longest;
    this.#all = new NoticePanel(longest);
    this.#strata = new StrataPanel(longest);
    this.#bands = DISCOUNT_BANDS.map(() => new NoticePanel(longest));
  }

  /** @param items that the rows to come are of, with `article`, `market`, `group` */
  begin(items: Batch): void {
    const { dictionary, values } = items.strings('article');
    const byCode = dictionary.map(articleGroup);
    this.#groups = Uint8Array.from(values, (code) => byCode[code]!);
    for (const attribute of this.#attributes) attribute.parts = attribute.index.add(items);
  }

  /** @param row to take */
  add(row: ComparedRow): void {
    const { item, week, notices, discount, forecast, actual } = row;
    const group = this.#groups[item]!;
    const weight = 1 / (1 + forecast / DISPERSION);
    const [top, bottom] = [weight * actual, weight * forecast];
    this.#all.add(week, notices, group, top, bottom);
    this.#bands[discountBand(discount)]!.add(week, notices, group, top, bottom);
    for (const { name, panels, parts } of this.#attributes) {
      const part = parts[item]!;
      (panels[part] ??= new NoticePanel(this.#longest)).add(week, notices, group, top, bottom);
      if (name === STANDARDISED) this.#strata.add(week, notices, part, stratumOf(row), top, bottom);
    }
  }

  /**
   * @param windows which weeks to compare; the longest at most as many as are kept
   * @param level what is asked of an alarm
   * @param expectedBias demand bias of a segment (`group/shirts`) on held-out weeks, for want of weeks before
   * @returns every segment that has rows
   */
  judge(
    windows: ChangeWindows,
    level: AlarmLevel,
    expectedBias: ReadonlyMap<string, number> = new Map(),
  ): SegmentDrift[] {
    const dimensions: { name: string; values: readonly string[]; panels: readonly NoticePanel[] }[] = [
      { name: 'all', values: ['all'], panels: [this.#all] },
      ...this.#attributes.map(({ name, index, panels }) => ({
        ...{ name, panels },
        values: panels.map((_, part) => index.text(part, 0) ?? UNKNOWN_SEGMENT),
      })),
      { name: 'discount', values: DISCOUNT_BANDS, panels: this.#bands },
    ];
    const tested = dimensions.map(({ name, values, panels }) => {
      const kept = [...panels.keys()].filter((part) => (panels[part]?.rows ?? 0) > 0);
      const expected = kept.map((part) => -Math.log1p(expectedBias.get(`${name}/${values[part]}`) ?? NaN));
      const own = kept.map((part) => panels[part]!);
      const isStandardised = name === STANDARDISED && kept.length >= PARTS_WITH_A_COMMON;
      const shifts = isStandardised
        ? testRatios(
            (length) => standardisedWindows(panels, kept, this.#strata, windows.weeks, length),
            windows,
            expected,
            UNDER_LIKE_CONDITIONS,
          )
        : testShifts(own, windows, expected);
      const changes = kept.map((part, i) => ({
        ...{ dimension: name, value: values[part]!, rows: panels[part]!.rows },
        ...shifts[i]!,
        demandChange: Math.expm1(shifts[i]!.change),
      }));
      return { isStandardised, changes };
    });
    const family = (isStandardised: boolean): SegmentDrift[] => {
      const times = isStandardised ? GROUP_LEVEL : 1;
      const changes = tested.flatMap((each) => (each.isStandardised === isStandardised ? each.changes : []));
      return judge(changes, { ...level, falseAlarms: times * level.falseAlarms }, () => 'log');
    };
    const judged = [...family(false), ...family(true)];
    return dimensions.flatMap(({ name }) => judged.filter(({ dimension }) => dimension === name));
  }
}
