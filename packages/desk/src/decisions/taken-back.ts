import type { Action } from '../api/index.ts';
import { WAITS, type Standing } from './decision-records.ts';
import type { Found } from './journal.ts';

/**
 * @param action of a decision
 * @param id its number
 * @param row of the decision
 * @param state what holds of that row by now
 * @returns whether nobody has decided about it since
 */
export function isLatest(action: Action, id: number, row: Found, state: Found): boolean {
  if (action.kind === 'priority') return Number(state['priority']) === Number(action.on);
  if (action.kind === 'release') return Number(state['effective']) === 0 && Number(state['waiting']) === 0;
  return (
    Number(state[row['status'] === WAITS ? 'waiting' : 'effective']) === id &&
    (row['status'] === WAITS || Number(state['waiting']) === 0)
  );
}

/**
 * @param action of a decision that is taken back
 * @param row of the decision
 * @param state what holds of that row
 * @param previous what held before the decision
 * @returns what holds again
 */
export function nextState(action: Action, row: Found, state: Found, previous: number): Standing {
  const [effective, waiting, priority] = [
    Number(state['effective']),
    Number(state['waiting']),
    Number(state['priority']),
  ];
  if (action.kind === 'priority') return { effective, waiting, priority: previous };
  if (row['status'] === WAITS) return { effective, waiting: 0, priority };
  return { effective: previous, waiting, priority };
}
