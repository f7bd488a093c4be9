import type { Highs } from 'highs';
import highs from 'highs';

// Its types are those of the CommonJS build, its export under `import` is the loader itself.
const load = highs as unknown as typeof highs.default;
let loaded: Promise<Highs> | null = null;

/** @returns the solver, loaded once a thread */
export function loadHighs(): Promise<Highs> {
  return (loaded ??= load());
}
