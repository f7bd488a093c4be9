import { describe, expect, it } from 'vitest';
import { addWeeks, formatWeek } from '@hemline/core';
import { ALARM_LEVEL, type SegmentDrift } from '@hemline/evaluation';
import {
  AVERAGING,
  LONGEST,
  watch,
  weeklyMarket,
  type Forecaster,
  type WeeklyMarket,
} from './weekly-market.ts';

const LEVEL = { recent: LONGEST, baseline: 8 };
const MARKET = { articles: 1000, markets: 4, weeks: 102, seed: 1 };
const found = (drifts: readonly SegmentDrift[]): string[] =>
  drifts.flatMap(({ dimension, value, found: isFound }) => (isFound ? [`${dimension} ${value}`] : []));

describe('a market that is forecast anew every week by the averaging model', () => {
  it('has its drift in the group whose demand falls by 30 %, and nowhere without it', async () => {
    const shift = { group: 't-shirts', factor: 0.7, from: '2023-08-21' };
    const base = await weeklyMarket(MARKET);
    const { errors, data } = watch(base, await weeklyMarket({ ...MARKET, shift }));
    const judged = { weeks: base.weeks, ...LEVEL };
    const drifts = errors.judge(judged, ALARM_LEVEL);
    expect(found(drifts)).toEqual(['group t-shirts']);
    const since = drifts.find(({ value }) => value === 't-shirts')!.since!;
    expect(formatWeek(since) >= shift.from).toBe(true);
    expect(data.judge(judged, ALARM_LEVEL).features.filter((each) => each.found)).toEqual([]);

    const silent = watch(base);
    expect(found(silent.errors.judge(judged, ALARM_LEVEL))).toEqual([]);
    expect(silent.data.judge(judged, ALARM_LEVEL).features.filter((each) => each.found)).toEqual([]);
  }, 240_000);

  // Minutes: HEMLINE_ALARM_RATE names the number of markets, of 2,000 articles or HEMLINE_ALARM_ARTICLES. What they have shown is in
  // the README. The method was tuned on seeds below 300.
  const markets = Number(process.env['HEMLINE_ALARM_RATE'] ?? 0);
  it.skipIf(markets === 0)(
    'raises few false alarms, and tells which shifts it finds',
    async () => {
      const articles = Number(process.env['HEMLINE_ALARM_ARTICLES'] ?? 2000);
      let runs = 0;
      const alarms = { error: 0, data: 0 };
      const trials: { share: number; articles: number; isFound: boolean }[] = [];
      const forecaster = forecasterHere();
      const learnt = forecaster.isTrainedOnce === true ? 26 : 53;
      const first = Number(process.env['HEMLINE_ALARM_SEED'] ?? 300);
      for (let seed = first; seed < first + markets; seed++) {
        const options = {
          articles,
          markets: Number(process.env['HEMLINE_ALARM_MARKETS'] ?? 4),
          weeks: 104,
          seed,
        };
        const base = await weeklyMarket(options, forecaster);
        const { errors, data } = watch(base);
        // Some time to learn from, then every week.
        for (let end = learnt; end <= base.weeks.length; end++) {
          const judged = { weeks: base.weeks.slice(0, end), ...LEVEL };
          const drifts = found(errors.judge(judged, ALARM_LEVEL));
          runs++;
          if (drifts.length > 0) alarms.error++;
          if (data.judge(judged, ALARM_LEVEL).features.some((each) => each.found)) alarms.data++;
          if (drifts.length > 0) process.stdout.write(`seed ${seed}, week ${end}: ${drifts.join(', ')}\n`);
        }
        for (const trial of drawTrials(base, seed, learnt)) {
          const from = formatWeek(base.weeks[trial.at]!);
          const shift = { group: trial.group, factor: 0.7, from };
          const watched = watch(
            base,
            await weeklyMarket({ ...options, shift }, forecaster, base.fitted),
          ).errors;
          const after = [1, 2, 3, 4].map((weeks) =>
            found(
              watched.judge({ weeks: base.weeks.slice(0, trial.at + weeks), ...LEVEL }, ALARM_LEVEL),
            ).includes(`group ${trial.group}`),
          );
          const isFound = after.includes(true);
          trials.push({ ...trial, isFound });
          process.stdout.write(
            `seed ${seed}, ${trial.group} from ${from}: ${isFound ? `found after ${after.indexOf(true) + 1} weeks` : 'not found'} (${(100 * trial.share).toFixed(1)} % of turnover, ${trial.articles} articles)\n`,
          );
        }
        base.fitted?.dispose();
      }
      const rate = (of: typeof trials): string =>
        `${of.filter(({ isFound }) => isFound).length} of ${of.length}`;
      process.stdout.write(
        `${runs} weekly runs: ${alarms.error} alarms of error, ${alarms.data} of data; found ${rate(trials)}: ` +
          `below 50 articles ${rate(trials.filter((trial) => trial.articles < 50))}, ` +
          `50 to 99 ${rate(trials.filter((trial) => trial.articles >= 50 && trial.articles < 100))}, ` +
          `100 and more ${rate(trials.filter((trial) => trial.articles >= 100))}\n`,
      );
      // 1 % is stated; three standard deviations of the count are allowed for.
      const most = 0.01 * runs + 3 * Math.sqrt(0.01 * runs);
      expect(alarms.error).toBeLessThanOrEqual(most);
      expect(alarms.data).toBeLessThanOrEqual(most);
    },
    3_600_000,
  );
});

