import { DECISION_STATES, type DecisionCells, type DecisionState } from './decision-cells.ts';
import type { DecisionEvent } from './decision-event.ts';
import { isSamePrice } from './same-price.ts';
import type { Verdict } from './verdict.ts';

/** An event about a cell. One object serves many, one after the other. */
export interface GivenEvent {
  event: DecisionEvent;
  discount: number;
  /** Milliseconds since 1970. */
  at: number;
  /** Segment that tells it. */
  segment: number;
  /** Version of the cell that whoever decides has seen; −1: not told. */
  seen: number;
  listPrice: number;
  profit: number;
  sales: number;
  heldDiscount: number;
  heldProfit: number;
  cost: number;
  propensity: number;
  experiment: number;
  by: number;
  reason: number;
}

const STATE = Object.fromEntries(DECISION_STATES.map((state, i) => [state, i])) as Record<
  DecisionState,
  number
>;

/**
 * What an event does to a cell. These are all the rules there are:
 * a proposal never takes the place of an override, of a newer price in the shop, or of a newer proposal; a person's decision holds until
 * it is withdrawn, or somebody decides otherwise; a price in the shop is a fact, whatever was decided; after its outcome nothing is decided any more.
 * @param cells of all
 * @param cell number of the one it is about; changed only where the event is applied
 * @param given event
 * @returns what becomes of it
 */
export function decide(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const verdict = RULES[given.event](cells, cell, given);
  if (verdict === 'applied') cells.codes.version[cell] = given.segment;
  return verdict;
}

type Rule = (cells: DecisionCells, cell: number, given: GivenEvent) => Verdict;

const RULES: Readonly<Record<DecisionEvent, Rule>> = {
  proposed: propose,
  approved: approve,
  overridden: override,
  withdrawn: withdraw,
  'in-shop': putInShop,
  outcome: conclude,
};

function propose(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, codes, state } = cells;
  const { discount, at } = given;
  const isSame = amounts.recommended[cell] === discount && amounts.proposedAt[cell] === at;
  if (isSame && amounts.forecastProfit[cell] === given.profit) return 'unchanged';
  if (state[cell] === STATE.outcome) return 'week-is-over';
  if (amounts.actualAt[cell]! > at) return 'shop-is-newer';
  if (amounts.proposedAt[cell]! > at) return 'proposal-is-newer';
  amounts.recommended[cell] = discount;
  amounts.proposedAt[cell] = at;
  amounts.listPrice[cell] = given.listPrice;
  amounts.forecastProfit[cell] = given.profit;
  amounts.forecastSales[cell] = given.sales;
  amounts.heldDiscount[cell] = given.heldDiscount;
  amounts.heldProfit[cell] = given.heldProfit;
  amounts.propensity[cell] = given.propensity;
  codes.experiment[cell] = given.experiment;
  codes.proposal[cell] = given.segment;
  if (stands(cells, cell, discount)) return 'applied';
  clearChoice(cells, cell);
  state[cell] = STATE.proposed;
  return 'applied';
}

/** An approval is of a discount: it holds for a new proposal of the same, and for no other. What a person has fixed stands. */
function stands({ amounts, state, isManual }: DecisionCells, cell: number, discount: number): boolean {
  if (isManual[cell] === 1) return true;
  if (state[cell] === STATE['in-shop'])
    return isSamePrice(amounts.actual[cell]!, discount, amounts.listPrice[cell]!);
  return state[cell] === STATE.approved && amounts.chosen[cell] === discount;
}

function approve(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, state } = cells;
  if (Number.isNaN(amounts.recommended[cell]!)) return 'nothing-proposed';
  const isSame = amounts.chosen[cell] === given.discount && cells.isManual[cell] === 0;
  if (isSame && state[cell]! >= STATE.approved) return 'unchanged';
  const refusal = refusalOf(cells, cell, given);
  if (refusal !== null) return refusal;
  if (amounts.recommended[cell] !== given.discount) return 'not-as-proposed';
  if (amounts.actualAt[cell]! > amounts.proposedAt[cell]!) return 'shop-is-newer';
  choose(cells, cell, given);
  cells.isManual[cell] = 0;
  amounts.cost[cell] = NaN;
  state[cell] = STATE.approved;
  return 'applied';
}

