import { KeyIndex, type Batch, type Week } from '@hemline/core';
import { DISCOUNT_BANDS, discountBand } from '../segments/discount-bands.ts';
import { UNKNOWN_SEGMENT } from '../score-table.ts';
import { testChanges, type Change, type ChangeWindows } from './change-test.ts';
import { judge, type AlarmLevel, type Judged } from './finding.ts';
import { articleGroup, RatioPanel } from './ratio-panel.ts';

/** The forecast of a week that was in use, and what came. */
export interface ComparedRow {
  /** Position among the items given to {@link ErrorDrift.begin}. */
  readonly item: number;
  readonly week: Week;
  /** That was in the shop. */
  readonly discount: number;
  /** Units. */
  readonly forecast: number;
  /** Units. */
  readonly actual: number;
  readonly blackPrice: number;
}

/** How the bias of a segment has changed. */
export interface SegmentDrift extends Judged {
  /** `all`, `market`, `group` or `discount`. */
  readonly dimension: string;
  readonly value: string;
  /** Rows of all weeks that were looked at. */
  readonly rows: number;
  /**
   * Demand over forecast, against what it was before: −0.3 is 30 % less demand. Of a segment relative to the others of its
   * dimension, where there are at least four.
   */
  readonly demandChange: number;
}

/** Dimensions that a part is found for by the item. */
const ATTRIBUTES = ['market', 'group'] as const;

/**
 * Whether the error of forecasts has drifted: in all, by market, group and discount band. A segment's statistic is
 * log( Σ b q / Σ b q̂ ), b the black price, q the demand and q̂ its forecast. Memory grows with segments × weeks.
 */
export class ErrorDrift {
  readonly #all = new RatioPanel();
  readonly #bands = DISCOUNT_BANDS.map(() => new RatioPanel());
  readonly #attributes = ATTRIBUTES.map((name) => ({
    name,
    index: new KeyIndex([name]),
    panels: [] as RatioPanel[],
    /** By item. */
    parts: new Int32Array() as Int32Array,
  }));
  #groups: Uint8Array = new Uint8Array();

  /** @param items that the rows to come are of, with `article`, `market`, `group` */
  begin(items: Batch): void {
    const { dictionary, values } = items.strings('article');
    const byCode = dictionary.map(articleGroup);
    this.#groups = Uint8Array.from(values, (code) => byCode[code]!);
    for (const attribute of this.#attributes) attribute.parts = attribute.index.add(items);
  }

  /** @param row to take */
  add({ item, week, discount, forecast, actual, blackPrice }: ComparedRow): void {
    const group = this.#groups[item]!;
    const [top, bottom] = [blackPrice * actual, blackPrice * forecast];
    this.#all.add(week, group, top, bottom);
    this.#bands[discountBand(discount)]!.add(week, group, top, bottom);
    for (const { panels, parts } of this.#attributes)
      (panels[parts[item]!] ??= new RatioPanel()).add(week, group, top, bottom);
  }

  /**
   * @param windows which weeks to compare
   * @param level what is asked of an alarm
   * @param expectedBias demand bias of a segment (`group/shirts`) on held-out weeks, for want of weeks before
   * @returns every segment that has rows
   */
  judge(
    windows: ChangeWindows,
    level: AlarmLevel,
    expectedBias: ReadonlyMap<string, number> = new Map(),
  ): SegmentDrift[] {
    const dimensions: { name: string; values: readonly string[]; panels: readonly RatioPanel[] }[] = [
      { name: 'all', values: ['all'], panels: [this.#all] },
      ...this.#attributes.map(({ name, index, panels }) => ({
        ...{ name, panels },
        values: panels.map((_, part) => index.text(part, 0) ?? UNKNOWN_SEGMENT),
      })),
      { name: 'discount', values: DISCOUNT_BANDS, panels: this.#bands },
    ];
    const changes = dimensions.flatMap(({ name, values, panels }) => {
      const kept = [...panels.keys()].filter((part) => (panels[part]?.rows ?? 0) > 0);
      const expected = kept.map((part) => -Math.log1p(expectedBias.get(`${name}/${values[part]}`) ?? NaN));
      const tested = testChanges(
        kept.map((part) => panels[part]!),
        windows,
        'log',
        expected,
      );
      return kept.map((part, i) => ({
        ...{ dimension: name, value: values[part]!, rows: panels[part]!.rows },
        ...tested[i]!,
        demandChange: Math.expm1(tested[i]!.change),
      }));
    });
    return judge(changes, level, ({ demandChange }: Change & { demandChange: number }) =>
      Math.abs(demandChange),
    );
  }
}
