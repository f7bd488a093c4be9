import { useEffect, useMemo, useRef, useState } from 'preact/hooks';
import type { LimitNow, LimitsAnswer, Session, WaitingAnswer } from '../../api/index.ts';
import { AuditScreen } from '../audit/audit-screen.tsx';
import { createClient, Refused, type Client } from '../data/client.ts';
import { commonFormats, formatsOf, type Formats } from '../data/format.ts';
import { ConflictsDialogue } from '../decide/conflicts-dialogue.tsx';
import { DecideDialogue } from '../decide/decide-dialogue.tsx';
import { ImportDialogue } from '../decide/import-dialogue.tsx';
import { useDecisions } from '../decide/use-decisions.ts';
import { ListScreen } from '../list/list-screen.tsx';
import { texts } from '../texts/texts.ts';
import { WaitingScreen } from '../waiting/waiting-screen.tsx';
import { WhatIfScreen } from '../what-if/what-if-screen.tsx';
import { DeskContext, type Desk, type Notice } from './desk.ts';
import { HelpDialogue } from './help-dialogue.tsx';
import { Notices } from './notices.tsx';
import { TopBar } from './top-bar.tsx';
import { useKeys } from './use-keys.ts';
import { useMedia, useRoute } from './use-route.ts';
import { useSolve } from './use-solve.ts';

/** Others decide, too: how often the page looks whether they have. */
const LOOK_MILLISECONDS = 20_000;

/**
 * The page.
 * @returns all of it
 */
export function App(): preact.JSX.Element {
  const [session, setSession] = useState<Session | null>(null);
  const [refused, setRefused] = useState<Refused | null>(null);
  const [round, setRound] = useState(0);
  useEffect(() => {
    createClient('')
      .get<Session>('/api/session')
      .then(
        (answer) => {
          setRefused(null);
          setSession(answer);
        },
        (error: unknown) => setRefused(error as Refused),
      );
  }, [round]);
  if (session === null)
    return (
      <main class="door">
        <h1>{texts.title}</h1>
        {refused === null ? (
          <p class="muted">{texts.loading}</p>
        ) : (
          <>
            <p role="alert">{wordsOf(refused)}</p>
            <button type="button" onClick={() => setRound(round + 1)}>
              {texts.errors.again}
            </button>
          </>
        )}
      </main>
    );
  return <OpenDesk session={session} again={() => setRound(round + 1)} />;
}

function OpenDesk({
  session,
  again,
}: {
  readonly session: Session;
  readonly again: () => void;
}): preact.JSX.Element {
  const client = useMemo(() => createClient(session.csrf), [session.csrf]);
  const [route, go] = useRoute();
  const isNarrow = useMedia('(max-width: 720px)');
  const [changes, setChanges] = useState(0);
  const [own, setOwn] = useState(0);
  const { notices, say, drop, fail } = useNotices();
  const [dialogue, setDialogue] = useState<'help' | 'import' | null>(null);
  const changed = useStable(() => setChanges((n) => n + 1));
  const common = useMemo(() => commonFormats(session.run.markets), [session.run.markets]);
  const decided = useStable(() => {
    setOwn((n) => n + 1);
    setChanges((n) => n + 1);
  });
  const decisions = useDecisions({ client, common, say, fail, decided });
  const solve = useSolve(
    client,
    (state) => {
      if (state.state === 'failed')
        say({ kind: 'failed', text: `${texts.solve.failed}: ${state.error ?? texts.errors.unknown}` });
      else say({ kind: 'news', text: texts.solve.done });
      // The new plan is another run: its facts, weeks and limits are others.
      again();
      changed();
    },
    fail,
  );
  const { limits, waiting } = useLive(client, changes, changed, fail);
  useKeys({ '?': () => setDialogue('help') });

  const desk = useMemo<Desk>(() => {
    const made = new Map<string, Formats>();
    return {
      ...{ session, client, limits, waiting, common, changes, changed, say, fail, decisions: own },
      intend: decisions.intend,
      undo: decisions.undo,
      undoLast: decisions.undoLast,
      showConflicts: decisions.showConflicts,
      formats: (market) => {
        let formats = made.get(market);
        if (formats === undefined) {
          const facts = session.run.markets.find((one) => one.market === market);
          formats = formatsOf(facts ?? { locale: null, currency: null });
          made.set(market, formats);
        }
        return formats;
      },
    };
  }, [session, client, limits, waiting, changes, own]);
  return (
    <DeskContext.Provider value={desk}>
      <a
        class="skip"
        href="#main"
        onClick={(event) => {
          event.preventDefault();
          (document.getElementById('list') ?? document.getElementById('main'))?.focus();
        }}
      >
        {texts.skip}
      </a>
      <TopBar
        route={route}
        go={go}
        solve={solve.now}
        startSolve={solve.start}
        openImport={() => setDialogue('import')}
        openHelp={() => setDialogue('help')}
      />
      {session.run.isStale && (
        <p class="banner" role="status">
          {texts.run.stale}
        </p>
      )}
      {solve.now?.state === 'running' && (
        <p class="banner working" role="status">
          {texts.solve.running} {solve.now.progress}
        </p>
      )}
      {route.screen === 'list' && <ListScreen route={route} go={go} isNarrow={isNarrow} />}
      {route.screen === 'waiting' && <WaitingScreen go={go} />}
      {route.screen === 'audit' && <AuditScreen go={go} />}
      {route.screen === 'what-if' && <WhatIfScreen />}
      {decisions.intent !== null && (
        <DecideDialogue intent={decisions.intent} close={decisions.drop} send={decisions.send} />
      )}
      {decisions.conflicts.length > 0 && (
        <ConflictsDialogue conflicts={decisions.conflicts} close={() => decisions.showConflicts([])} />
      )}
      {dialogue === 'help' && <HelpDialogue close={() => setDialogue(null)} />}
      {dialogue === 'import' && <ImportDialogue close={() => setDialogue(null)} />}
      <Notices notices={notices} drop={drop} />
    </DeskContext.Provider>
  );
}

