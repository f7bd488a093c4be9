import type { ArtifactReader, Batch, FittedModel } from '@hemline/core';
import { MemoryArtifact } from '../memory-artifact.ts';
import { demandSameForecasts } from './compare.ts';

/** Who fits, asks and loads the model under test, as the runtime does. */
interface Asking {
  withFitted<T>(use: (fitted: FittedModel) => Promise<T>): Promise<T>;
  ask(fitted: FittedModel, kind: 'grid' | 'planned'): Promise<Batch>;
  load(artifact: ArtifactReader): Promise<FittedModel>;
}

/** What a model that was fitted on the unchanged tables says. */
export interface Told {
  readonly grid: Batch;
  readonly planned: Batch;
  readonly hasCurves: boolean;
  /** What it saved before it was asked; null where saving fails, which a check of its own tells. */
  readonly artifact: MemoryArtifact | null;
}

/**
 * Fits, saves, and asks for the forecasts that all others are compared with.
 * @param asking who does
 * @returns what the model says
 */
export function tell(asking: Asking): Promise<Told> {
  return asking.withFitted(async (fitted) => ({
    artifact: await saved(fitted),
    grid: await asking.ask(fitted, 'grid'),
    planned: await asking.ask(fitted, 'planned'),
    hasCurves: fitted.curves !== undefined,
  }));
}

async function saved(fitted: FittedModel): Promise<MemoryArtifact | null> {
  const artifact = new MemoryArtifact();
  return fitted.save(artifact).then(
    () => artifact,
    () => null,
  );
}

/**
 * Looks whether a model that is loaded is as good as another fit, which takes a hundred times as long. Where it is not, because saving
 * or loading is broken, the checks of forecasts fit anew: one says that it is broken, and the others what they have to say.
 * @param asking who loads and asks
 * @param told what the fit said
 * @param key of its forecasts
 * @returns the artifact; null where what is loaded from it differs in a bit from what was saved
 */
export async function trustedArtifact(
  asking: Asking,
  told: Told,
  key: readonly string[],
): Promise<MemoryArtifact | null> {
  if (told.artifact === null) return null;
  try {
    const loaded = await asking.load(told.artifact);
    try {
      demandSameForecasts(await asking.ask(loaded, 'grid'), told.grid, key, 0);
      demandSameForecasts(await asking.ask(loaded, 'planned'), told.planned, key, 0);
      return (loaded.curves !== undefined) === told.hasCurves ? told.artifact : null;
    } finally {
      loaded.dispose();
    }
  } catch {
    return null;
  }
}
