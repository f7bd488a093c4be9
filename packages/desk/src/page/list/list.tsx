import { useEffect, useLayoutEffect, useMemo, useReducer, useRef, useState } from 'preact/hooks';
import type { Row, Sort, SortColumn } from '../../api/index.ts';
import { useDesk } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { texts } from '../texts/texts.ts';
import { columnsFor, templateOf, type ColumnName } from './column-widths.ts';
import { COLUMNS, NarrowCells } from './columns.tsx';
import {
  positionToShow,
  rowsInView,
  scrollMapping,
  scrollTopOf,
  scrolled,
  type ScrollPlace,
} from './scroll-mapping.ts';
import { isSelected, type Selection } from './selection.ts';
import type { Rows } from './use-rows.ts';

const ROW = 36;
const CARD = 68;
const HEAD = 34;
const OVERSCAN = 12;
const ASK_MILLISECONDS = 80;

/** What the list shows, and tells of. */
export interface ListProps {
  readonly rows: Rows;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
  readonly selection: Selection;
  readonly toggle: (row: Row) => void;
  readonly active: number;
  /** Counts up with each key that moves: the active row is brought into view, also where it is the same. */
  readonly moves: number;
  readonly setActive: (index: number) => void;
  readonly open: (row: Row) => void;
  /** The row that is open beside the list. */
  readonly opened: { readonly article: string; readonly market: string | null } | null;
  /** Whether rows are cards, as on a phone. */
  readonly isNarrow: boolean;
}

/**
 * The rows, of which only those in view are drawn.
 * @param props what it shows
 * @returns a grid
 */
export function List(props: ListProps): preact.JSX.Element {
  const { rows, isNarrow, active, setActive } = props;
  const grid = useRef<HTMLDivElement>(null);
  const place = useRef<ScrollPlace>({ position: 0, scrollTop: 0 });
  const [, draw] = useReducer((n: number) => n + 1, 0);
  const [size, setSize] = useState({ width: 1000, height: 600 });
  const total = rows.total ?? 0;
  const rowHeight = isNarrow ? CARD : ROW;
  const head = isNarrow ? 0 : HEAD;
  const mapping = useMemo(
    () => scrollMapping(total, rowHeight, size.height - head),
    [total, rowHeight, size.height, head],
  );
  const columns = useMemo(() => columnsFor(size.width), [size.width]);
  const { first, end } = rowsInView(mapping, rowHeight, place.current.position, OVERSCAN);

  useLayoutEffect(() => {
    const watched = grid.current!;
    const measure = (): void => setSize({ width: watched.clientWidth, height: watched.clientHeight });
    measure();
    const observer = new ResizeObserver(measure);
    observer.observe(watched);
    return () => observer.disconnect();
  }, []);
  // Another filter or order begins at its first row.
  useLayoutEffect(() => {
    place.current = { position: 0, scrollTop: 0 };
    grid.current!.scrollTop = 0;
    draw(0);
  }, [rows.query]);
  // A bar that is dragged passes over thousands of pages in a second: only some of them are asked for on the way.
  const asked = useRef(0);
  useEffect(() => {
    const show = (): void => {
      asked.current = performance.now();
      rows.pages.show(first, end);
    };
    if (performance.now() - asked.current > ASK_MILLISECONDS) {
      show();
      return undefined;
    }
    const timer = setTimeout(show, ASK_MILLISECONDS);
    return () => clearTimeout(timer);
  }, [rows.pages, first, end]);

  const moveTo = (position: number): void => {
    const scrollTop = scrollTopOf(mapping, position);
    place.current = { position, scrollTop };
    grid.current!.scrollTop = scrollTop;
    draw(0);
  };
  useLayoutEffect(() => {
    if (total === 0) return;
    const position = positionToShow(mapping, rowHeight, place.current.position, active);
    if (position !== place.current.position) moveTo(position);
  }, [active, props.moves]);

  // When the bar rests, it goes to the place that the position really has: moves by small steps have led it astray.
  const rest = useRef(0);
  const onScroll = (): void => {
    const scrollTop = grid.current!.scrollTop;
    if (Math.abs(scrollTop - place.current.scrollTop) >= 1) {
      place.current = scrolled(mapping, place.current, scrollTop);
      draw(0);
    }
    window.clearTimeout(rest.current);
    if (mapping.listHeight > mapping.barHeight)
      rest.current = window.setTimeout(() => {
        const right = scrollTopOf(mapping, place.current.position);
        if (Math.abs(right - place.current.scrollTop) > 1) moveTo(place.current.position);
      }, 180);
  };
  useEffect(() => () => window.clearTimeout(rest.current), []);

  const offset = place.current.scrollTop + first * rowHeight - place.current.position;
  const drawn = Array.from({ length: end - first }, (_, i) => first + i);
  return (
    <div
      ref={grid}
      class={isNarrow ? 'list narrow' : 'list'}
      id="list"
      role="grid"
      tabIndex={0}
      aria-label={texts.list.label}
      aria-rowcount={rows.total === null ? -1 : total + 1}
      aria-colcount={isNarrow ? 5 : Object.keys(COLUMNS).length + 1}
      aria-multiselectable="true"
      aria-busy={rows.total === null}
      aria-activedescendant={active >= first && active < end ? rowId(active) : undefined}
      onScroll={onScroll}
      style={{ '--columns': templateOf(columns) }}
    >
      <div role="rowgroup" class={isNarrow ? 'only-read' : 'list-head'}>
        <div role="row" aria-rowindex={1} class="columns">
          {(isNarrow ? NARROW_HEADS : columns).map((name) => (
            <Head key={name} name={name} sort={props.sort} setSort={props.setSort} isRead={isNarrow} />
          ))}
        </div>
      </div>
      <div role="rowgroup" class="tall" style={{ height: `${mapping.barHeight}px` }}>
        <div role="presentation" class="window" style={{ transform: `translateY(${offset}px)` }}>
          {drawn.map((index) => (
            <ListRow
              key={index}
              {...props}
              index={index}
              columns={columns}
              row={rows.pages.row(index)}
              setActive={setActive}
            />
          ))}
        </div>
      </div>
    </div>
  );
}

