import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import type { DecisionState } from '../../src/decisions/decision-cells.ts';
import { DecisionLedger } from '../../src/decisions/decision-ledger.ts';
import { DECISION_EVENTS, type DecisionEvent } from '../../src/decisions/decision-event.ts';
import { VERDICTS, type Verdict } from '../../src/decisions/verdict.ts';
import { eventBatch, type WrittenEvent } from './event-batch.ts';

/** What the life of one price is meant to be, written down without the columns. */
interface Model {
  proposal: { discount: number; at: number } | null;
  choice: { discount: number; by: string | null } | null;
  shop: { discount: number; at: number } | null;
  state: DecisionState;
}

interface Real {
  readonly ledger: DecisionLedger;
  segment: number;
}

const DISCOUNTS = [0, 0.2, 0.4];

class Happens implements fc.Command<Model, Real> {
  readonly event: WrittenEvent & { readonly at: number };
  readonly seesLatest: boolean;
  constructor(event: DecisionEvent, discount: number, at: number, by: string, seesLatest: boolean) {
    const isManual = event === 'overridden';
    this.event = { event, discount, at, by: isManual ? by : null, reason: isManual ? 'stock' : null };
    this.seesLatest = seesLatest;
  }
  check(): boolean {
    return true;
  }
  run(model: Model, real: Real): void {
    const { ledger } = real;
    const before = ledger.find(eventBatch([this.event]))[0]!;
    const version = before === -1 ? 0 : ledger.cells.codes.version[before]!;
    const seen = this.seesLatest ? version : version + 1;
    const given = { ...this.event, version: seen };
    const verdict = VERDICTS[ledger.apply(eventBatch([given]), ++real.segment)[0]!]!;
    expect(verdict, this.toString()).toBe(this.verdict(model));
    if (verdict === 'applied') this.happen(model);
    this.compare(model, ledger);
  }
  verdict({ proposal, choice, shop, state }: Model): Verdict {
    const { event, discount, at, by } = this.event;
    const isOver = state === 'outcome';
    const shopNewer = (than: number): boolean => shop !== null && shop.at > than;
    const refused = isOver ? 'week-is-over' : this.seesLatest ? null : 'changed-since';
    switch (event) {
      case 'proposed':
        if (proposal?.discount === discount && proposal.at === at) return 'unchanged';
        if (isOver) return 'week-is-over';
        if (shopNewer(at)) return 'shop-is-newer';
        return proposal !== null && proposal.at > at ? 'proposal-is-newer' : 'applied';
      case 'approved':
        if (proposal === null) return 'nothing-proposed';
        if (choice?.discount === discount && choice.by === null) return 'unchanged';
        if (refused !== null) return refused;
        if (proposal.discount !== discount) return 'not-as-proposed';
        return shopNewer(proposal.at) ? 'shop-is-newer' : 'applied';
      case 'overridden':
        if (choice?.discount === discount && choice.by === by) return 'unchanged';
        return refused ?? (shopNewer(at) ? 'shop-is-newer' : 'applied');
      case 'withdrawn':
        return choice === null ? 'unchanged' : (refused ?? 'applied');
      case 'in-shop':
        if (shop?.discount === discount && (state === 'in-shop' || isOver)) return 'unchanged';
        if (isOver) return 'week-is-over';
        return shopNewer(at) ? 'shop-is-newer' : 'applied';
      case 'outcome':
        if (state === 'none') return 'nothing-proposed';
        return isOver && shop?.discount === discount ? 'unchanged' : 'applied';
    }
  }
  happen(model: Model): void {
    const { event, discount, at, by = null } = this.event;
    if (event === 'withdrawn') {
      model.choice = null;
      const { proposal, shop, state } = model;
      const isNewer = shop !== null && (proposal === null || shop.at > proposal.at);
      model.state = state === 'in-shop' || isNewer ? 'in-shop' : proposal === null ? 'none' : 'proposed';
      return;
    }
    if (event === 'proposed') {
      model.proposal = { discount, at };
      const { choice, shop, state } = model;
      const isSame =
        (state === 'in-shop' ? shop : state === 'approved' ? choice : null)?.discount === discount;
      // What a person has fixed stands.
      if (choice?.by === undefined ? isSame : choice.by !== null || isSame) return;
      model.choice = null;
    }
    if (event === 'overridden') model.choice = { discount, by };
    if (event === 'approved') model.choice = { discount, by: null };
    if (event === 'in-shop') model.shop = { discount, at };
    if (event === 'outcome') model.shop = { discount, at: model.shop?.at ?? at };
    model.state = event;
  }
  compare(model: Model, ledger: DecisionLedger): void {
    const cell = ledger.find(eventBatch([this.event]))[0]!;
    expect(cell === -1).toBe(model.state === 'none');
    if (cell === -1) return;
    expect(ledger.stateOf(cell)).toBe(model.state);
    const { amounts, isManual } = ledger.cells;
    expect(amounts.recommended[cell]).toBe(model.proposal?.discount ?? NaN);
    expect(amounts.actual[cell]).toBe(model.shop?.discount ?? NaN);
    expect(isManual[cell] === 1).toBe(model.choice !== null && model.choice.by !== null);
    if (isManual[cell] === 1) {
      expect(amounts.chosen[cell]).toBe(model.choice!.discount);
      expect(ledger.textOf(cell, 'by')).toBe(model.choice!.by);
    }
  }
  toString(): string {
    return JSON.stringify({ ...this.event, seesLatest: this.seesLatest });
  }
}

