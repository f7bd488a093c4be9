import { useEffect, useRef, useState } from 'preact/hooks';
import type { Row } from '../../api/index.ts';
import { ArticlePanel } from '../article/article-panel.tsx';
import { intentOf } from '../decide/intent-of.ts';
import { mayDecide, useDesk, type Intent } from '../frame/desk.ts';
import type { Route } from '../frame/route.ts';
import { useKeys } from '../frame/use-keys.ts';
import { texts } from '../texts/texts.ts';
import { FilterBar } from './filter-bar.tsx';
import { List } from './list.tsx';
import { NOTHING, sizeOf, targetsOf, toggled, type Selection } from './selection.ts';
import { Strip } from './strip.tsx';
import { useRows } from './use-rows.ts';

/**
 * The list with its filters and totals, and the article beside it.
 * @param props of the address
 * @param props.route what is looked at
 * @param props.go changes it
 * @param props.isNarrow whether the window is that of a phone
 * @returns the screen
 */
export function ListScreen(props: {
  readonly route: Route;
  readonly go: (change: Partial<Route>) => void;
  readonly isNarrow: boolean;
}): preact.JSX.Element {
  const { route, go, isNarrow } = props;
  const desk = useDesk();
  const rows = useRows(route.filter, route.sort);
  const [selection, setSelection] = useState<Selection>(NOTHING);
  const [active, setActive] = useState(0);
  const total = rows.total ?? 0;
  const current = rows.pages.row(active);
  // What is open beside the list is what keys decide about, whichever row is active.
  const [shown, setShown] = useState<Row | null>(null);
  const may = mayDecide(desk.session);

  // Other rows match, or their versions are others: what was marked no longer is what was seen.
  useEffect(() => {
    setActive(0);
    setSelection((before) => (before.kind === 'all' ? NOTHING : before));
  }, [rows.query]);
  const seen = useRef(desk.decisions);
  useEffect(() => {
    if (seen.current !== desk.decisions) setSelection(NOTHING);
    seen.current = desk.decisions;
  }, [desk.decisions]);

  const open = (row: Row): void => go({ article: row.article, market: row.market });
  const intend = (kind: Intent['kind']): void => {
    if (!may) return desk.say({ kind: 'failed', text: texts.decide.readOnly });
    const about = route.article === null ? current : (shown ?? undefined);
    const size = sizeOf(selection);
    if (size > 0) {
      const [only] = selection.kind === 'rows' && size === 1 ? [...selection.rows.values()] : [];
      desk.intend(
        only === undefined
          ? {
              kind,
              targets: targetsOf(selection),
              rows: size,
              about:
                selection.kind === 'all'
                  ? texts.decide.aboutAll(desk.common.count(size))
                  : texts.decide.aboutMany(size, desk.common.count(size)),
            }
          : intentOf(only, kind),
      );
    } else if (about !== undefined) desk.intend(intentOf(about, kind));
    else desk.say({ kind: 'failed', text: texts.decide.nothingSelected });
  };
  const [moves, setMoves] = useState(0);
  const move = (to: number): void => {
    const next = Math.min(Math.max(to, 0), Math.max(0, total - 1));
    setActive(next);
    setMoves((n) => n + 1);
    const row = rows.pages.row(next);
    if (route.article !== null && row !== undefined) open(row);
  };

  useKeys({
    ArrowDown: () => move(active + 1),
    j: () => move(active + 1),
    ArrowUp: () => move(active - 1),
    k: () => move(active - 1),
    PageDown: () => move(active + 15),
    PageUp: () => move(active - 15),
    Home: () => move(0),
    End: () => move(total - 1),
    Enter: () => current !== undefined && open(current),
    x: () => current !== undefined && setSelection(toggled(selection, current)),
    a: () => intend('approve'),
    o: () => intend('overrule'),
    u: desk.undoLast,
    '/': () => document.getElementById('search')?.focus(),
    Escape: () => {
      if (route.article !== null) {
        go({ article: null, market: null });
        document.getElementById('list')?.focus();
      } else if (sizeOf(selection) > 0) setSelection(NOTHING);
    },
  });

  const size = sizeOf(selection);
  return (
    <main class={route.article === null ? 'list-screen' : 'list-screen with-article'} id="main">
      <h1 class="only-read">{texts.screens.list}</h1>
      <div class="list-side">
        <FilterBar
          filter={route.filter}
          sort={route.sort}
          isNarrow={isNarrow}
          set={(filter, sort) => go({ filter, sort: sort ?? route.sort })}
        />
        <Strip totals={rows.totals} selection={selection} />
        <div class="bulk-bar">
          <span class="bulk-count" role="status">
            {size > 0
              ? texts.list.selected(desk.common.count(size))
              : rows.total === null
                ? texts.loading
                : texts.list.rows(total, desk.common.count(total))}
          </span>
          {total > 0 && selection.kind === 'rows' && (
            <button
              type="button"
              class="plain"
              onClick={() => setSelection({ kind: 'all', filter: route.filter, total })}
            >
              {texts.list.selectAll(desk.common.count(total))}
            </button>
          )}
          {size > 0 && (
            <>
              <button type="button" class="plain" onClick={() => setSelection(NOTHING)}>
                {texts.list.selectNone}
              </button>
              {may && (
                <span class="bulk-actions">
                  <button type="button" class="primary" onClick={() => intend('approve')}>
                    {texts.decide.approve}
                  </button>
                  <button type="button" onClick={() => intend('overrule')}>
                    {texts.decide.overrule}
                  </button>
                  <button type="button" onClick={() => intend('exclude')}>
                    {texts.decide.exclude}
                  </button>
                  <button type="button" onClick={() => intend('priority')}>
                    {texts.decide.priority}
                  </button>
                  <button type="button" onClick={() => intend('release')}>
                    {texts.decide.release}
                  </button>
                </span>
              )}
            </>
          )}
        </div>
        <List
          rows={rows}
          sort={route.sort}
          setSort={(sort) => go({ sort })}
          selection={selection}
          toggle={(row) => setSelection(toggled(selection, row))}
          active={active}
          moves={moves}
          setActive={setActive}
          open={open}
          opened={route.article === null ? null : { article: route.article, market: route.market }}
          isNarrow={isNarrow}
        />
        {rows.total === 0 && (
          <div class="empty">
            <p>{texts.list.empty}</p>
            <button type="button" onClick={() => go({ filter: {} })}>
              {texts.list.clear}
            </button>
          </div>
        )}
      </div>
      {route.article !== null && (
        <ArticlePanel
          article={route.article}
          market={route.market}
          shown={setShown}
          show={(article, market) => go({ article, market })}
          close={() => {
            go({ article: null, market: null });
            document.getElementById('list')?.focus();
          }}
        />
      )}
    </main>
  );
}
