import type { Filter, Range, Sort } from '../../api/index.ts';

/** Screens of the page. */
export const SCREENS = ['list', 'waiting', 'audit', 'what-if'] as const;
export type Screen = (typeof SCREENS)[number];

/** What is looked at: it is written into the address, so that a look can be sent to somebody. */
export interface Route {
  readonly screen: Screen;
  /** Opened beside the list. */
  readonly article: string | null;
  readonly market: string | null;
  readonly filter: Filter;
  readonly sort: Sort;
}

export const FIRST_SORT: Sort = { by: 'gain', descending: true };

/**
 * @param route to write
 * @returns the part of the address after #; it holds no more than differs from the first look
 */
export function writeRoute(route: Route): string {
  const path = [route.screen, ...(route.article === null ? [] : [route.article, route.market ?? ''])];
  const filter = tidyFilter(route.filter);
  const query = new URLSearchParams();
  if (Object.keys(filter).length > 0) query.set('filter', JSON.stringify(filter));
  if (route.sort.by !== FIRST_SORT.by || route.sort.descending !== FIRST_SORT.descending)
    query.set('sort', `${route.sort.descending ? '-' : ''}${route.sort.by}`);
  const text = query.toString();
  return `#/${path.map(encodeURIComponent).join('/')}${text === '' ? '' : `?${text}`}`;
}

/**
 * @param hash the part of an address after #, from wherever: what is not understood is as if it were not there
 * @returns what is looked at
 */
export function readRoute(hash: string): Route {
  const [path = '', query = ''] = hash.replace(/^#\/?/, '').split(/\?(.*)/s);
  const parts = path.split('/').map(decode);
  const search = new URLSearchParams(query);
  const [first = '', article = '', market = ''] = parts;
  const sort = search.get('sort');
  return {
    screen: SCREENS.find((screen) => screen === first) ?? 'list',
    article: article === '' ? null : article,
    market: market === '' ? null : market,
    filter: readFilter(search.get('filter')),
    sort:
      sort === null || !/^-?[a-zA-Z]+$/.test(sort)
        ? FIRST_SORT
        : { by: sort.replace(/^-/, '') as Sort['by'], descending: sort.startsWith('-') },
  };
}

/**
 * @param filter as its inputs leave it
 * @returns the filter without what says nothing
 */
export function tidyFilter(filter: Filter): Filter {
  return Object.fromEntries(
    Object.entries(filter).filter(([, value]: [string, string | readonly string[] | Range | undefined]) => {
      if (value === undefined) return false;
      if (typeof value === 'string') return value.trim() !== '';
      if (isList(value)) return value.length > 0;
      return value.from !== undefined || value.to !== undefined;
    }),
  );
}

function isList(value: readonly string[] | Range): value is readonly string[] {
  return Array.isArray(value);
}

function readFilter(text: string | null): Filter {
  if (text === null) return {};
  try {
    const filter: unknown = JSON.parse(text);
    return typeof filter === 'object' && filter !== null ? tidyFilter(filter) : {};
  } catch {
    return {};
  }
}

function decode(part: string): string {
  try {
    return decodeURIComponent(part);
  } catch {
    return '';
  }
}
