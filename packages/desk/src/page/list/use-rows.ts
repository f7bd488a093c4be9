import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { Filter, RowsAnswer, RowsQuery, Sort } from '../../api/index.ts';
import { useDesk } from '../frame/desk.ts';
import { rowPages, type RowPages } from './row-pages.ts';

/** Rows of the list as far as they are here. */
export interface Rows {
  readonly pages: RowPages;
  /** Rows that match; null until the first answer. */
  readonly total: number | null;
  readonly totals: RowsAnswer['totals'] | null;
  /** Tells one filter and order from another. */
  readonly query: string;
}

/**
 * @param filter of the list
 * @param sort of the list
 * @returns its rows; the component is drawn again when some have come
 */
export function useRows(filter: Filter, sort: Sort): Rows {
  const desk = useDesk();
  const query = JSON.stringify({ filter, sort });
  const [answer, setAnswer] = useState<{ readonly query: string; readonly last: RowsAnswer } | null>(null);
  const { fail, client } = desk;
  const pages = useMemo(
    () =>
      rowPages({
        ask: (offset, count, signal) => {
          const asked: RowsQuery = { filter, sort, offset, count };
          return client.get<RowsAnswer>(
            `/api/rows?query=${encodeURIComponent(JSON.stringify(asked))}`,
            signal,
          );
        },
        came: (last) => setAnswer({ query, last }),
        failed: fail,
      }),
    [query, client],
  );
  useEffect(() => {
    pages.show(0, 1);
    return pages.stop;
  }, [pages]);
  // What somebody has decided may have changed any row and all totals.
  const seen = useRef(desk.changes);
  useEffect(() => {
    if (seen.current === desk.changes) return;
    seen.current = desk.changes;
    pages.renew();
  }, [desk.changes, pages]);
  return {
    pages,
    query,
    total: answer?.query === query ? answer.last.total : null,
    // While another filter's totals come, those of before stay: a strip that empties at each key would flicker.
    totals: answer?.last.totals ?? null,
  };
}