/** Limits and waiting reviews: after each decision, and now and then, since others decide, too. */
function useLive(
  client: Client,
  changes: number,
  changed: () => void,
  fail: (error: unknown) => void,
): { readonly limits: readonly LimitNow[]; readonly waiting: number } {
  const [live, setLive] = useState<{ readonly limits: readonly LimitNow[]; readonly waiting: number }>({
    limits: [],
    waiting: 0,
  });
  const version = useRef<number | null>(null);
  useEffect(() => {
    const abort = new AbortController();
    Promise.all([
      client.get<LimitsAnswer>('/api/limits', abort.signal),
      client.get<WaitingAnswer>('/api/waiting', abort.signal),
    ]).then(
      ([{ limits }, { waiting }]) => setLive({ limits, waiting: waiting.length }),
      (error: unknown) => {
        if (!abort.signal.aborted) fail(error);
      },
    );
    return () => abort.abort();
  }, [client, changes]);
  useEffect(() => {
    const query = { filter: {}, sort: { by: 'gain', descending: true }, offset: 0, count: 0 };
    const look = (): void => {
      if (document.hidden) return;
      client.get<{ version: number }>(`/api/rows?query=${encodeURIComponent(JSON.stringify(query))}`).then(
        (answer) => {
          if (version.current !== null && version.current !== answer.version) changed();
          version.current = answer.version;
        },
        // Whatever the person does next says that the server is away; a page that lies open does not nag.
        () => undefined,
      );
    };
    const timer = setInterval(look, LOOK_MILLISECONDS);
    window.addEventListener('focus', look);
    return () => {
      clearInterval(timer);
      window.removeEventListener('focus', look);
    };
  }, [client]);
  return live;
}

/** What is said at the lower edge. */
function useNotices(): {
  readonly notices: readonly (Notice & { readonly id: number })[];
  readonly say: (notice: Notice) => void;
  readonly drop: (id: number) => void;
  readonly fail: (error: unknown) => void;
} {
  const [notices, setNotices] = useState<readonly (Notice & { readonly id: number })[]>([]);
  const next = useRef(0);
  const say = useStable((notice: Notice) =>
    setNotices((before) => [
      ...before.filter(({ text }) => text !== notice.text).slice(-2),
      { ...notice, id: next.current++ },
    ]),
  );
  const fail = useStable((error: unknown) => say({ kind: 'failed', text: wordsOf(error) }));
  const drop = useStable((id: number) => setNotices((before) => before.filter((one) => one.id !== id)));
  return { notices, say, drop, fail };
}

/** The first function, whatever is drawn: it closes over nothing that changes. */
function useStable<T extends (...args: never[]) => void>(run: T): T {
  return useRef(run).current;
}

function wordsOf(error: unknown): string {
  if (!(error instanceof Refused))
    return `${texts.errors.unknown} ${String((error as Error)?.message ?? error)}`;
  if (error.status === 0) return `${texts.errors.unreachable} ${texts.errors.unreachableRemedy}`;
  if (error.status === 401) return `${texts.errors.unauthorized} ${texts.errors.unauthorizedRemedy}`;
  return [error.message || texts.errors.title, error.remedy ?? ''].filter((part) => part !== '').join(' ');
}