/** Who forecasts, by HEMLINE_ALARM_METHOD a method of demand-naive, by HEMLINE_ALARM_MODEL a model that is trained once, after a year. */
function forecasterHere(): Forecaster {
  const model = process.env['HEMLINE_ALARM_MODEL'];
  if (model !== undefined) return { model, hyperparameters: {}, first: 52, isTrainedOnce: true };
  return { ...AVERAGING, hyperparameters: { method: process.env['HEMLINE_ALARM_METHOD'] ?? 'last' } };
}

/** Articles on sale that the group of a shift has, about; by default any number. */
const NEAR = Number(process.env['HEMLINE_ALARM_GROUP'] ?? NaN);
/** Groups of a shift in each market. */
const TRIALS = Number.isNaN(NEAR) ? 4 : 1;

/**
 * Draws groups that have at least 3 % of the turnover of the eight weeks before a week, and these weeks; or the group that has the number
 * of articles which is asked for, most nearly.
 */
function drawTrials(
  { items, compared, weeks }: WeeklyMarket,
  seed: number,
  learnt: number,
): { group: string; at: number; share: number; articles: number }[] {
  let state = seed;
  const draw = (below: number): number => {
    state = (Math.imul(state ^ (state >>> 15), 0x2c1b3c6d) + 0x9e3779b9) >>> 0;
    return Math.floor((state / 2 ** 32) * below);
  };
  const groups = items.strings('group');
  const articles = items.strings('article');
  return Array.from({ length: TRIALS }, () => {
    const at = learnt + draw(weeks.length - learnt - LONGEST);
    const [from, until] = [addWeeks(weeks[at]!, -8), weeks[at]!];
    const turnover = new Map<string, number>();
    const sold = new Map<string, Set<number>>();
    let all = 0;
    for (const { item, week, notices, actual, blackPrice } of compared) {
      if (week < from || week >= until || notices[0] !== 1) continue;
      const group = groups.dictionary[groups.values[item]!]!;
      turnover.set(group, (turnover.get(group) ?? 0) + actual * blackPrice);
      if (!sold.has(group)) sold.set(group, new Set());
      sold.get(group)!.add(articles.values[item]!);
      all += actual * blackPrice;
    }
    const eligible = [...turnover].filter(([, value]) => value >= 0.03 * all).sort();
    const distance = ([name]: (typeof eligible)[number]): number => Math.abs(sold.get(name)!.size - NEAR);
    const [group, value] = Number.isNaN(NEAR)
      ? eligible[draw(eligible.length)]!
      : [...turnover].sort().toSorted((a, b) => distance(a) - distance(b))[0]!;
    return { group, at, share: value / all, articles: sold.get(group)!.size };
  });
}
