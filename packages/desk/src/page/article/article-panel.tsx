import { useEffect, useRef, useState } from 'preact/hooks';
import type { ArticleAnswer, MarketOfArticle, Row, RowsAnswer, RowsQuery } from '../../api/index.ts';
import type { Formats } from '../data/format.ts';
import { intentOf } from '../decide/intent-of.ts';
import { mayDecide, useDesk, type Intent } from '../frame/desk.ts';
import { Icon } from '../frame/icon.tsx';
import { StateMark } from '../frame/state-mark.tsx';
import { texts } from '../texts/texts.ts';
import { CurveCharts } from './curve-charts.tsx';
import { HistoryChart } from './history-chart.tsx';
import { Lineage } from './lineage.tsx';
import { ForecastChart, PlanChart } from './plan-charts.tsx';
import { SharedStock } from './shared-stock.tsx';

/** What is known of an article: what the server tells of it, and its rows of the list. */
interface Known {
  readonly answer: ArticleAnswer;
  readonly rows: readonly Row[];
}

/**
 * Everything about an article: beside the list, and on a phone instead of it.
 * @param props which
 * @param props.article its name
 * @param props.market that is looked at; null for its first
 * @param props.show goes to another article or market
 * @param props.close goes back to the list
 * @param props.shown told of the row that is looked at
 * @returns the panel
 */
export function ArticlePanel(props: {
  readonly article: string;
  readonly market: string | null;
  readonly show: (article: string, market: string | null) => void;
  readonly close: () => void;
  readonly shown: (row: Row | null) => void;
}): preact.JSX.Element {
  const { article } = props;
  const { client, changes, fail, session, formats, intend } = useDesk();
  const [known, setKnown] = useState<Known | null>(null);
  const [isMissing, setMissing] = useState(false);
  const heading = useRef<HTMLHeadingElement>(null);
  useEffect(() => {
    const abort = new AbortController();
    setMissing(false);
    const query: RowsQuery = {
      filter: { text: article },
      sort: { by: 'market', descending: false },
      offset: 0,
      count: 500,
    };
    Promise.all([
      client.get<ArticleAnswer>(`/api/article/${encodeURIComponent(article)}`, abort.signal),
      client.get<RowsAnswer>(`/api/rows?query=${encodeURIComponent(JSON.stringify(query))}`, abort.signal),
    ]).then(
      ([answer, { rows }]) => setKnown({ answer, rows: rows.filter((row) => row.article === article) }),
      (error: unknown) => {
        if (abort.signal.aborted) return;
        setMissing(true);
        fail(error);
      },
    );
    return () => abort.abort();
  }, [article, changes]);
  // A screen reader, and the keyboard, go where the eyes go.
  const isHere = known !== null;
  const body = useRef<HTMLDivElement>(null);
  useEffect(() => {
    if (isHere) heading.current?.focus({ preventScroll: true });
  }, [isHere]);
  useEffect(() => body.current?.scrollTo(0, 0), [known?.answer.article]);

  // Until another article is here the one before stays, so that nothing jumps; nothing is decided about it.
  const isOther = known !== null && known.answer.article !== article;
  const market =
    known?.answer.markets.find((one) => one.market === props.market) ?? known?.answer.markets[0] ?? null;
  const row = known?.rows.find((one) => one.market === market?.market) ?? null;
  useEffect(() => {
    props.shown(isOther ? null : row);
    return () => props.shown(null);
  }, [row, isOther]);
  return (
    <section
      class="article-panel"
      aria-label={texts.article.label(article)}
      aria-busy={known === null || isOther}
    >
      <header class="article-head">
        <button type="button" class="icon-button only-narrow" aria-label={texts.back} onClick={props.close}>
          <Icon name="back" />
        </button>
        <span class="picture large" title={texts.list.noPicture}>
          <Icon name="picture" />
        </span>
        <div class="article-name">
          <h2 ref={heading} tabIndex={-1}>
            {article}
          </h2>
          <p class="muted">
            {known === null || isOther
              ? texts.article.loading
              : [known.answer.group, row?.season].filter(Boolean).join(' · ')}
          </p>
        </div>
        {row !== null && !isOther && <StateMark state={row.state} by={row.by} />}
        <button
          type="button"
          class="icon-button only-wide"
          aria-label={texts.article.close}
          onClick={props.close}
        >
          <Icon name="close" />
        </button>
      </header>
      {isMissing && <p class="notice">{texts.article.missing}</p>}
      {known !== null && market !== null && !(isMissing && isOther) && (
        <>
          <div class="article-body" ref={body}>
            <Facts market={market} row={row} formats={formats(market.market)} />
            {known.answer.markets.length > 1 && (
              <Markets
                answer={known.answer}
                rows={known.rows}
                shown={market.market}
                show={(name) => props.show(article, name)}
              />
            )}
            <div class="charts">
              <CurveCharts market={market} formats={formats(market.market)} />
              <ForecastChart market={market} formats={formats(market.market)} />
              <PlanChart market={market} formats={formats(market.market)} />
              <HistoryChart market={market} formats={formats(market.market)} />
            </div>
            <SharedStock answer={known.answer} />
            <Comparable answer={known.answer} show={(name) => props.show(name, market.market)} />
            <Lineage answer={known.answer} />
          </div>
          {mayDecide(session) && row !== null && !isOther && (
            <footer class="article-actions">
              {(['approve', 'overrule', 'exclude', 'priority', 'release'] as const)
                .filter((kind) => kind !== 'release' || row.chosen !== null || row.state !== 'proposed')
                .map((kind) => (
                  <button
                    key={kind}
                    type="button"
                    class={kind === 'approve' ? 'primary' : ''}
                    onClick={() => intend(intentOf(row, kind))}
                  >
                    {nameOf(kind, row)}
                  </button>
                ))}
            </footer>
          )}
        </>
      )}
    </section>
  );
}

