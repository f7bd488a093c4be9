import { PATH_SETTINGS, WEEKLY_SETTINGS, type ArticleLimit, type BusinessLimit } from './limits-schema.ts';

type Unnamed<T> = Omit<T, 'name' | 'line'>;

/**
 * A name for a limit that was given none.
 * @param limit of articles
 * @returns for example `maximum for market DE`
 */
export function nameOfArticleLimit(limit: Unnamed<ArticleLimit>): string {
  const settings = [...WEEKLY_SETTINGS, ...PATH_SETTINGS].filter((setting) => limit[setting] !== undefined);
  return `${settings.join(', ')}${selectionText(limit)}`;
}

/**
 * A name for a limit that was given none.
 * @param limit of the business
 * @returns for example `discount rate for market DE, from 2026-01-05`
 */
export function nameOfBusinessLimit(limit: Unnamed<BusinessLimit>): string {
  const at = limit.at === undefined ? '' : ` at ${limit.at}`;
  return `${limit.limit.replace('-', ' ')}${at}${selectionText(limit)}`;
}

function selectionText({ where, weeks }: Pick<Unnamed<BusinessLimit>, 'where' | 'weeks'>): string {
  const parts = Object.entries(where ?? {}).map(
    ([column, values]) => `${column} ${typeof values === 'string' ? values : values.join(' or ')}`,
  );
  const selected = parts.length === 0 ? '' : ` for ${parts.join(' and ')}`;
  const from = weeks?.from === undefined ? '' : `, from ${weeks.from}`;
  const until = weeks?.until === undefined ? '' : `, until ${weeks.until}`;
  return `${selected}${from}${until}`;
}
