/** A state of a definition, as far as it is looked at here. */
export interface AslState {
  readonly Type: string;
  readonly Resource?: string;
  readonly Branches?: readonly AslMachine[];
  readonly ItemProcessor?: AslMachine;
  readonly Iterator?: AslMachine;
  readonly [field: string]: unknown;
}

/** A definition, or a part of one. */
export interface AslMachine {
  readonly StartAt: string;
  readonly States: Readonly<Record<string, AslState>>;
  readonly [field: string]: unknown;
}

/** A state and where it stands. */
export interface PlacedState {
  readonly name: string;
  readonly state: AslState;
  /** Whether it is done for each of several items, under one name. */
  readonly isRepeated: boolean;
}

/**
 * All states of a definition, those within branches and maps too.
 * @param machine definition
 * @param isRepeated whether it stands in a map itself
 * @returns the states in the order in which they are declared
 */
export function statesOf(machine: AslMachine, isRepeated = false): PlacedState[] {
  return Object.entries(machine.States).flatMap(([name, state]) => {
    const map = mapOf(state);
    return [
      { name, state, isRepeated },
      ...(state.Branches ?? []).flatMap((branch) => statesOf(branch, isRepeated)),
      ...(map === undefined ? [] : statesOf(map, isRepeated || branchesByItem(map) === null)),
    ];
  });
}

/**
 * @param state of a definition
 * @returns what a map does for each of its items; undefined for any other state
 */
export function mapOf(state: AslState): AslMachine | undefined {
  return state.ItemProcessor ?? state.Iterator;
}

/**
 * The ways through a map whose items go a way each: it begins with a choice by the item's name.
 * @param map what is done for each item
 * @returns where each way begins; null where all items go the same
 */
export function branchesByItem(map: AslMachine): readonly string[] | null {
  const first = map.States[map.StartAt]!;
  if (first.Type !== 'Choice') return null;
  const rules = first['Choices'] as readonly {
    readonly Variable?: string;
    readonly StringEquals?: string;
    readonly Next: string;
  }[];
  const names = new Set(rules.map(({ StringEquals }) => StringEquals));
  const isByName =
    names.size === rules.length &&
    !names.has(undefined) &&
    new Set(rules.map(({ Variable }) => Variable)).size === 1;
  return isByName ? rules.map(({ Next }) => Next) : null;
}
