import { useEffect, useRef, useState } from 'preact/hooks';
import type { SolveState } from '../../api/index.ts';
import type { Client } from '../data/client.ts';
import { newKey } from '../data/new-key.ts';

const POLL_MILLISECONDS = 1000;

/**
 * Solving again, whoever has asked for it.
 * @param client of the server; null while there is none
 * @param finished called once when a run that was seen has ended
 * @param fail called with what went wrong
 * @returns how it stands, and how to begin
 */
export function useSolve(
  client: Client | null,
  finished: (state: SolveState) => void,
  fail: (error: unknown) => void,
): { readonly now: SolveState | null; readonly start: () => void } {
  const [now, setNow] = useState<SolveState | null>(null);
  const [round, setRound] = useState(0);
  const wasRunning = useRef(false);
  useEffect(() => {
    if (client === null) return undefined;
    let timer = 0;
    const abort = new AbortController();
    const look = (): void => {
      client.get<SolveState>('/api/solve', abort.signal).then(
        (state) => {
          setNow(state);
          if (state.state === 'running') {
            wasRunning.current = true;
            timer = window.setTimeout(look, POLL_MILLISECONDS);
          } else if (wasRunning.current) {
            wasRunning.current = false;
            finished(state);
          }
        },
        (error: unknown) => {
          if (!abort.signal.aborted) fail(error);
        },
      );
    };
    look();
    return () => {
      abort.abort();
      window.clearTimeout(timer);
    };
  }, [client, round]);
  return {
    now,
    start: () => {
      client!.send('POST', '/api/solve', { key: newKey() }).then(() => {
        // Ended before it was looked at, it is news all the same.
        wasRunning.current = true;
        setRound((n) => n + 1);
      }, fail);
    },
  };
}
