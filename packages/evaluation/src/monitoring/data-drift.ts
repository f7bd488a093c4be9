import type { Week } from '@hemline/core';
import { DISCOUNT_BANDS, discountBand } from '../segments/segment-row.ts';
import type { AlarmLevel } from './alarm-level.ts';
import { testChange, type ChangeWindows } from './change-test.ts';
import { judge, type Judged } from './finding.ts';
import { totals } from './jackknife.ts';
import { RatioPanel, type RatioScale } from './ratio-panel.ts';

/** A row of the weekly table, as it came. NaN where something is missing. */
export interface DataRow {
  readonly week: Week;
  /** Group of its article. */
  readonly group: number;
  readonly demand: number;
  readonly discount: number;
  readonly blackPrice: number;
  /** Whether its demand is known to be cut off by the stock. */
  readonly censored: boolean;
  /** Weeks since the series was first seen, 0 in its first. */
  readonly age: number;
}

/** How a feature of the data has changed. */
export interface FeatureDrift extends Judged {
  readonly feature: string;
  /** Its mean over the weeks that are judged, and over those before. */
  readonly recent: number;
  readonly before: number;
}

/** Weeks from the first that an article counts as new. */
const NEW_WEEKS = 4;
const FEATURES = [
  'demand',
  'blackPrice',
  'missingDemand',
  'missingDiscount',
  'censored',
  'newArticles',
] as const;

/**
 * Whether the data has drifted, by features that are means over rows: demand and black price (in logs of the mean), the shares of
 * rows without demand, without discount, cut off by stock, of new articles, and in each band of discounts. The population
 * stability index of the bands is told beside. Memory is a few kilobytes a week.
 */
export class DataDrift {
  readonly #features = new Map(FEATURES.map((name) => [name, new RatioPanel()]));
  readonly #bands = DISCOUNT_BANDS.map(() => new RatioPanel());

  /** @param row of any week that is looked at */
  add({ week, group, demand, discount, blackPrice, censored, age }: DataRow): void {
    const share = (name: (typeof FEATURES)[number], holds: boolean): void =>
      this.#features.get(name)!.add(week, group, holds ? 1 : 0, 1);
    if (!Number.isNaN(demand) && !censored) this.#features.get('demand')!.add(week, group, demand, 1);
    if (!Number.isNaN(blackPrice)) this.#features.get('blackPrice')!.add(week, group, blackPrice, 1);
    share('missingDemand', Number.isNaN(demand));
    share('missingDiscount', Number.isNaN(discount));
    share('censored', censored);
    share('newArticles', age < NEW_WEEKS);
    if (Number.isNaN(discount)) return;
    const band = discountBand(discount);
    this.#bands.forEach((panel, i) => panel.add(week, group, i === band ? 1 : 0, 1));
  }

  /**
   * @param windows which weeks to compare
   * @param level what is asked of an alarm; its least change is a fraction of means and as many points of shares
   * @returns every feature, and the population stability index of the discounts
   */
  judge(windows: ChangeWindows, level: AlarmLevel): { features: FeatureDrift[]; discountPsi: number } {
    const panels: [string, RatioPanel][] = [
      ...this.#features,
      ...this.#bands.map((panel, i): [string, RatioPanel] => [`discount ${DISCOUNT_BANDS[i]}`, panel]),
    ];
    const changes = panels
      .filter(([, panel]) => panel.rows > 0)
      .map(([feature, panel]) => {
        const tested = testChange(panel, windows, scaleOf(feature));
        const { recent, before } = means(panel, windows);
        return { feature, recent, before, ...tested };
      });
    const features = judge(changes, level, ({ feature }) => scaleOf(feature));
    return { features, discountPsi: stabilityIndex(this.#bands.map((panel) => means(panel, windows))) };
  }
}

/** Means are compared in logs, shares in points. */
function scaleOf(feature: string): RatioScale {
  return feature === 'demand' || feature === 'blackPrice' ? 'log' : 'plain';
}

function means(
  panel: RatioPanel,
  { weeks, recent, baseline }: ChangeWindows,
): { recent: number; before: number } {
  const mean = (chosen: readonly Week[]): number => {
    const [top, bottom] = totals(panel.sums(chosen));
    return top / bottom;
  };
  return { recent: mean(weeks.slice(-recent)), before: mean(weeks.slice(-recent - baseline, -recent)) };
}

/** Σ (p − q) log(p / q); a share of 0 counts as a ten-thousandth, as is usual. */
function stabilityIndex(shares: readonly { recent: number; before: number }[]): number {
  const least = (share: number): number => Math.max(share, 1e-4);
  return shares.reduce((sum, { recent, before }) => {
    const [p, q] = [least(recent), least(before)];
    return sum + (p - q) * Math.log(p / q);
  }, 0);
}
