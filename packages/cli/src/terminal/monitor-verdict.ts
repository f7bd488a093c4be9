import type { MonitoredModel, MonitorResult } from '@hemline/hemline';
import { fallText, riseText } from './detectable-text.ts';
import { percent, unsigned } from './percent.ts';

type BeyondLimit = MonitorResult['beyondLimits'][number];

/**
 * What to make of a monitoring: what is plainly wrong, what tests have found, and what they could have found.
 * @param result of it
 * @returns lines; those that ask for a person begin with "! "
 */
export function monitorVerdict(result: MonitorResult): string[] {
  const { models, data, beyondLimits } = result;
  const { limits, baseline } = result.settings;
  const beyond = beyondLimits.map((each) => `! ${beyondText(each, baseline)}`);
  const findings = [
    ...models.flatMap(foundText),
    ...data.features
      .filter(({ found }) => found)
      .map(
        ({ feature, before, recent }) =>
          `data: ${feature} went from ${before.toFixed(3)} to ${recent.toFixed(3)}`,
      ),
  ];
  return [
    ...(beyond.length > 0
      ? [
          ...beyond,
          'Look at these before prices are set by the forecasts, whatever the tests say. --limit moves a limit.',
        ]
      : [
          `Nothing is beyond its limit: bias ${unsigned(limits.bias)}, of a segment ${unsigned(limits.segmentBias)}, error ` +
            `${limits.errorTimes} times the earlier one, stability index ${limits.discountPsi}.`,
        ]),
    ...models
      .filter(({ model }) => !beyondLimits.some((each) => each.model === model && each.limit === 'bias'))
      .map(biasText),
    ...(findings.length > 0
      ? findings.map((finding) => `! ${finding}`)
      : ['No test has found a change beyond chance. How much that says:']),
    ...models.map(powerText),
  ];
}

function beyondText(
  { limit, most, value, model, dimension, segment, rows, earlier }: BeyondLimit,
  baseline: number,
): string {
  switch (limit) {
    case 'bias':
    case 'segmentBias': {
      const of = dimension === null ? 'in all' : `of ${dimension} ${segment}`;
      if (value === null) return `${model}: nothing was sold of what was forecast ${of} (${rows} rows).`;
      const direction = value < 0 ? 'low' : 'high';
      return `${model}: the forecasts in use ${of} were ${unsigned(value)} too ${direction} (${rows} rows); the limit is ${unsigned(most)}.`;
    }
    case 'errorTimes':
      return (
        `${model}: the demand error is ${value!.toFixed(1)} times that of ${earlier!.of === 'approval' ? 'its approval' : `the ${baseline} weeks before`}, ` +
        `${(value! * earlier!.demandError).toFixed(3)} against ${earlier!.demandError.toFixed(3)}; the limit is ${most} times.`
      );
    case 'discountPsi':
      return (
        `data: the discounts in the shop are no longer those of the ${baseline} weeks before (population stability index ` +
        `${value!.toFixed(2)}; the limit is ${most}): forecasts at discounts that were rare are less sure.`
      );
  }
}

function foundText({ model, segments }: MonitoredModel): string[] {
  return segments
    .filter(({ found }) => found)
    .map(
      ({ dimension, value, demandChange, since }) =>
        `${model}: demand of ${dimension} ${value} is ${percent(demandChange)} against its forecasts since ${since}, compared with before`,
    );
}

function biasText({ model, metrics, rows }: MonitoredModel): string {
  const bias = metrics['demandBias'] ?? Number.NaN;
  if (!Number.isFinite(bias)) return `${model}: how far too high or low its forecasts were is not known.`;
  return `${model}: the forecasts in use were ${unsigned(bias)} too ${bias < 0 ? 'low' : 'high'} in all (${rows} rows).`;
}

/** What the tests of a model could have found. */
function powerText({ model, past, segments }: MonitoredModel): string {
  const whole = segments.find(({ dimension }) => dimension === 'all');
  const parts = segments.filter(({ dimension }) => dimension !== 'all');
  const judged = parts.filter(({ detectable }) => detectable !== null);
  const best = judged.toSorted((a, b) => a.detectable!.fall - b.detectable!.fall)[0];
  return [
    `${model}: with ${counted(past.forecasts, 'earlier forecast')} and sales for ${counted(past.weeks, 'week')} of them,`,
    whole === undefined || whole.detectable === null
      ? `a change of demand in all cannot be tested yet: that takes at least ${past.weeksNeeded} weeks;`
      : `${unseen(whole.detectable, 'demand in all')};`,
    best === undefined
      ? 'no market, group or discount band can be tested.'
      : `${judged.length} of ${parts.length} markets, groups and discount bands can be tested: of the one that is known best, ${best.dimension} ${best.value}, ${unseen(best.detectable, 'demand')}.`,
  ].join(' ');
}

function unseen(detectable: MonitoredModel['segments'][number]['detectable'], of: string): string {
  const [fall, rise] = [fallText(detectable), riseText(detectable)];
  if (fall === null) return `even a fall of ${of} to nothing would be found in fewer than half of the cases`;
  const risen = rise === null ? '' : ` (a rise of less than ${rise})`;
  return `a fall of ${of} of less than ${fall}${risen} would be found in fewer than half of the cases`;
}

function counted(count: number, what: string): string {
  return `${count} ${what}${count === 1 ? '' : 's'}`;
}
