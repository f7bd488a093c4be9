import type { ComponentChildren } from 'preact';
import { useEffect, useRef, useState } from 'preact/hooks';
import type { Filter, Range, Sort, SortColumn } from '../../api/index.ts';
import { commonFormats } from '../data/format.ts';
import { useDesk } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { Menu } from '../frame/menu.tsx';
import { tidyFilter } from '../frame/route.ts';
import { texts } from '../texts/texts.ts';
import { Views } from './views.tsx';

type ListField = 'markets' | 'groups' | 'seasons' | 'states' | 'reasons';
type RangeField = 'cover' | 'gain' | 'change' | 'support';

const LISTS: readonly ListField[] = ['markets', 'groups', 'seasons', 'states', 'reasons'];
const RANGES: readonly RangeField[] = ['cover', 'gain', 'change', 'support'];
/** Above so many values a search comes in handy. */
const MANY = 12;

/** What the bar needs of the list. */
export interface FilterBarProps {
  readonly filter: Filter;
  readonly sort: Sort;
  readonly set: (filter: Filter, sort?: Sort) => void;
  readonly isNarrow: boolean;
}

/**
 * Filters as chips, the search, and saved views.
 * @param props of the list
 * @returns the bar
 */
export function FilterBar({ filter, sort, set, isNarrow }: FilterBarProps): preact.JSX.Element {
  const { session } = useDesk();
  const [isOpen, setOpen] = useState(false);
  const active = Object.keys(tidyFilter(filter)).filter((field) => field !== 'text').length;
  const values: Readonly<Record<ListField, readonly (readonly [string, string])[]>> = {
    markets: session.run.markets.map(({ market }) => [market, market]),
    groups: session.run.groups.map((group) => [group, group]),
    seasons: session.run.seasons.map((season) => [season, season]),
    states: Object.entries(texts.states),
    reasons: Object.entries(texts.reasonsOfPlan),
  };
  const setField = (field: ListField | RangeField, value: string[] | Range | undefined): void =>
    set(tidyFilter({ ...filter, [field]: value }));
  return (
    <div class="filter-bar" role="search" aria-label={texts.filters.label}>
      <Search text={filter.text ?? ''} set={(text) => set(tidyFilter({ ...filter, text }))} />
      {isNarrow && (
        <button
          type="button"
          class={active > 0 ? 'chip active' : 'chip'}
          aria-expanded={isOpen}
          onClick={() => setOpen(!isOpen)}
        >
          <Icon name="filter" /> {texts.filters.show(active)}
        </button>
      )}
      {(!isNarrow || isOpen) && (
        <>
          {LISTS.filter((field) => values[field].length > 0).map((field) => (
            <ListFilter
              key={field}
              name={texts.filters[field]}
              values={values[field]}
              chosen={(filter[field] as readonly string[] | undefined) ?? []}
              set={(chosen) => setField(field, chosen)}
            />
          ))}
          {RANGES.map((field) => (
            <RangeFilter
              key={field}
              field={field}
              range={filter[field] ?? {}}
              set={(range) => setField(field, range)}
            />
          ))}
          {isNarrow && <SortChoice sort={sort} set={(next) => set(filter, next)} />}
          {active > 0 && (
            <button type="button" class="plain" onClick={() => set(tidyFilter({ text: filter.text }))}>
              {texts.filters.clear}
            </button>
          )}
        </>
      )}
      {(!isNarrow || isOpen) && <Views filter={filter} sort={sort} set={set} />}
    </div>
  );
}

/** Asks a moment after the last key. */
function Search({
  text,
  set,
}: {
  readonly text: string;
  readonly set: (text: string) => void;
}): preact.JSX.Element {
  const [typed, setTyped] = useState(text);
  const sent = useRef(text);
  useEffect(() => {
    if (text !== sent.current) {
      sent.current = text;
      setTyped(text);
    }
  }, [text]);
  useEffect(() => {
    if (typed === sent.current) return undefined;
    const timer = setTimeout(() => {
      sent.current = typed;
      set(typed);
    }, 150);
    return () => clearTimeout(timer);
  }, [typed]);
  return (
    <label class="search">
      <Icon name="search" />
      <span class="only-read">{texts.filters.search}</span>
      <input
        type="search"
        id="search"
        value={typed}
        maxLength={200}
        placeholder={texts.filters.searchHint}
        autocomplete="off"
        spellcheck={false}
        onInput={(event) => setTyped(event.currentTarget.value)}
        onKeyDown={(event) => {
          if (event.key === 'Escape' || event.key === 'Enter') document.getElementById('list')?.focus();
        }}
      />
    </label>
  );
}