function override(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, codes, state } = cells;
  const isSame = amounts.chosen[cell] === given.discount && cells.isManual[cell] === 1;
  if (isSame && codes.by[cell] === given.by && codes.reason[cell] === given.reason) return 'unchanged';
  const refusal = refusalOf(cells, cell, given);
  if (refusal !== null) return refusal;
  if (amounts.actualAt[cell]! > given.at) return 'shop-is-newer';
  choose(cells, cell, given);
  cells.isManual[cell] = 1;
  amounts.cost[cell] = given.cost;
  state[cell] = STATE.overridden;
  return 'applied';
}

/** What was chosen is chosen no more: what is proposed waits for a decision again. What stands in the shop stands there. */
function withdraw(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, state } = cells;
  if (Number.isNaN(amounts.chosen[cell]!)) return 'unchanged';
  const refusal = refusalOf(cells, cell, given);
  if (refusal !== null) return refusal;
  clearChoice(cells, cell);
  cells.isManual[cell] = 0;
  amounts.cost[cell] = NaN;
  const isProposed = !Number.isNaN(amounts.recommended[cell]!);
  const isInShop = isProposed
    ? state[cell] === STATE['in-shop'] || amounts.actualAt[cell]! > amounts.proposedAt[cell]!
    : !Number.isNaN(amounts.actual[cell]!);
  state[cell] = isInShop ? STATE['in-shop'] : isProposed ? STATE.proposed : STATE.none;
  return 'applied';
}

/** The version is not asked for: what stands in the shop stands there. */
function putInShop(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, state } = cells;
  const isSame = amounts.actual[cell] === given.discount;
  if (isSame && state[cell]! >= STATE['in-shop']) return 'unchanged';
  if (state[cell] === STATE.outcome) return 'week-is-over';
  if (amounts.actualAt[cell]! > given.at) return 'shop-is-newer';
  amounts.actual[cell] = given.discount;
  amounts.actualAt[cell] = given.at;
  state[cell] = STATE['in-shop'];
  return 'applied';
}

/** Sales that were corrected later take the place of those that were told first. */
function conclude(cells: DecisionCells, cell: number, given: GivenEvent): Verdict {
  const { amounts, state } = cells;
  if (state[cell] === STATE.none) return 'nothing-proposed';
  const isKnown = state[cell] === STATE.outcome && amounts.actual[cell] === given.discount;
  if (
    isKnown &&
    same(amounts.units[cell]!, given.sales) &&
    same(amounts.earned[cell]!, given.profit) &&
    same(amounts.costAfter[cell]!, given.cost)
  )
    return 'unchanged';
  amounts.actual[cell] = given.discount;
  if (Number.isNaN(amounts.actualAt[cell]!)) amounts.actualAt[cell] = given.at;
  amounts.units[cell] = given.sales;
  amounts.earned[cell] = given.profit;
  amounts.costAfter[cell] = given.cost;
  state[cell] = STATE.outcome;
  return 'applied';
}

/** What keeps a person from deciding. A row of the same file may have decided just before: that is seen. */
function refusalOf({ codes, state }: DecisionCells, cell: number, given: GivenEvent): Verdict | null {
  if (state[cell] === STATE.outcome) return 'week-is-over';
  const { seen, segment } = given;
  // Of what nobody has told of yet the version is 0.
  const version = state[cell] === STATE.none ? 0 : Math.max(0, codes.version[cell]!);
  return seen === -1 || seen === version || version === segment ? null : 'changed-since';
}

function choose({ amounts, codes }: DecisionCells, cell: number, given: GivenEvent): void {
  amounts.chosen[cell] = given.discount;
  amounts.chosenAt[cell] = given.at;
  codes.by[cell] = given.by;
  codes.reason[cell] = given.reason;
}

function clearChoice({ amounts, codes }: DecisionCells, cell: number): void {
  amounts.chosen[cell] = NaN;
  amounts.chosenAt[cell] = NaN;
  codes.by[cell] = -1;
  codes.reason[cell] = -1;
}

function same(a: number, b: number): boolean {
  return Object.is(a, b) || a === b;
}
