import { useEffect, useState } from 'preact/hooks';
import type { Decision, Preview } from '../../api/index.ts';
import { newKey } from '../data/new-key.ts';
import { showWeek } from '../data/format.ts';
import { Dialogue } from '../dialogue/dialogue.tsx';
import { useDesk, type Intent } from '../frame/desk.ts';
import { texts } from '../texts/texts.ts';
import { decisionOf, missingOf, wantsReason, type Draft, type Missing } from './draft.ts';
import { PreviewFigures } from './preview-figures.tsx';

/**
 * Asks what is to hold and why, shows what it comes to, and sends it.
 * @param props what is about to be decided
 * @param props.intent of the person
 * @param props.close leaves everything as it is
 * @param props.send decides; resolves when the server has answered
 * @returns the dialogue
 */
export function DecideDialogue(props: {
  readonly intent: Intent;
  readonly close: () => void;
  readonly send: (decision: Decision) => Promise<boolean>;
}): preact.JSX.Element {
  const { intent, close, send } = props;
  const { session, formats, common } = useDesk();
  const [key] = useState(newKey);
  const [draft, setDraft] = useState<Draft>({
    kind: intent.kind,
    discount: '',
    from: '',
    to: '',
    weeks: intent.kind === 'approve' || intent.kind === 'overrule' ? 'first' : 'all',
    chosenWeeks: [],
    reason: '',
    note: '',
    isPriority: intent.isPriority !== true,
  });
  const [isTried, setTried] = useState(false);
  const [isSending, setSending] = useState(false);
  const preview = usePreview(decisionOf(draft, intent.targets, key), session.reasons[0] ?? '');
  const set = (change: Partial<Draft>): void => setDraft((before) => ({ ...before, ...change }));
  const needsSecond = (preview.answer?.needs.secondPerson ?? 0) > 0;
  const missing = missingOf(draft, needsSecond, session.rules);
  const problem = (name: Missing): string | undefined =>
    isTried && missing.includes(name) ? `missing-${name}` : undefined;
  const isOverrule = draft.kind === 'overrule' || draft.kind === 'bounds';
  const shown = intent.market === undefined ? common : formats(intent.market);

  const submit = (event: Event): void => {
    event.preventDefault();
    setTried(true);
    const decision = decisionOf(draft, intent.targets, key);
    if (missing.length > 0 || decision === null || isSending) {
      const first = (event.currentTarget as Element).querySelector<HTMLElement>(
        `[data-field="${missing[0]}"]`,
      );
      first?.focus();
      return;
    }
    setSending(true);
    void send(decision).then((isDone) => {
      if (!isDone) setSending(false);
    });
  };
  return (
    <Dialogue
      title={texts.decide.title[intent.kind === 'bounds' ? 'overrule' : intent.kind]}
      close={close}
      isWide
    >
      <form onSubmit={submit} noValidate class="decide">
        <div class="decide-form">
          <p class="about">
            <b>{intent.about}</b>
            {intent.recommended !== undefined && (
              <span class="muted">
                {texts.article.today} {shown.percent(intent.today)} · {texts.article.recommended}{' '}
                {shown.percent(intent.recommended)}
              </span>
            )}
            {'filter' in intent.targets && <span class="muted">{texts.decide.filterMoved}</span>}
          </p>
          {isOverrule && (
            <fieldset>
              <legend>{texts.decide.how}</legend>
              <div class="segments">
                {(['overrule', 'bounds'] as const).map((kind) => (
                  <label key={kind} class="segment">
                    <input
                      type="radio"
                      name="how"
                      checked={draft.kind === kind}
                      onChange={() => set({ kind })}
                    />
                    {kind === 'overrule' ? texts.decide.fixed : texts.decide.bounds}
                  </label>
                ))}
              </div>
              {draft.kind === 'overrule' ? (
                <>
                  <Percent
                    name={texts.decide.discount}
                    field="discount"
                    value={draft.discount}
                    set={(discount) => set({ discount })}
                    problem={problem('discount')}
                    isFirst
                  />
                  <div class="discounts" role="group" aria-label={texts.decide.discount}>
                    {session.run.grid.map((discount) => (
                      <button
                        key={discount}
                        type="button"
                        class={draft.discount === percentText(discount) ? 'chip active' : 'chip'}
                        aria-pressed={draft.discount === percentText(discount)}
                        onClick={() => set({ discount: percentText(discount) })}
                      >
                        {shown.percent(discount)}
                      </button>
                    ))}
                  </div>
                  <Problem id={problem('discount')} text={texts.decide.wrongDiscount} />
                </>
              ) : (
                <>
                  <div class="pair">
                    <Percent
                      name={texts.decide.from}
                      field="bounds"
                      value={draft.from}
                      set={(from) => set({ from })}
                      problem={problem('bounds')}
                    />
                    <Percent
                      name={texts.decide.to}
                      field="bounds-to"
                      value={draft.to}
                      set={(to) => set({ to })}
                      problem={problem('bounds')}
                    />
                  </div>
                  <Problem id={problem('bounds')} text={texts.decide.wrongBounds} />
                </>
              )}
            </fieldset>
          )}
          {intent.kind !== 'priority' && intent.kind !== 'release' && (
            <Weeks draft={draft} set={set} problem={problem('weeks')} />
          )}
          {wantsReason(draft.kind) && (
            <label class="field">
              {texts.decide.reason}
              <select
                data-field="reason"
                value={draft.reason}
                aria-invalid={problem('reason') !== undefined}
                aria-describedby={problem('reason')}
                onChange={(event) => set({ reason: event.currentTarget.value })}
              >
                <option value="">{texts.decide.chooseReason}</option>
                {session.reasons.map((reason) => (
                  <option key={reason} value={reason}>
                    {reason}
                  </option>
                ))}
              </select>
              <Problem id={problem('reason')} text={texts.decide.needsReason} />
            </label>
          )}
          <label class="field">
            {texts.decide.note}
            <textarea
              data-field="note"
              rows={3}
              maxLength={2000}
              value={draft.note}
              aria-invalid={problem('note') !== undefined}
              aria-describedby={problem('note')}
              onInput={(event) => set({ note: event.currentTarget.value })}
            />
            {needsSecond && (
              <span class="muted">
                {texts.decide.noteLength(draft.note.trim().length, session.rules.reasonCharacters)}
              </span>
            )}
            <Problem id={problem('note')} text={texts.decide.needsNote(session.rules.reasonCharacters)} />
          </label>
        </div>
        <PreviewFigures
          preview={preview.answer}
          isAsking={preview.isAsking}
          problem={preview.problem}
          formats={common}
        />
        <footer>
          <button type="button" onClick={close}>
            {texts.cancel}
          </button>
          <button type="submit" class="primary" aria-disabled={isSending} autofocus={!isOverrule}>
            {texts.decide.confirm[draft.kind]}
          </button>
        </footer>
      </form>
    </Dialogue>
  );
}

