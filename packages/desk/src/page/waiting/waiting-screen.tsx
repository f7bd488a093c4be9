import { useEffect, useState } from 'preact/hooks';
import type { WaitingAnswer } from '../../api/index.ts';
import { newKey } from '../data/new-key.ts';
import { showMoment } from '../data/format.ts';
import { actionWords } from '../decide/action-words.ts';
import { mayReview, useDesk } from '../frame/desk.ts';
import type { Route } from '../frame/route.ts';
import { texts } from '../texts/texts.ts';

type Waiting = WaitingAnswer['waiting'][number];

/**
 * Decisions that wait for another person.
 * @param props of the address
 * @param props.go looks at an article
 * @returns the screen
 */
export function WaitingScreen({ go }: { readonly go: (change: Partial<Route>) => void }): preact.JSX.Element {
  const { client, changes, fail, common } = useDesk();
  const [waiting, setWaiting] = useState<readonly Waiting[] | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    client.get<WaitingAnswer>('/api/waiting', abort.signal).then(
      (answer) => setWaiting(answer.waiting),
      (error: unknown) => {
        if (!abort.signal.aborted) fail(error);
      },
    );
    return () => abort.abort();
  }, [changes]);
  return (
    <main class="screen" id="main" tabIndex={-1}>
      <h1>{texts.waiting.title}</h1>
      <p class="muted">{texts.waiting.lead}</p>
      {waiting === null && <p class="muted">{texts.loading}</p>}
      {waiting?.length === 0 && <p class="empty-note">{texts.waiting.empty}</p>}
      <ul class="cards">
        {waiting?.map((one) => (
          <li key={one.id} class="card">
            <div class="card-text">
              <h2>
                {actionWords(one.action, common)}{' '}
                <button
                  type="button"
                  class="plain"
                  onClick={() =>
                    go({ screen: 'list', article: one.example.article, market: one.example.market })
                  }
                >
                  {texts.audit.about(
                    one.example.article,
                    one.example.market,
                    one.rows > 1 ? common.count(one.rows - 1) : null,
                  )}
                </button>
              </h2>
              <p>
                {one.reason}
                {one.note !== null && <q>{one.note}</q>}
              </p>
              <p class="muted">
                {texts.waiting.by(one.by, showMoment(one.at))} ·{' '}
                {texts.waiting.largest(common.points(one.largestChange))}
                {one.cost !== null && ` · ${texts.waiting.cost(common.money(one.cost))}`}
              </p>
            </div>
            <Review one={one} />
          </li>
        ))}
      </ul>
    </main>
  );
}

function Review({ one }: { readonly one: Waiting }): preact.JSX.Element {
  const { client, session, say, fail, changed, undo } = useDesk();
  const [note, setNote] = useState('');
  const [isSending, setSending] = useState(false);
  if (one.own)
    return (
      <div class="review">
        <p class="muted">{texts.waiting.own}</p>
        <button type="button" onClick={() => void undo(one.id)}>
          {texts.decide.undo}
        </button>
      </div>
    );
  if (!mayReview(session)) return <p class="review muted">{texts.waiting.mayNot}</p>;
  const review = (accept: boolean): void => {
    if (isSending) return;
    setSending(true);
    const words = note.trim() === '' ? {} : { note: note.trim() };
    client
      .send('POST', '/api/reviews', { id: one.id, accept, ...words, key: newKey() })
      .then(() => {
        say({ kind: 'done', text: accept ? texts.waiting.accepted : texts.waiting.rejected });
        changed();
      }, fail)
      .finally(() => setSending(false));
  };
  return (
    <div class="review">
      <input
        aria-label={texts.waiting.note}
        placeholder={texts.waiting.note}
        maxLength={2000}
        value={note}
        onInput={(event) => setNote(event.currentTarget.value)}
      />
      <button type="button" class="primary" onClick={() => review(true)}>
        {texts.waiting.accept}
      </button>
      <button type="button" onClick={() => review(false)}>
        {texts.waiting.reject}
      </button>
    </div>
  );
}
