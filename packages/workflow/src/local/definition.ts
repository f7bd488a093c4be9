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
    const map = state.ItemProcessor ?? state.Iterator;
    return [
      { name, state, isRepeated },
      ...(state.Branches ?? []).flatMap((branch) => statesOf(branch, isRepeated)),
      ...(map === undefined ? [] : statesOf(map, true)),
    ];
  });
}
