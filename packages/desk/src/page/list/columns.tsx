import type { ComponentChildren } from 'preact';
import type { Row, SortColumn } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { Icon } from '../frame/icon.tsx';
import { StateMark } from '../frame/state-mark.tsx';
import { texts } from '../texts/texts.ts';
import type { ColumnName } from './column-widths.ts';

/** What a column shows of a row. */
export interface Column {
  readonly sort: SortColumn | null;
  readonly isNumber?: boolean;
  readonly hint?: string;
  readonly cell: (row: Row, formats: Formats) => ComponentChildren;
}

/** Columns by name; which are seen, and how broad they are, is in `column-widths.ts`. */
export const COLUMNS: Readonly<Record<Exclude<ColumnName, 'select'>, Column>> = {
  image: {
    sort: null,
    cell: () => (
      <span class="picture" title={texts.list.noPicture}>
        <Icon name="picture" />
      </span>
    ),
  },
  article: {
    sort: 'article',
    cell: (row) => (
      <>
        <span class="name">{row.article}</span>
        {row.priority && (
          <span class="priority" title={texts.list.priority}>
            <Icon name="star" />
            <span class="only-read">{texts.list.priority}</span>
          </span>
        )}
        <span class="sub">{[row.group, row.season].filter((part) => part !== null).join(' · ')}</span>
      </>
    ),
  },
  market: { sort: 'market', cell: (row) => row.market },
  today: {
    sort: 'today',
    isNumber: true,
    hint: texts.columnHints.today,
    cell: (row, formats) => formats.percent(row.today),
  },
  recommended: {
    sort: 'recommended',
    isNumber: true,
    hint: texts.columnHints.recommended,
    cell: (row, formats) => <Recommended row={row} formats={formats} />,
  },
  chosen: {
    sort: 'chosen',
    isNumber: true,
    hint: texts.columnHints.chosen,
    cell: (row, formats) => (
      <span class={row.chosen === null ? 'nothing' : 'chosen'}>{formats.percent(row.chosen)}</span>
    ),
  },
  gain: {
    sort: 'gain',
    isNumber: true,
    hint: texts.columnHints.gain,
    cell: (row, formats) => <Gain row={row} formats={formats} />,
  },
  stock: {
    sort: 'stock',
    isNumber: true,
    hint: texts.columnHints.stock,
    cell: (row, formats) => formats.count(row.stock),
  },
  cover: {
    sort: 'cover',
    isNumber: true,
    hint: texts.columnHints.cover,
    cell: (row, formats) =>
      row.cover === null ? texts.none : texts.weeksShort(formats.decimal(Math.min(row.cover, 999))),
  },
  support: {
    sort: 'support',
    isNumber: true,
    hint: texts.columnHints.support,
    cell: (row, formats) =>
      row.support === null ? texts.none : texts.weeksShort(formats.count(row.support)),
  },
  reason: {
    sort: 'reason',
    hint: texts.columnHints.reason,
    cell: (row) => (
      <span class="why" title={texts.reasonsInFull[row.reason]}>
        {texts.reasonsOfPlan[row.reason] ?? row.reason}
      </span>
    ),
  },
  state: { sort: 'state', cell: (row) => <StateMark state={row.state} by={row.by} /> },
};

/** The recommended discount with its change against today's, in points. */
function Recommended({ row, formats }: { readonly row: Row; readonly formats: Formats }): preact.JSX.Element {
  const change = row.today === null ? 0 : row.recommended - row.today;
  const kind = Math.abs(change) < 0.0005 ? 'same' : change > 0 ? 'deeper' : 'shallower';
  return (
    <>
      <span class="now">{formats.percent(row.recommended)}</span>
      <span class={`points ${kind}`}>{kind === 'same' ? '=' : formats.points(change)}</span>
    </>
  );
}

/** The gain with its standard error; muted where the error is as large as the gain. */
function Gain({ row, formats }: { readonly row: Row; readonly formats: Formats }): preact.JSX.Element {
  const isUnsure = row.gain !== null && row.gainError !== null && row.gainError >= Math.abs(row.gain);
  return (
    <>
      <span class={isUnsure ? 'now unsure' : 'now'}>{formats.change(row.gain)}</span>
      <span class="error">{row.gainError === null ? '' : `± ${formats.count(row.gainError)}`}</span>
    </>
  );
}

/**
 * A row on a phone: two lines that say what the columns say.
 * @param props of the row
 * @param props.row what it is about
 * @param props.formats of its market
 * @returns the two lines
 */
export function NarrowCells({
  row,
  formats,
}: {
  readonly row: Row;
  readonly formats: Formats;
}): preact.JSX.Element {
  return (
    <>
      <span role="gridcell" class="card-article">
        {COLUMNS.article.cell(row, formats)}
      </span>
      <span role="gridcell" class="card-gain number">
        {COLUMNS.gain.cell(row, formats)}
      </span>
      <span role="gridcell" class="card-change">
        <b>{row.market}</b>
        <span>
          {formats.percent(row.today)} → <b>{formats.percent(row.chosen ?? row.recommended)}</b>
        </span>
        {row.cover !== null && <span>{texts.weeksShort(formats.decimal(Math.min(row.cover, 999)))}</span>}
      </span>
      <span role="gridcell" class="card-state">
        {COLUMNS.state.cell(row, formats)}
      </span>
    </>
  );
}
