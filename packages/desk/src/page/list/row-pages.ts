import type { Row, RowsAnswer } from '../../api/index.ts';

/** Rows of one query, fetched by page as they come into view. */
export interface RowPages {
  /** The row, or undefined while its page is not here. */
  readonly row: (index: number) => Row | undefined;
  /** Asks for the pages of these rows; what was asked for elsewhere and has not come is given up. */
  readonly show: (first: number, end: number) => void;
  /** What is here may be out of date: what is shown is asked for again, and seen as it is until then. */
  readonly renew: () => void;
  /** Gives up whatever has been asked for. */
  readonly stop: () => void;
}

/** Of the rows that are kept. */
export interface PageSizes {
  /** Rows of a page. */
  readonly page: number;
  /** Pages that are kept; those longest out of view go first. */
  readonly kept: number;
}

/** What a page needs of the outside. */
export interface PageSource {
  /** Asks for rows; the signal gives them up. */
  readonly ask: (offset: number, count: number, signal: AbortSignal) => Promise<RowsAnswer>;
  /** Called with each answer, once its rows are here. */
  readonly came: (answer: RowsAnswer) => void;
  /** Called with what went wrong, but for what was given up. */
  readonly failed: (error: unknown) => void;
}

/**
 * @param source of the rows
 * @param sizes of pages and of what is kept
 * @returns the rows of one query; another query has pages of its own
 */
export function rowPages(source: PageSource, sizes: PageSizes = { page: 200, kept: 40 }): RowPages {
  const here = new Map<number, { readonly rows: readonly Row[]; readonly round: number }>();
  const asked = new Map<number, AbortController>();
  let round = 0;
  let shown = { first: 0, end: 0 };

  const load = (page: number): void => {
    const abort = new AbortController();
    const ofRound = round;
    asked.set(page, abort);
    source.ask(page * sizes.page, sizes.page, abort.signal).then(
      (answer) => {
        if (abort.signal.aborted) return;
        asked.delete(page);
        here.delete(page);
        here.set(page, { rows: answer.rows, round: ofRound });
        for (const old of here.keys()) {
          if (here.size <= sizes.kept) break;
          here.delete(old);
        }
        source.came(answer);
      },
      (error: unknown) => {
        if (abort.signal.aborted) return;
        asked.delete(page);
        source.failed(error);
      },
    );
  };

  const show = (first: number, end: number): void => {
    shown = { first, end };
    if (end <= first) return;
    const from = Math.floor(first / sizes.page);
    const to = Math.floor((end - 1) / sizes.page);
    for (const [page, abort] of asked)
      if (page < from || page > to) {
        abort.abort();
        asked.delete(page);
      }
    for (let page = from; page <= to; page++) {
      const found = here.get(page);
      if (found !== undefined) {
        // The order of a Map is that of insertion: what is in view becomes the newest.
        here.delete(page);
        here.set(page, found);
      }
      if (found?.round !== round && !asked.has(page)) load(page);
    }
  };
  const stop = (): void => {
    for (const abort of asked.values()) abort.abort();
    asked.clear();
  };
  return {
    row: (index) => here.get(Math.floor(index / sizes.page))?.rows[index % sizes.page],
    show,
    stop,
    renew: () => {
      round++;
      stop();
      show(shown.first, shown.end);
    },
  };
}
