import * as Plot from '@observablehq/plot';
import { drawChart, type Chart } from '../chart/draw-chart.ts';
import { COLORS, seriesColor } from '../chart/palette.ts';
import { html } from '../page/html.ts';
import { plural, shorten } from '../page/numbers.ts';
import { emptySection, section, type Section } from '../page/section.ts';
import type { ForecastOverview } from '../source/forecast-overview.ts';
import { isFlat, type Reaction } from '../source/reactions.ts';

/** Discounts that are shown: the nearest that were forecast. */
const SHOWN = [0.2, 0.4, 0.6];
/** Groups that a chart has room for. */
const MOST_GROUPS = 15;
/** Pixels of a letter, about. */
const LETTER = 6.6;

/**
 * How strongly demand reacts to the discount, by group of articles.
 * @param overview of the forecast of demand; null where there is none
 * @param model whose forecasts they are
 * @returns the section
 */
export function reactionSection(overview: ForecastOverview | null, model: string | null): Section {
  const [id, title] = ['reaction', 'How demand reacts to the discount'];
  const reactions = overview?.reactions ?? [];
  if (reactions.length === 0)
    return emptySection(
      id,
      title,
      'This run has no forecasts of demand at several discounts that can be read here.',
    );
  const flat = isFlat({ reactions });
  return section(
    id,
    title,
    html`<p class="sub">
      Units forecast by ${model ?? ''} at a discount, as a multiple of those without, summed over the articles
      and weeks of a group.
      ${
        flat
          ? 'This model does not react to the discount at all: it must not be asked which discount is best.'
          : 'The further to the right, the more a discount sells; where the dots lie on one another, a deeper one sells no more.'
      }
    </p>`,
    flat ? null : drawChart(reactionChart(reactions)),
  );
}

function reactionChart(all: readonly Reaction[]): Chart {
  const reactions = all.slice(0, MOST_GROUPS);
  const left = all.length - reactions.length;
  const levels = [...new Set(SHOWN.map((wanted) => nearest([...all[0]!.byDiscount.keys()], wanted)))];
  const points = reactions.flatMap(({ group, byDiscount }) =>
    levels.flatMap((level, i) => {
      const multiple = byDiscount.get(level);
      return multiple === undefined ? [] : [{ group, level, multiple, color: seriesColor(i) }];
    }),
  );
  const groups = reactions.map(({ group }) => group);
  return {
    title: 'Demand at a discount, by group',
    note: `multiple of the demand without discount${left === 0 ? '' : `; the ${MOST_GROUPS} largest groups, ${left} smaller ones left out`}`,
    rows: plural(
      reactions.reduce((sum, { articles }) => sum + articles, 0),
      'article',
    ),
    legend: levels.map((level, i) => ({ label: `${(level * 100).toFixed(0)} % off`, color: seriesColor(i) })),
    isWide: true,
    plot: ({ isNarrow, width }) => {
      const label = (group: string): string => shorten(group, isNarrow ? 18 : 30);
      return {
        width,
        height: 58 + groups.length * 26,
        marginLeft: 14 + LETTER * Math.max(...groups.map((group) => label(group).length)),
        marginRight: 20,
        marginTop: 8,
        marginBottom: 44,
        x: {
          domain: [
            Math.min(1, ...points.map(({ multiple }) => multiple)),
            Math.max(1.1, ...points.map(({ multiple }) => multiple)),
          ],
          label: 'demand (times that without discount)',
          labelAnchor: 'center',
          labelArrow: 'none',
          ticks: isNarrow ? 3 : 6,
          nice: true,
          inset: 6,
        },
        y: { domain: groups, label: null, tickFormat: label, tickSize: 0, tickPadding: 8 },
        marks: [
          Plot.gridX({ stroke: COLORS.grid, strokeOpacity: 1, ticks: isNarrow ? 3 : 6 }),
          Plot.ruleX([1], { stroke: COLORS.muted }),
          Plot.dot(points, {
            ...{ x: 'multiple', y: 'group', r: 5, fill: 'color' },
            title: ({ group, level, multiple }: (typeof points)[number]) =>
              `${group}\n${(level * 100).toFixed(0)} % off: ${multiple.toPrecision(3)} times`,
          }),
        ],
        color: { type: 'identity' },
      } as Plot.PlotOptions;
    },
  };
}

function nearest(levels: readonly number[], wanted: number): number {
  return levels.reduce((best, level) => (Math.abs(level - wanted) < Math.abs(best - wanted) ? level : best));
}
