import { useEffect, useState } from 'preact/hooks';
import type { AuditAnswer, AuditEntry, AuditQuery } from '../../api/index.ts';
import { showMoment } from '../data/format.ts';
import { actionWords } from '../decide/action-words.ts';
import { mayDecide, useDesk } from '../frame/desk.ts';
import { Icon, type IconName } from '../frame/icon.tsx';
import type { Route } from '../frame/route.ts';
import { texts } from '../texts/texts.ts';

const PAGE = 100;

const ICONS: Readonly<Record<AuditEntry['state'], IconName>> = {
  applied: 'check',
  waiting: 'clock',
  rejected: 'ban',
  undone: 'back',
};

/**
 * Who decided what, when and why.
 * @param props of the address
 * @param props.go looks at an article
 * @returns the screen
 */
export function AuditScreen({ go }: { readonly go: (change: Partial<Route>) => void }): preact.JSX.Element {
  const { client, changes, fail, common, session, undo } = useDesk();
  const [search, setSearch] = useState({ text: '', by: '', article: '' });
  const [offset, setOffset] = useState(0);
  const [answer, setAnswer] = useState<AuditAnswer | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    const query: AuditQuery = {
      ...Object.fromEntries(
        Object.entries(search)
          .map(([name, value]) => [name, value.trim()])
          .filter(([, value]) => value !== ''),
      ),
      offset,
      count: PAGE,
    };
    const timer = setTimeout(() => {
      client
        .get<AuditAnswer>(`/api/audit?query=${encodeURIComponent(JSON.stringify(query))}`, abort.signal)
        .then(setAnswer, (error: unknown) => {
          if (!abort.signal.aborted) fail(error);
        });
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [search, offset, changes]);
  const find = (change: Partial<typeof search>): void => {
    setOffset(0);
    setSearch({ ...search, ...change });
  };
  const total = answer?.total ?? 0;
  return (
    <main class="screen" id="main" tabIndex={-1}>
      <h1>{texts.audit.title}</h1>
      <p class="muted">{texts.audit.lead}</p>
      <div class="search-row" role="search">
        {(['text', 'article', 'by'] as const).map((field) => (
          <input
            key={field}
            type="search"
            maxLength={200}
            placeholder={field === 'text' ? texts.audit.search : texts.audit[field]}
            aria-label={field === 'text' ? texts.audit.search : texts.audit[field]}
            value={search[field]}
            onInput={(event) => find({ [field]: event.currentTarget.value })}
          />
        ))}
        <a class="chip" href="/api/audit.csv" download>
          {texts.audit.export}
        </a>
      </div>
      {answer === null ? (
        <p class="muted">{texts.loading}</p>
      ) : total === 0 ? (
        <p class="empty-note">{texts.audit.empty}</p>
      ) : (
        <div class="scrolls" tabIndex={0} role="region" aria-label={texts.audit.title}>
          <table class="audit">
            <thead>
              <tr>
                <th scope="col">{texts.audit.columns.at}</th>
                <th scope="col">{texts.audit.columns.by}</th>
                <th scope="col">{texts.audit.columns.action}</th>
                <th scope="col">{texts.audit.columns.rows}</th>
                <th scope="col">{texts.audit.columns.reason}</th>
                <th scope="col" class="number">
                  {texts.audit.columns.cost}
                </th>
                <th scope="col">{texts.audit.columns.state}</th>
                <th scope="col">
                  <span class="only-read">{texts.audit.columns.undo}</span>
                </th>
              </tr>
            </thead>
            <tbody>
              {answer.entries.map((entry) => (
                <tr key={entry.id} class={entry.state}>
                  <td class="when">{showMoment(entry.at)}</td>
                  <td>
                    {entry.by}
                    {entry.reviewedBy !== null && (
                      <span class="sub">{texts.audit.reviewed(entry.reviewedBy)}</span>
                    )}
                  </td>
                  <th scope="row">{actionWords(entry.action, common)}</th>
                  <td>
                    <button
                      type="button"
                      class="plain"
                      onClick={() =>
                        go({ screen: 'list', article: entry.example.article, market: entry.example.market })
                      }
                    >
                      {texts.audit.about(
                        entry.example.article,
                        entry.example.market,
                        entry.rows > 1 ? common.count(entry.rows - 1) : null,
                      )}
                    </button>
                    <span class="sub">{entry.run}</span>
                  </td>
                  <td class="why-text">
                    {entry.reason}
                    {entry.note !== null && <span class="sub">{entry.note}</span>}
                    {entry.conflict !== null && <span class="sub bad">{entry.conflict}</span>}
                  </td>
                  <td class="number">{common.money(entry.cost)}</td>
                  <td>
                    <span class={`state-mark ${entry.state}`}>
                      <Icon name={ICONS[entry.state]} />
                      {texts.audit.states[entry.state]}
                    </span>
                  </td>
                  <td>
                    {mayDecide(session) && (entry.state === 'applied' || entry.state === 'waiting') && (
                      <button
                        type="button"
                        class="plain"
                        aria-label={texts.audit.undo(entry.id)}
                        onClick={() => void undo(entry.id)}
                      >
                        {texts.decide.undo}
                      </button>
                    )}
                  </td>
                </tr>
              ))}
            </tbody>
          </table>
        </div>
      )}
      {total > PAGE && (
        <nav class="pages" aria-label={texts.audit.pages}>
          <button type="button" disabled={offset === 0} onClick={() => setOffset(Math.max(0, offset - PAGE))}>
            {texts.audit.newer}
          </button>
          <span class="muted">
            {texts.audit.page(
              common.count(offset + 1),
              common.count(Math.min(total, offset + PAGE)),
              common.count(total),
            )}
          </span>
          <button type="button" disabled={offset + PAGE >= total} onClick={() => setOffset(offset + PAGE)}>
            {texts.audit.older}
          </button>
        </nav>
      )}
    </main>
  );
}
