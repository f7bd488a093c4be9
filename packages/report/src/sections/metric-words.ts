import { showNumber, showPercent } from '../page/numbers.ts';

/** How a metric is spoken of. */
export interface MetricWords {
  readonly title: string;
  /** What it says, in a sentence. */
  readonly says: string;
  readonly show: (value: number | null | undefined) => string;
  /** The value that a perfect forecast would have, where it is not obvious. */
  readonly ideal?: number;
}

const percent = (value: number | null | undefined): string => showPercent(value ?? null, value === 0 ? 0 : 1);
const number = (value: number | null | undefined): string => showNumber(value);

const KNOWN: Readonly<Record<string, MetricWords>> = {
  demandError: {
    title: 'demand error',
    says: 'Root of the squared errors of single weeks, weighted by black price, against that of the demand itself: 0 is perfect, 1 is what forecasting nothing scores.',
    show: number,
  },
  demandErrorStandardError: {
    title: 'standard error of the demand error',
    says: 'By so much the demand error would scatter had other articles been scored: smaller differences mean nothing.',
    show: number,
  },
  demandBias: {
    title: 'demand bias',
    says: 'Of the value of all demand, how much too much (+) or too little (−) was forecast in all.',
    show: percent,
  },
  wape: {
    title: 'absolute error',
    says: 'Sum of the errors of single forecasts, whatever their sign, as a share of the sum of what was observed.',
    show: percent,
  },
  wapeStandardError: {
    title: 'standard error of the absolute error',
    says: 'By so much the absolute error would scatter had other articles been scored: smaller differences mean nothing.',
    show: percent,
  },
  bias: {
    title: 'bias',
    says: 'Of the sum of what was observed, how much too much (+) or too little (−) was forecast in all.',
    show: percent,
  },
  rmse: {
    title: 'root mean squared error',
    says: 'Typical error of a single forecast, in the unit of what is forecast; large errors count more.',
    show: number,
  },
  mae: {
    title: 'mean absolute error',
    says: 'Average error of a single forecast, in the unit of what is forecast.',
    show: number,
  },
  monotoneViolations: {
    title: 'falling demand curves',
    says: 'Share of demand curves that fall somewhere as the discount rises, as if less were sold the cheaper it gets. Anything but 0 misleads whoever chooses discounts by them.',
    show: percent,
    ideal: 0,
  },
  logLoss: {
    title: 'log loss',
    says: 'Of single units that come back or do not: how surprising what happened was, in nats; lower is better.',
    show: number,
  },
  brier: {
    title: 'Brier score',
    says: 'Of single units that come back or do not: mean squared error of the probability; lower is better.',
    show: number,
  },
};

/** Most telling first; what is not named comes after. */
const ORDER = Object.keys(KNOWN);
const COVERAGE = /^coverage(\d+)$/;

/**
 * @param name of a metric, as evaluations write it
 * @returns its words
 */
export function metricWords(name: string): MetricWords {
  const known = KNOWN[name];
  if (known !== undefined) return known;
  const level = COVERAGE.exec(name)?.[1];
  if (level !== undefined)
    return {
      title: `at or below the ${level}\u00a0% quantile`,
      says: `Share of weeks that sold no more than the forecast's ${level}\u00a0% quantile. Less than it should be: demand is higher than the band says; more: lower.`,
      show: percent,
      ideal: Number(level) / 100,
    };
  // Of one of several values, such as shippingCostRmse.
  const metric = ORDER.find((each) => name.endsWith(each[0]!.toUpperCase() + each.slice(1)));
  const title = name.replace(/([a-z])([A-Z])/g, '$1 $2').toLowerCase();
  if (metric === undefined) return { title, says: '', show: number };
  const value = name
    .slice(0, -metric.length)
    .replace(/([a-z])([A-Z])/g, '$1 $2')
    .toLowerCase();
  const { title: general, show } = KNOWN[metric]!;
  return { title: `${value}: ${general}`, says: `The same, of the ${value} alone.`, show };
}

/**
 * @param names of metrics
 * @returns them, most telling first
 */
export function inTellingOrder(names: Iterable<string>): string[] {
  const rank = (name: string): number => {
    const at = ORDER.indexOf(name);
    return at !== -1 ? at : COVERAGE.test(name) ? ORDER.length : ORDER.length + 1;
  };
  return [...new Set(names)].sort((a, b) => rank(a) - rank(b) || (a < b ? -1 : 1));
}