function nameOf(kind: Exclude<Intent['kind'], 'bounds'>, row: Row): string {
  return kind === 'priority' && row.priority ? texts.decide.noPriority : texts.decide[kind];
}

/** The numbers of the row, today and recommended first. */
function Facts(props: {
  readonly market: MarketOfArticle;
  readonly row: Row | null;
  readonly formats: Formats;
}): preact.JSX.Element {
  const { market, row, formats } = props;
  const price = (discount: number | null): string =>
    discount === null ? '' : texts.article.price(formats.price(market.listPrice * (1 - discount)));
  const big: readonly (readonly [string, number | null, string])[] = [
    [texts.article.today, market.today, 'today'],
    [texts.article.recommended, market.recommended, 'recommended'],
    [texts.article.chosen, market.chosen, 'chosen'],
  ];
  return (
    <div class="facts">
      <dl class="big">
        {big.map(([name, discount, kind]) => (
          <div key={name} class={kind}>
            <dt>{name}</dt>
            <dd>
              <b>{formats.percent(discount)}</b>
              <span class="muted">{price(discount)}</span>
            </dd>
          </div>
        ))}
        {row !== null && (
          <div>
            <dt>{texts.article.gain}</dt>
            <dd>
              <b>{formats.change(row.gain)}</b>
              <span class="muted">{row.gainError === null ? '' : `± ${formats.count(row.gainError)}`}</span>
            </dd>
          </div>
        )}
      </dl>
      <dl class="small">
        <div>
          <dt>{texts.article.inMarket}</dt>
          <dd>{market.market}</dd>
        </div>
        <div>
          <dt>{texts.article.listPrice}</dt>
          <dd>{formats.price(market.listPrice)}</dd>
        </div>
        <div>
          <dt>{texts.article.stock}</dt>
          <dd>{formats.count(row?.stock)}</dd>
        </div>
        <div>
          <dt>{texts.article.cover}</dt>
          <dd>
            {row === null || row.cover === null ? texts.none : texts.weeksShort(formats.decimal(row.cover))}
          </dd>
        </div>
        {row !== null && (
          <div class="broad">
            <dt>{texts.article.why}</dt>
            <dd>{texts.reasonsInFull[row.reason] ?? row.reason}</dd>
          </div>
        )}
      </dl>
    </div>
  );
}

/** The article in all its markets: what holds in each, and the way to it. */
function Markets(props: {
  readonly answer: ArticleAnswer;
  readonly rows: readonly Row[];
  readonly shown: string;
  readonly show: (market: string) => void;
}): preact.JSX.Element {
  const { formats } = useDesk();
  return (
    <div class="scrolls" tabIndex={0} role="region" aria-label={texts.article.inMarket}>
      <table class="markets">
        <thead>
          <tr>
            <th scope="col">{texts.columns.market}</th>
            <th scope="col" class="number">
              {texts.columns.today}
            </th>
            <th scope="col" class="number">
              {texts.columns.recommended}
            </th>
            <th scope="col" class="number">
              {texts.columns.chosen}
            </th>
            <th scope="col" class="number">
              {texts.article.gain}
            </th>
            <th scope="col">{texts.columns.state}</th>
          </tr>
        </thead>
        <tbody>
          {props.answer.markets.map((market) => {
            const shown = formats(market.market);
            const row = props.rows.find((one) => one.market === market.market);
            return (
              <tr key={market.market} class={market.market === props.shown ? 'shown' : ''}>
                <th scope="row">
                  <button
                    type="button"
                    class="plain"
                    aria-current={market.market === props.shown ? 'true' : undefined}
                    onClick={() => props.show(market.market)}
                  >
                    {market.market}
                  </button>
                </th>
                <td class="number">{shown.percent(market.today)}</td>
                <td class="number">{shown.percent(market.recommended)}</td>
                <td class="number">{shown.percent(market.chosen)}</td>
                <td class="number">{shown.change(row?.gain)}</td>
                <td>
                  <StateMark state={market.state} by={row?.by} />
                </td>
              </tr>
            );
          })}
        </tbody>
      </table>
    </div>
  );
}

function Comparable(props: {
  readonly answer: ArticleAnswer;
  readonly show: (article: string) => void;
}): preact.JSX.Element {
  const { comparable } = props.answer;
  return (
    <section class="block">
      <h3>{texts.article.comparable}</h3>
      {comparable.length === 0 ? (
        <p class="muted">{texts.article.noComparable}</p>
      ) : (
        <ul class="comparable">
          {comparable.map(({ article, why }) => (
            <li key={article}>
              <button type="button" class="plain" onClick={() => props.show(article)}>
                {article}
              </button>
              <span class="muted">{why}</span>
            </li>
          ))}
        </ul>
      )}
    </section>
  );
}
