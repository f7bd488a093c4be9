import { Batch, KeyIndex, SERIES_KEY, stringsToColumn } from '@hemline/core';
import { seriesHash } from '../panel/series-hash.ts';
import { crossedEffects, type CrossedEffects } from './crossed-effects.ts';
import type { ResponseCurve } from './response-curve.ts';

/** What series with a key in common add to the steepness of their responses. */
export interface TiltEffects {
  readonly index: KeyIndex;
  /** By key. */
  readonly effect: Float64Array;
}

/** Levels of an attribute with effects of their own: the most frequent ones. */
const MOST_LEVELS = 100;
/** Less says nothing of a series. */
const LEAST_INFORMATION = 1e-9;

/** Ways to part the articles in two halves that are looked at. */
const PARTINGS = 3;

/** What the price pulls at what the curve leaves of demand, by series. */
interface Pull {
  readonly score: Float64Array;
  readonly information: Float64Array;
}

/** How series are alike. */
interface Likeness {
  readonly factors: readonly Int32Array[];
  readonly levels: readonly number[];
  readonly cluster: Int32Array;
  readonly clusters: number;
}

/**
 * How much steeper than the curve the responses of series are, from how the price pulls at what the curve leaves of demand: by attributes,
 * by article and by series. What an article or a series has of its own counts as far as it has come again: an article that fades is
 * marked down, week after week, and what looks like a weak response of its own is its fading. What attributes say counts as far as what they say
 * of one half of the articles is seen in the other half: of few articles attributes take what is the articles' own.
 * @param series with the attributes
 * @param offsets of the rows of series
 * @param curve that is common to all
 * @param known attributes, `market` among them
 * @returns the mean of the tilts less 1, and effects that are added to it
 */
export function tiltEffects(
  series: Batch,
  offsets: Uint32Array,
  curve: ResponseCurve,
  known: readonly string[],
): { readonly mean: number; readonly effects: readonly TiltEffects[] } {
  const articles = new KeyIndex(['article']);
  const cluster = articles.add(series);
  const attributes = known.filter((name) => name !== 'article').map((name) => frequentLevels(series, name));
  const likeness: Likeness = {
    factors: attributes.map(({ level }) => level),
    levels: attributes.map(({ index }) => index.size),
    ...{ cluster, clusters: articles.size },
  };
  const { all, halves } = pulls(offsets, curve);
  const share = repeated(halves, curve.dispersion, likeness);
  const whole = effectsOf(all, curve.dispersion, likeness);
  const { cluster: ofArticle, unit } = whole.variances;
  // Where little is articles' own, there is less to tell attributes apart from, and they explain more.
  const own = { cluster: share * ofArticle, unit: share * unit };
  const found = effectsOf(all, curve.dispersion, likeness, own);
  const common = sharedByArticles(all, curve.dispersion, likeness, own, partingsOf(articles));
  const one = new KeyIndex(SERIES_KEY);
  one.add(series);
  return {
    mean: found.mean,
    effects: [
      ...attributes.map(({ index }, f) => ({
        index,
        effect: found.factors[f]!.map((effect) => common * effect),
      })),
      { index: articles, effect: whole.cluster.map((effect) => share * effect) },
      { index: one, effect: whole.unit.map((effect) => share * effect) },
    ],
  };
}

/** By series, of all of its weeks and of the earlier and the later half of them. */
function pulls(
  offsets: Uint32Array,
  { rows, pull, rest, weights }: ResponseCurve,
): { readonly all: Pull; readonly halves: readonly [Pull, Pull] } {
  const count = offsets.length - 1;
  const none = (): Pull => ({ score: new Float64Array(count), information: new Float64Array(count) });
  const all = none();
  const halves: readonly [Pull, Pull] = [none(), none()];
  for (let s = 0, begin = 0; s < count; s++) {
    let end = begin;
    while (end < rows.length && rows[end]! < offsets[s + 1]!) end++;
    for (let i = begin; i < end; i++) {
      const half = halves[2 * i < begin + end ? 0 : 1];
      for (const { score, information } of [all, half]) {
        score[s]! += weights[i]! * pull[i]! * rest[i]!;
        information[s]! += weights[i]! * pull[i]! ** 2;
      }
    }
    begin = end;
  }
  return { all, halves };
}

