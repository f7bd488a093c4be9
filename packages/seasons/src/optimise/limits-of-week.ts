import { addWeeks, collect, ConfigurationError, weeksAhead, type Tables } from '@hemline/core';
import { compileRules, LinkingLimits, type ArticleTable, type PricingLimits } from '@hemline/pricing';
import type { Situation } from '../policies/policy.ts';

/**
 * The limits that have something to say in a week: about articles that are priced in it, and weeks that are planned. A file of limits is
 * about a whole season, of which a week sees a part.
 * @param limits as the file states them
 * @param table of the week
 * @param situation of the market
 * @param tables of the dataset, with all articles
 * @returns those of the week
 * @throws ConfigurationError in the first week, for limits that are about nothing in the whole season
 */
export async function limitsOfWeek(
  limits: PricingLimits,
  table: ArticleTable,
  situation: Pick<Situation, 'week' | 'number' | 'weeksLeft'>,
  tables: Tables,
): Promise<PricingLimits> {
  if (situation.number === 0) await checkSeason(limits, table, situation, tables);
  const isOfWeek = (one: Pick<PricingLimits, 'articles' | 'business'>): boolean => {
    try {
      compile({ ...limits, ...one }, table);
      return true;
    } catch (error) {
      if (error instanceof ConfigurationError) return false;
      throw error;
    }
  };
  return {
    ...limits,
    articles: limits.articles.filter((limit) => isOfWeek({ articles: [limit], business: [] })),
    business: limits.business.filter((limit) => isOfWeek({ articles: [], business: [limit] })),
  };
}

async function checkSeason(
  limits: PricingLimits,
  table: ArticleTable,
  { week, weeksLeft }: Pick<Situation, 'week' | 'weeksLeft'>,
  tables: Tables,
): Promise<void> {
  const articles = tables.find('articles');
  const weeks = weeksAhead(addWeeks(week, -1), weeksLeft + table.weeks.length);
  compile(limits, {
    ...table,
    weeks,
    ...(articles === undefined ? {} : { articles: await collect(articles) }),
  });
}

/** Looks everything up that limits name. */
function compile(limits: PricingLimits, table: ArticleTable): void {
  compileRules(limits, table);
  new LinkingLimits(limits, table);
}
