import type { RowsAnswer } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { useDesk } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { texts } from '../texts/texts.ts';
import { boundsOf, fillOf, showOf } from './limit-words.ts';
import { gainOf, sizeOf, type Selection } from './selection.ts';

/**
 * Totals of all that match, of the selection, and each limit with the decisions applied.
 * @param props what is counted
 * @param props.totals of all that match; null until they are known
 * @param props.selection in the list
 * @returns the strip
 */
export function Strip({
  totals,
  selection,
}: {
  readonly totals: RowsAnswer['totals'] | null;
  readonly selection: Selection;
}): preact.JSX.Element {
  const { common, limits } = useDesk();
  const selected = sizeOf(selection);
  const decided =
    totals === null ? 0 : totals.rows - (totals.states.proposed ?? 0) - (totals.states.waiting ?? 0);
  return (
    <section class="strip" aria-label={texts.strip.label} tabIndex={0}>
      {selected > 0 && (
        <Figure
          name={texts.strip.selection}
          value={common.count(selected)}
          sub={selection.kind === 'rows' ? common.change(gainOf(selection.rows)) : texts.strip.all}
          kind="chosen"
        />
      )}
      <Figure
        name={texts.strip.rows}
        value={common.count(totals?.rows)}
        sub={totals === null ? '' : texts.strip.articles(common.count(totals.articles))}
      />
      <Figure
        name={texts.strip.gain}
        value={totals === null ? texts.none : shortly(totals.gain, common.change, common)}
        kind={(totals?.gain ?? 0) < 0 ? 'bad' : 'good'}
      />
      <Figure
        name={texts.strip.profit}
        value={totals === null ? texts.none : shortly(totals.profit, common.money, common)}
        sub={totals === null ? '' : texts.strip.held(shortly(totals.heldProfit, common.money, common))}
      />
      <Figure name={texts.strip.discountRate} value={common.percent(totals?.discountRate)} />
      <Figure
        name={texts.strip.decided}
        value={totals === null ? texts.none : common.count(decided)}
        sub={
          totals === null || totals.rows === 0
            ? ''
            : common.percent(Math.floor((1000 * decided) / totals.rows) / 1000)
        }
      />
      <Figure name={texts.strip.overrules} value={common.money(totals?.overruleCost)} />
      <div class="limits" role="list" aria-label={texts.strip.limits}>
        {limits.map((limit) => {
          const fill = fillOf(limit);
          const show = showOf(limit, common);
          return (
            <div
              key={limit.name}
              role="listitem"
              class={limit.isMet ? 'figure limit met' : 'figure limit missed'}
              title={limit.inWords}
            >
              <span class="figure-name">
                <Icon name={limit.isMet ? 'check' : 'warning'} />
                {limit.name}
              </span>
              <span class="figure-value">{show(limit.now ?? limit.planned)}</span>
              <span class="figure-sub">
                {limit.isMet ? texts.strip.met : texts.strip.missedBy(show(limit.missedBy))} ·{' '}
                {boundsOf(limit, common)}
              </span>
              {fill !== null && (
                <span class="fill">
                  <i style={{ width: `${Math.round(fill * 100)}%` }} />
                </span>
              )}
            </div>
          );
        })}
      </div>
    </section>
  );
}

/** Millions are read at a glance with three figures, not with nine. */
function shortly(amount: number, inFull: (amount: number) => string, formats: Formats): string {
  return Math.abs(amount) < 1e6 ? inFull(amount) : formats.short(amount);
}

function Figure(props: {
  readonly name: string;
  readonly value: string;
  readonly sub?: string;
  readonly kind?: 'good' | 'bad' | 'chosen';
}): preact.JSX.Element {
  return (
    <div class={`figure ${props.kind ?? ''}`}>
      <span class="figure-name">{props.name}</span>
      <span class="figure-value">{props.value}</span>
      {props.sub !== undefined && <span class="figure-sub">{props.sub}</span>}
    </div>
  );
}
