import { createContext } from 'preact';
import { useContext } from 'preact/hooks';
import type { Action, LimitNow, Session, Targets } from '../../api/index.ts';
import type { Client } from '../data/client.ts';
import type { Formats } from '../data/format.ts';
import type { Conflict } from '../decide/conflicts-dialogue.tsx';

/** What somebody is about to decide. */
export interface Intent {
  readonly targets: Targets;
  /** How many rows, and their words for people. */
  readonly rows: number;
  readonly about: string;
  readonly kind: Action['kind'];
  /** Of a single row: where an overrule begins. */
  readonly recommended?: number;
  readonly today?: number | null;
  readonly market?: string;
  readonly isPriority?: boolean;
}

/** A word at the lower edge, with what can be done about it. */
export interface Notice {
  readonly text: string;
  readonly kind: 'done' | 'failed' | 'news';
  readonly action?: { readonly name: string; readonly run: () => void };
}

/** What every part of the page can reach. */
export interface Desk {
  readonly session: Session;
  readonly client: Client;
  readonly limits: readonly LimitNow[];
  /** Numbers of a market, and of several together. */
  readonly formats: (market: string) => Formats;
  readonly common: Formats;
  /** Counts up when decisions have changed: whoever shows them asks again. */
  readonly changes: number;
  readonly changed: () => void;
  /** Counts up when the person has decided something: what was marked for it is done. */
  readonly decisions: number;
  /** The waiting reviews, as far as they are known. */
  readonly waiting: number;
  readonly say: (notice: Notice) => void;
  readonly fail: (error: unknown) => void;
  /** Opens the dialogue; a single approval and the like are done at once. */
  readonly intend: (intent: Intent) => void;
  readonly undo: (id: number) => Promise<void>;
  readonly undoLast: () => void;
  readonly showConflicts: (conflicts: readonly Conflict[]) => void;
}

export const DeskContext = createContext<Desk | null>(null);

/**
 * @returns the desk of the page
 */
export function useDesk(): Desk {
  return useContext(DeskContext)!;
}

/**
 * @param session of the person
 * @returns whether the person may decide
 */
export function mayDecide({ role }: Session): boolean {
  return role !== 'read';
}

/**
 * @param session of the person
 * @returns whether the person may agree to what others have decided
 */
export function mayReview({ role }: Session): boolean {
  return role === 'approve' || role === 'admin';
}
