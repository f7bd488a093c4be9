import { STATES, type State } from '../api/index.ts';

/** What was decided about each row of a list [N]. Numbers of decisions are those of the journal; 0: none. */
export interface RowStates {
  /** Position in {@link STATES}. */
  readonly state: Uint8Array;
  /** Discount of the first week that was decided; NaN: nothing is. */
  readonly chosen: Float64Array;
  /** Number of who decided last, in `people`; −1: nobody. */
  readonly by: Int32Array;
  readonly people: string[];
  /** Decision that holds, and the one that waits for another person. */
  readonly effective: Int32Array;
  readonly waiting: Int32Array;
  readonly version: Int32Array;
  readonly priority: Uint8Array;
  /** What the decision costs by the forecasts; NaN: not known. */
  readonly cost: Float64Array;
  /** Discount that others have told the store of, without the desk; NaN: nobody has. */
  readonly elsewhere: Float64Array;
  /** In the shop, by the store of decisions: 1. */
  readonly inShop: Uint8Array;
}

/**
 * @param rows of the list
 * @returns states of rows that nobody has decided about
 */
export function newRowStates(rows: number): RowStates {
  return {
    ...{ state: new Uint8Array(rows), chosen: new Float64Array(rows).fill(NaN), people: [] },
    ...{ by: new Int32Array(rows).fill(-1), effective: new Int32Array(rows), waiting: new Int32Array(rows) },
    ...{ version: new Int32Array(rows), priority: new Uint8Array(rows), inShop: new Uint8Array(rows) },
    ...{ cost: new Float64Array(rows).fill(NaN), elsewhere: new Float64Array(rows).fill(NaN) },
  };
}

/**
 * @param states of rows
 * @param row of them
 * @returns its state
 */
export function stateOf(states: RowStates, row: number): State {
  return STATES[states.state[row]!]!;
}