const NARROW_HEADS: readonly ColumnName[] = ['select', 'article', 'gain', 'recommended', 'state'];

function rowId(index: number): string {
  return `row-${index}`;
}

function ListRow(
  props: ListProps & {
    readonly index: number;
    readonly row: Row | undefined;
    readonly columns: readonly ColumnName[];
  },
): preact.JSX.Element {
  const { row, index, columns, selection, active } = props;
  const desk = useDesk();
  if (row === undefined)
    return (
      <div role="row" aria-rowindex={index + 2} class="columns row pending" id={rowId(index)}>
        <span role="gridcell" aria-label={texts.loading} />
      </div>
    );
  const formats = desk.formats(row.market);
  const marked = isSelected(selection, row);
  const { opened } = props;
  const isOpened = opened !== null && opened.article === row.article && opened.market === row.market;
  return (
    <div
      role="row"
      id={rowId(index)}
      aria-rowindex={index + 2}
      aria-selected={marked}
      class={['columns row', index === active && 'active', marked && 'marked', isOpened && 'opened']
        .filter(Boolean)
        .join(' ')}
      onClick={(event) => {
        props.setActive(index);
        if (!(event.target as Element).closest('input, label')) props.open(row);
      }}
    >
      <span role="gridcell" class="select" aria-colindex={1}>
        <label>
          <input
            type="checkbox"
            tabIndex={-1}
            checked={marked}
            aria-label={texts.list.select(row.article, row.market)}
            onChange={() => props.toggle(row)}
          />
        </label>
      </span>
      {props.isNarrow ? (
        <NarrowCells row={row} formats={formats} />
      ) : (
        columns.map((name) => {
          if (name === 'select') return null;
          const column = COLUMNS[name];
          return (
            <span
              key={name}
              role="gridcell"
              aria-colindex={colIndex(name)}
              class={column.isNumber ? `${name} number` : name}
            >
              {column.cell(row, formats)}
            </span>
          );
        })
      )}
    </div>
  );
}

function colIndex(name: ColumnName): number {
  return name === 'select' ? 1 : Object.keys(COLUMNS).indexOf(name) + 2;
}

function Head(props: {
  readonly name: ColumnName;
  readonly sort: Sort;
  readonly setSort: (sort: Sort) => void;
  readonly isRead: boolean;
}): preact.JSX.Element {
  const { name, sort } = props;
  const column = name === 'select' ? null : COLUMNS[name];
  const by: SortColumn | null = column?.sort ?? null;
  const isSorted = by !== null && by === sort.by;
  const label = texts.columns[name];
  const shown = name === 'select' || name === 'image' ? <span class="only-read">{label}</span> : label;
  return (
    <span
      role="columnheader"
      aria-colindex={props.isRead ? undefined : colIndex(name)}
      aria-sort={isSorted ? (sort.descending ? 'descending' : 'ascending') : undefined}
      class={column?.isNumber ? `${name} number` : name}
      title={column?.hint}
    >
      {by === null || props.isRead ? (
        shown
      ) : (
        <button
          type="button"
          aria-label={texts.list.sortBy(label)}
          onClick={() =>
            props.setSort({ by, descending: isSorted ? !sort.descending : column!.isNumber === true })
          }
        >
          {shown}
          {isSorted && <Icon name={sort.descending ? 'down' : 'up'} />}
        </button>
      )}
    </span>
  );
}