function effectsOf(
  { score, information }: Pull,
  dispersion: number,
  likeness: Likeness,
  own?: Parameters<typeof crossedEffects>[1],
): CrossedEffects {
  const data = {
    value: score.map((one, i) => (information[i]! > LEAST_INFORMATION ? one / information[i]! : 0)),
    variance: information.map((one) => (one > LEAST_INFORMATION ? dispersion / one : Infinity)),
    ...likeness,
  };
  return crossedEffects(data, own);
}

/**
 * What share of the effects that articles and series have of their own in one half of their weeks is seen again in the other half: the slope of
 * what is left of one half, when attributes have had their part, on the effects of the other, 0 to 1.
 */
function repeated(halves: readonly [Pull, Pull], dispersion: number, likeness: Likeness): number {
  const found = halves.map((half) => effectsOf(half, dispersion, likeness));
  let [both, squares] = [0, 0];
  found.forEach((here, h) => {
    const [there, { score, information }] = [found[1 - h]!, halves[1 - h]!];
    score.forEach((one, s) => {
      let expected = there.mean;
      likeness.factors.forEach((level, f) => {
        if (level[s] !== -1) expected += there.factors[f]![level[s]!]!;
      });
      const own = here.cluster[likeness.cluster[s]!]! + here.unit[s]!;
      both += own * (one - information[s]! * expected);
      squares += own * own * information[s]!;
    });
  });
  return squares === 0 ? 0 : Math.max(0, Math.min(1, both / squares));
}

/** On which side of each parting an article is, a bit each: by its name, wherever it stands in the data. */
function partingsOf(articles: KeyIndex): Uint8Array {
  return Uint8Array.from({ length: articles.size }, (_, key) =>
    Math.floor(seriesHash(articles.text(key, 0) ?? '', '') * 2 ** PARTINGS),
  );
}

/**
 * What share of the effects that attributes have on one half of the articles is seen on the other half: the slope of what the price pulls there, less
 * its mean, on what the attributes make one expect, 0 to 1.
 */
function sharedByArticles(
  { score, information }: Pull,
  dispersion: number,
  likeness: Likeness,
  own: NonNullable<Parameters<typeof crossedEffects>[1]>,
  partings: Uint8Array,
): number {
  let [both, squares] = [0, 0];
  for (let parting = 0; parting < PARTINGS; parting++) {
    const sideOf = (series: number): number => (partings[likeness.cluster[series]!]! >> parting) & 1;
    const found = [0, 1].map((side) =>
      effectsOf(
        { score, information: information.map((one, s) => (sideOf(s) === side ? one : 0)) },
        dispersion,
        likeness,
        own,
      ),
    );
    score.forEach((one, s) => {
      const [here, there] = [found[sideOf(s)]!, found[1 - sideOf(s)]!];
      let expected = 0;
      likeness.factors.forEach((level, f) => {
        if (level[s] !== -1) expected += there.factors[f]![level[s]!]!;
      });
      both += expected * (one - information[s]! * here.mean);
      squares += expected * expected * information[s]!;
    });
  }
  return squares === 0 ? 0 : Math.max(0, Math.min(1, both / squares));
}

/** The levels of an attribute that most series have; −1 for the others, and where it is missing. */
function frequentLevels(
  series: Batch,
  name: string,
): { readonly index: KeyIndex; readonly level: Int32Array } {
  const all = new KeyIndex([name]);
  const numbers = all.add(series);
  const counts = new Int32Array(all.size);
  for (const one of numbers) counts[one]!++;
  const kept = [...counts.keys()]
    .filter((key) => all.text(key, 0) !== null)
    .toSorted((a, b) => counts[b]! - counts[a]! || a - b)
    .slice(0, MOST_LEVELS);
  const index = new KeyIndex([name]);
  index.add(new Batch({ [name]: stringsToColumn(kept.map((key) => all.text(key, 0)!)) }));
  return { index, level: index.find(series) };
}