function ListFilter(props: {
  readonly name: string;
  readonly values: readonly (readonly [string, string])[];
  readonly chosen: readonly string[];
  readonly set: (chosen: string[]) => void;
}): preact.JSX.Element {
  const { name, values, chosen } = props;
  const [find, setFind] = useState('');
  const shown = values.filter(([, label]) => label.toLowerCase().includes(find.toLowerCase()));
  const labels = chosen.map((value) => values.find(([known]) => known === value)?.[1] ?? value);
  return (
    <Chip
      name={name}
      value={
        labels.length === 0
          ? null
          : labels.length <= 2
            ? labels.join(', ')
            : texts.filters.several(labels[0]!, labels.length - 1)
      }
      clear={() => props.set([])}
    >
      {values.length > MANY && (
        <input
          type="search"
          class="find"
          value={find}
          placeholder={texts.filters.find}
          aria-label={texts.filters.find}
          onInput={(event) => setFind(event.currentTarget.value)}
        />
      )}
      <div class="choices">
        {shown.map(([value, label]) => (
          <label key={value} class="choice">
            <input
              type="checkbox"
              checked={chosen.includes(value)}
              onChange={() =>
                props.set(
                  chosen.includes(value) ? chosen.filter((other) => other !== value) : [...chosen, value],
                )
              }
            />
            {label}
          </label>
        ))}
        {shown.length === 0 && <p class="muted">{texts.filters.nothing}</p>}
      </div>
    </Chip>
  );
}

function RangeFilter(props: {
  readonly field: RangeField;
  readonly range: Range;
  readonly set: (range: Range | undefined) => void;
}): preact.JSX.Element {
  const { field, range } = props;
  const { session } = useDesk();
  const name = texts.filters[field];
  // People write points, the server knows shares.
  const scale = field === 'change' ? 100 : 1;
  const formats = commonFormats(session.run.markets);
  const show = (value: number): string =>
    field === 'gain' ? formats.money(value) : formats.decimal(value * scale);
  const { from, to } = range;
  const value =
    from !== undefined && to !== undefined
      ? texts.filters.between(show(from), show(to))
      : from !== undefined
        ? texts.filters.atLeast(show(from))
        : to !== undefined
          ? texts.filters.atMost(show(to))
          : null;
  const input = (end: 'from' | 'to'): preact.JSX.Element => (
    <label>
      {texts.filters[end]}
      <input
        type="number"
        step="any"
        value={range[end] === undefined ? '' : Number((range[end] * scale).toFixed(6))}
        onInput={(event) => {
          const typed = event.currentTarget.valueAsNumber;
          props.set({ ...range, [end]: Number.isNaN(typed) ? undefined : typed / scale });
        }}
      />
    </label>
  );
  return (
    <Chip name={name} value={value} clear={() => props.set(undefined)}>
      <div class="range">
        {input('from')}
        {input('to')}
        <span class="muted">{texts.filters.units[field]}</span>
      </div>
    </Chip>
  );
}

/** A filter: its name, and its value with a way to take it away. */
function Chip(props: {
  readonly name: string;
  readonly value: string | null;
  readonly clear: () => void;
  readonly children: ComponentChildren;
}): preact.JSX.Element {
  return (
    <span class="chip-with-clear">
      <Menu
        name={props.name}
        isActive={props.value !== null}
        label={props.value === null ? props.name : texts.filters.chosen(props.name, props.value)}
      >
        {() => props.children}
      </Menu>
      {props.value !== null && (
        <button
          type="button"
          class="chip-clear"
          aria-label={texts.filters.remove(props.name)}
          onClick={props.clear}
        >
          <Icon name="close" />
        </button>
      )}
    </span>
  );
}

/** On a phone no column has a head to tap on. */
function SortChoice({
  sort,
  set,
}: {
  readonly sort: Sort;
  readonly set: (sort: Sort) => void;
}): preact.JSX.Element {
  return (
    <label class="sort-choice">
      {texts.list.sort}
      <select
        value={sort.by}
        onChange={(event) => set({ by: event.currentTarget.value as SortColumn, descending: true })}
      >
        {Object.entries(texts.sortNames).map(([by, name]) => (
          <option key={by} value={by}>
            {name}
          </option>
        ))}
      </select>
    </label>
  );
}