/** What a draft comes to, asked for a moment after its last change; an answer that is out of date is given up. */
function usePreview(
  decision: Decision | null,
  anyReason: string,
): { readonly answer: Preview | null; readonly isAsking: boolean; readonly problem: string | null } {
  const { client } = useDesk();
  const [state, setState] = useState<ReturnType<typeof usePreview>>({
    answer: null,
    isAsking: false,
    problem: null,
  });
  // Neither the reason nor its words change what it comes to; that they are missing must not keep the figures away.
  const asked =
    decision === null ? null : JSON.stringify({ ...decision, reason: anyReason, note: undefined });
  useEffect(() => {
    if (asked === null) {
      setState({ answer: null, isAsking: false, problem: null });
      return undefined;
    }
    const abort = new AbortController();
    setState((before) => ({ ...before, isAsking: true }));
    const timer = setTimeout(() => {
      client.send<Preview>('POST', '/api/preview', JSON.parse(asked), abort.signal).then(
        (answer) => setState({ answer, isAsking: false, problem: null }),
        (error: Error) => {
          if (!abort.signal.aborted)
            setState({ answer: null, isAsking: false, problem: error.message || texts.errors.unreachable });
        },
      );
    }, 150);
    return () => {
      clearTimeout(timer);
      abort.abort();
    };
  }, [asked]);
  return state;
}

function Percent(props: {
  readonly name: string;
  readonly field: string;
  readonly value: string;
  readonly set: (value: string) => void;
  readonly problem: string | undefined;
  readonly isFirst?: boolean;
}): preact.JSX.Element {
  return (
    <label class="field percent">
      {props.name}
      <span class="with-unit">
        <input
          data-field={props.field}
          inputMode="decimal"
          autocomplete="off"
          autofocus={props.isFirst}
          value={props.value}
          aria-invalid={props.problem !== undefined}
          aria-describedby={props.problem}
          onInput={(event) => props.set(event.currentTarget.value)}
        />
        <span aria-hidden="true">%</span>
      </span>
    </label>
  );
}

function Weeks(props: {
  readonly draft: Draft;
  readonly set: (change: Partial<Draft>) => void;
  readonly problem: string | undefined;
}): preact.JSX.Element {
  const { draft, set } = props;
  const { session } = useDesk();
  const { weeks } = session.run;
  const names = {
    first: texts.decide.first(showWeek(weeks[0] ?? '')),
    all: texts.decide.all,
    some: texts.decide.some,
  };
  return (
    <fieldset>
      <legend>{texts.decide.weeks}</legend>
      <div class="segments">
        {(['first', 'all', 'some'] as const).map((which) => (
          <label key={which} class="segment">
            <input
              type="radio"
              name="weeks"
              checked={draft.weeks === which}
              onChange={() => set({ weeks: which })}
            />
            {names[which]}
          </label>
        ))}
      </div>
      {draft.weeks === 'some' && (
        <div class="weeks">
          {weeks.map((week, i) => (
            <label key={week} class="choice">
              <input
                type="checkbox"
                data-field={i === 0 ? 'weeks' : undefined}
                checked={draft.chosenWeeks.includes(week)}
                onChange={() =>
                  set({
                    chosenWeeks: draft.chosenWeeks.includes(week)
                      ? draft.chosenWeeks.filter((other) => other !== week)
                      : [...draft.chosenWeeks, week].sort(),
                  })
                }
              />
              {showWeek(week)}
            </label>
          ))}
        </div>
      )}
      <Problem id={props.problem} text={texts.decide.chooseWeek} />
    </fieldset>
  );
}

function Problem({
  id,
  text,
}: {
  readonly id: string | undefined;
  readonly text: string;
}): preact.JSX.Element | null {
  return id === undefined ? null : (
    <span class="problem" id={id} role="alert">
      {text}
    </span>
  );
}

function percentText(discount: number): string {
  return String(Number((discount * 100).toFixed(2)));
}
