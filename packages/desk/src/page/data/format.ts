import type { RunFacts } from '../../api/index.ts';

type MarketFacts = RunFacts['markets'][number];

const NONE = '–';
const made = new Map<string, Intl.NumberFormat>();

/** Numbers and money as people of a market write them. */
export interface Formats {
  readonly percent: (share: number | null | undefined) => string;
  /** A difference of shares, in points with its sign. */
  readonly points: (share: number) => string;
  readonly money: (amount: number | null | undefined) => string;
  /** Money with its sign, as differences have. */
  readonly change: (amount: number | null | undefined) => string;
  /** Money short enough for a chart or a strip: 12.3k €. */
  readonly short: (amount: number) => string;
  readonly price: (amount: number | null | undefined) => string;
  readonly count: (count: number | null | undefined) => string;
  /** As it is, to three digits after the point. */
  readonly plain: (value: number | null | undefined) => string;
  /** With a digit after the point where it is small. */
  readonly decimal: (value: number | null | undefined) => string;
}

/**
 * @param market whose locale and currency hold; without them the browser's locale, and amounts without a currency
 * @returns how numbers are written
 */
export function formatsOf(market: Omit<MarketFacts, 'market'>): Formats {
  const { locale, currency } = market;
  const write = (options: Intl.NumberFormatOptions, value: number): string =>
    formatter(locale, options).format(value === 0 ? 0 : value);
  const orNone =
    (show: (value: number) => string) =>
    (value: number | null | undefined): string =>
      value === null || value === undefined || !Number.isFinite(value) ? NONE : show(value);
  const money: Intl.NumberFormatOptions = currency === null ? {} : { style: 'currency', currency };
  return {
    percent: orNone((share) => write({ style: 'percent', maximumFractionDigits: 1 }, share)),
    points: (share) => write({ maximumFractionDigits: 1, signDisplay: 'exceptZero' }, round(share * 100, 1)),
    money: orNone((amount) => write({ ...money, maximumFractionDigits: 0 }, Math.round(amount))),
    change: orNone((amount) =>
      write({ ...money, maximumFractionDigits: 0, signDisplay: 'exceptZero' }, Math.round(amount)),
    ),
    short: (amount) =>
      write({ ...money, notation: 'compact', minimumFractionDigits: 0, maximumFractionDigits: 1 }, amount),
    price: orNone((amount) => write(currency === null ? { maximumFractionDigits: 2 } : money, amount)),
    count: orNone((count) => write({ maximumFractionDigits: 0 }, count)),
    plain: orNone((value) => write({ maximumFractionDigits: 3 }, value)),
    decimal: orNone((value) => write({ maximumFractionDigits: Math.abs(value) < 20 ? 1 : 0 }, value)),
  };
}

/**
 * @param markets of a run
 * @returns how amounts of all of them together are written: with the currency that all have, else without one
 */
export function commonFormats(markets: readonly MarketFacts[]): Formats {
  const same = <T>(values: readonly (T | null)[]): T | null =>
    values.length > 0 && values.every((value) => value === values[0]) ? values[0]! : null;
  return formatsOf({
    currency: same(markets.map(({ currency }) => currency)),
    locale: same(markets.map(({ locale }) => locale)),
  });
}

/**
 * @param week ISO date of its first day
 * @param locale of the reader; null for the browser's
 * @returns such as `3 Mar`, in the calendar that weeks are counted by, whatever the reader's time zone
 */
export function showWeek(week: string, locale: string | null = 'en-GB'): string {
  const date = new Date(`${week.slice(0, 10)}T00:00:00Z`);
  return Number.isNaN(date.getTime())
    ? week
    : date.toLocaleDateString(locale ?? undefined, { day: 'numeric', month: 'short', timeZone: 'UTC' });
}

/**
 * @param at ISO moment
 * @returns day and time of the reader's clock
 */
export function showMoment(at: string): string {
  const date = new Date(at);
  return Number.isNaN(date.getTime())
    ? at
    : date.toLocaleString('en-GB', { day: 'numeric', month: 'short', hour: '2-digit', minute: '2-digit' });
}

/**
 * @param text of an input in percent, such as `25`, `12,5` or `25 %`
 * @returns the share, or null where it is none of 0 to under 100
 */
export function readPercent(text: string): number | null {
  const match = /^\s*(\d{1,2}(?:[.,]\d+)?)\s*%?\s*$/.exec(text);
  return match === null ? null : round(Number(match[1]!.replace(',', '.')) / 100, 6);
}

function round(value: number, digits: number): number {
  return Number(value.toFixed(digits));
}

function formatter(locale: string | null, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const key = `${locale} ${JSON.stringify(options)}`;
  let found = made.get(key);
  if (found === undefined) {
    found = makeFormatter(locale, options);
    made.set(key, found);
  }
  return found;
}

/** A locale or currency that the data names and no browser knows must not cost the page. */
function makeFormatter(locale: string | null, options: Intl.NumberFormatOptions): Intl.NumberFormat {
  const known = isKnownLocale(locale) ? locale! : undefined;
  const isMoney = options.currency !== undefined && /^[A-Za-z]{3}$/.test(options.currency);
  return isMoney || options.currency === undefined
    ? new Intl.NumberFormat(known, options)
    : new Intl.NumberFormat(known, { ...options, style: 'decimal', currency: undefined });
}

function isKnownLocale(locale: string | null): boolean {
  if (locale === null) return false;
  try {
    return Intl.getCanonicalLocales(locale).length > 0;
  } catch {
    return false;
  }
}
