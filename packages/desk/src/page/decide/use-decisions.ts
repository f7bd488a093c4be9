import { useRef, useState } from 'preact/hooks';
import type { Decided, Decision } from '../../api/index.ts';
import type { Client } from '../data/client.ts';
import { newKey } from '../data/new-key.ts';
import type { Formats } from '../data/format.ts';
import type { Intent, Notice } from '../frame/desk.ts';
import { texts } from '../texts/texts.ts';
import type { Conflict } from './conflicts-dialogue.tsx';

/** What can be decided without a question: about one row, with the plan and not against it. */
const AT_ONCE: readonly Intent['kind'][] = ['approve', 'priority', 'release'];

/** What deciding needs of the page. */
interface DecisionNeeds {
  readonly client: Client;
  readonly common: Formats;
  readonly say: (notice: Notice) => void;
  readonly fail: (error: unknown) => void;
  /** Called when something has been decided or taken back. */
  readonly decided: () => void;
}

/** Deciding, as the page does it. */
export interface Decisions {
  readonly intent: Intent | null;
  readonly conflicts: readonly Conflict[];
  readonly intend: (intent: Intent) => void;
  readonly drop: () => void;
  readonly send: (decision: Decision) => Promise<boolean>;
  readonly undo: (id: number) => Promise<void>;
  readonly undoLast: () => void;
  readonly showConflicts: (conflicts: readonly Conflict[]) => void;
}

/**
 * @param needs of the page
 * @returns how decisions are asked for, sent, and taken back
 */
export function useDecisions(needs: DecisionNeeds): Decisions {
  const { client, common, say, fail, decided: done } = needs;
  const [intent, setIntent] = useState<Intent | null>(null);
  const [conflicts, setConflicts] = useState<readonly Conflict[]>([]);
  const last = useRef<number | null>(null);

  const undo = async (id: number): Promise<void> => {
    try {
      await client.send('POST', '/api/undo', { id, key: newKey() });
      if (last.current === id) last.current = null;
      say({ kind: 'done', text: texts.decide.undone });
      done();
    } catch (error) {
      fail(error);
    }
  };

  const send = async (decision: Decision): Promise<boolean> => {
    try {
      const decided = await client.send<Decided>('POST', '/api/decisions', decision);
      setIntent(null);
      if (decided.applied + decided.waiting > 0) last.current = decided.id;
      const words = [
        ...(decided.applied > 0
          ? [
              texts.decide.applied(
                texts.decide.done[decision.action.kind],
                decided.applied,
                common.count(decided.applied),
              ),
            ]
          : []),
        ...(decided.waiting > 0
          ? [texts.decide.waiting(decided.waiting, common.count(decided.waiting))]
          : []),
      ];
      say(
        words.length === 0
          ? { kind: 'failed', text: texts.decide.nothingDone }
          : {
              kind: 'done',
              text: words.join(' '),
              action: { name: texts.decide.undo, run: () => void undo(decided.id) },
            },
      );
      setConflicts(decided.conflicts);
      done();
      return true;
    } catch (error) {
      fail(error);
      return false;
    }
  };

  return {
    intent,
    conflicts,
    send,
    undo,
    undoLast: () => {
      if (last.current !== null) void undo(last.current);
    },
    drop: () => setIntent(null),
    showConflicts: setConflicts,
    intend: (wanted) => {
      if (wanted.rows !== 1 || !('rows' in wanted.targets) || !AT_ONCE.includes(wanted.kind))
        return setIntent(wanted);
      void send({
        targets: wanted.targets,
        weeks: wanted.kind === 'approve' ? 'first' : 'all',
        action:
          wanted.kind === 'priority'
            ? { kind: 'priority', on: wanted.isPriority !== true }
            : { kind: wanted.kind === 'release' ? 'release' : 'approve' },
        key: newKey(),
      });
    },
  };
}
