import { formatWeek } from '@hemline/core';
import { html, type Html, type Piece } from '../page/html.ts';
import { plural, showCount, showNumber, showPercent } from '../page/numbers.ts';
import { emptySection, section, table, type Section } from '../page/section.ts';
import {
  JUMP,
  jumpedArticles,
  LIST_LENGTH,
  largestArticles,
  mostUncertain,
} from '../source/choose-articles.ts';
import type { ForecastOverview, ItemOverview } from '../source/forecast-overview.ts';
import type { Item } from '../source/forecast-points.ts';
import type { ReportSource } from '../source/report-source.ts';

/**
 * Which articles to look at: the largest, the least certain, those whose level jumped; and how to come to any other.
 * @param source of the report
 * @param overview of the forecast of demand; null where there is none
 * @param drawn articles whose curves are on the page
 * @returns the section
 */
export function articlesSection(
  source: ReportSource,
  overview: ForecastOverview | null,
  drawn: readonly Item[],
): Section {
  const [id, title] = ['articles', 'Which articles to look at'];
  if (overview === null)
    return emptySection(id, title, 'There is no forecast of demand of this run that can be read here.');
  const anchors = new Set(drawn.map(anchorOf));
  const at = overview.isPlanned ? 'at the planned discounts' : 'without any discount';
  const weeks = plural(overview.span.count, 'week');
  const never = overview.items.filter(({ support }) => support === 0).length;
  return section(
    id,
    title,
    html`<p class="sub">
      Units are those of all ${weeks} from ${formatWeek(overview.span.first)} on,
      ${at}${overview.levelsAgainst === 'forecast' ? '; before → now are those of the weeks that both forecasts have' : ''}.
      ${never === 0 ? '' : `${showCount(never)} of ${plural(overview.items.length, 'article')} in a market were never observed: their forecasts rest on what they are like.`}
      An article of these lists is found with the browser's search; one that is underlined is drawn below. For
      any other: <code>hemline report ${source.run.record.run} --article ID</code>
    </p>`,
    ...list('Largest', 'Most units forecast.', largestArticles(overview), anchors),
    ...list(
      'Least certain',
      'Of articles with at least middling units, those with the widest band from the 10 % to the 90 % quantile, as a share of the units.',
      mostUncertain(overview),
      anchors,
      'This model gives no quantiles: how sure it is of an article is not known.',
    ),
    ...list(
      'Level jumped',
      `At least ${JUMP} times ${beforeText(overview)}, or as much less; the largest changes first.`,
      jumpedArticles(overview),
      anchors,
      `No article jumped by a factor of ${JUMP} against ${beforeText(overview)}.`,
    ),
  );
}

function beforeText({ levelsAgainst }: ForecastOverview): string {
  return levelsAgainst === 'forecast'
    ? 'what the forecast before had for the same weeks and discounts'
    : 'what the article sold lately, in the 8 weeks before (there is no earlier forecast to compare with; discounts may differ)';
}

function list(
  title: string,
  note: string,
  items: readonly ItemOverview[],
  anchors: ReadonlySet<string>,
  none = 'There is none.',
): Piece[] {
  const hasBand = items.some(({ band }) => band !== null);
  const hasLevel = items.some(({ level }) => level !== null);
  const rows = items
    .slice(0, LIST_LENGTH)
    .map((item): Piece[] => [
      articleText(item, anchors),
      item.group ?? '–',
      showNumber(Math.round(item.units)),
      ...(hasBand ? [item.band === null ? '–' : `± ${showPercent(item.band / 2)}`] : []),
      ...(hasLevel ? [levelText(item)] : []),
      showNumber(item.support),
    ]);
  const head = [
    ...['article', 'group', '#units'],
    ...(hasBand ? ['#band'] : []),
    ...(hasLevel ? ['#before → now'] : []),
    '#observations behind',
  ];
  return [
    html`<h3>${title}</h3>
      <p class="sub">${items.length === 0 ? none : note}</p>`,
    ...(items.length === 0 ? [] : [table(head, rows)]),
  ];
}

function articleText(item: ItemOverview, anchors: ReadonlySet<string>): Html {
  const anchor = anchorOf(item);
  const name = `${item.article} in ${item.market}`;
  return anchors.has(anchor) ? html`<a href="#${anchor}">${name}</a>` : html`${name}`;
}

function levelText({ level }: ItemOverview): string {
  return level === null
    ? '–'
    : `${showNumber(Math.round(level.before))} → ${showNumber(Math.round(level.now))}`;
}

/**
 * @param item an article in a market
 * @returns the anchor of its curves
 */
export function anchorOf({ article, market }: Item): string {
  return `article-${encodeURIComponent(article)}-${encodeURIComponent(market)}`;
}