const commands = fc.commands(
  [
    fc
      .tuple(
        ...([
          fc.constantFrom(...DECISION_EVENTS.slice(0, 4), ...DECISION_EVENTS),
          fc.constantFrom(...DISCOUNTS),
          fc.integer({ min: 0, max: 5 }),
          fc.constantFrom('ann', 'bob'),
          fc.boolean(),
        ] as const),
      )
      .map((given) => new Happens(...given)),
  ],
  { maxCommands: 40 },
);

const fresh = (): { model: Model; real: Real } => ({
  model: { proposal: null, choice: null, shop: null, state: 'none' },
  real: { ledger: new DecisionLedger(), segment: 0 },
});

describe('the life of a price', () => {
  it('goes as the model says, whatever happens', () => {
    fc.assert(
      fc.property(commands, (all) => fc.modelRun(fresh, all)),
      { numRuns: 400 },
    );
  });

  const verdictsOf = (...events: WrittenEvent[]): Verdict[] => {
    const ledger = new DecisionLedger();
    return events.map((event, i) => VERDICTS[ledger.apply(eventBatch([event]), i + 1)[0]!]!);
  };
  const stateOf = (...events: WrittenEvent[]): string => {
    const ledger = new DecisionLedger();
    events.forEach((event, i) => ledger.apply(eventBatch([event]), i + 1));
    return ledger.stateOf(0);
  };
  const proposed = (discount: number, at = 1): WrittenEvent => ({ event: 'proposed', discount, at });
  const override: WrittenEvent = { event: 'overridden', discount: 0.4, by: 'ann', reason: 'press', at: 2 };

  it('keeps a manual price through proposals, and lets another person end it', () => {
    expect(stateOf(proposed(0.2), override, proposed(0.3, 3))).toBe('overridden');
    expect(stateOf(proposed(0.2), override, proposed(0.3, 3), { event: 'approved', discount: 0.3 })).toBe(
      'approved',
    );
  });

  it('never lets an older proposal take the place of a price in the shop', () => {
    const shop: WrittenEvent = { event: 'in-shop', discount: 0.1, at: 5 };
    expect(verdictsOf(proposed(0.2), shop, proposed(0.3, 4))).toEqual([
      'applied',
      'applied',
      'shop-is-newer',
    ]);
    expect(verdictsOf(proposed(0.2), shop, { event: 'approved', discount: 0.2, at: 6 })[2]).toBe(
      'shop-is-newer',
    );
    expect(stateOf(proposed(0.2), shop, proposed(0.3, 6))).toBe('proposed');
    expect(stateOf(proposed(0.2), shop, proposed(0.1, 6))).toBe('in-shop');
  });

  it('lets an approval lapse where something else is proposed', () => {
    const approved: WrittenEvent = { event: 'approved', discount: 0.2 };
    expect(stateOf(proposed(0.2), approved, proposed(0.2, 2))).toBe('approved');
    expect(stateOf(proposed(0.2), approved, proposed(0.3, 2))).toBe('proposed');
  });

  it('refuses who has not seen the latest decision', () => {
    const second = { ...override, by: 'bob', version: 1 };
    expect(verdictsOf(proposed(0.2), override, second)[2]).toBe('changed-since');
    expect(verdictsOf(proposed(0.2), override, { ...second, version: 2 })[2]).toBe('applied');
  });
});
