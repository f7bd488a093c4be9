import { ConflictError, DataError } from '@hemline/core';
import type { Store } from '@hemline/stores';
import { digestOfOrigin, ORIGIN_FILE, type PricingOrigin } from './pricing-origin.ts';

/**
 * Claims an output for recommendations from given inputs: of two optimisers that begin at once one writes the file that tells them, and
 * the other finds it there. From the same inputs both come to the same; from others the second is told so before it works.
 * @param store of the output
 * @param origin what the recommendations follow from
 * @returns whether they have been claimed before, from the same inputs
 * @throws ConflictError when the output holds, or is to hold, recommendations from other inputs
 */
export async function claimPricing(store: Store, origin: PricingOrigin): Promise<boolean> {
  try {
    await store.write(ORIGIN_FILE, `${JSON.stringify(origin, null, 2)}\n`, { ifAbsent: true });
    return false;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const other = await readOrigin(store);
    // Somebody is writing it this moment, or has taken it away.
    if (other === null) throw error;
    if (digestOfOrigin(other) === digestOfOrigin(origin)) return true;
    throw new ConflictError('another optimiser has priced here, or does, from other inputs', {
      ...differences(other, origin),
      where: { file: store.urlOf(ORIGIN_FILE) },
      remedy:
        'Its recommendations stand. To price with these inputs, give them an output of their own: hemline price RUN.',
      cause: error,
    });
  }
}

/**
 * @param store of an output
 * @returns what its recommendations follow from; null where nothing says so
 * @throws DataError when the file is damaged
 */
export async function readOrigin(store: Store): Promise<PricingOrigin | null> {
  const bytes = await store.read(ORIGIN_FILE);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as PricingOrigin;
  } catch (cause) {
    throw new DataError('the inputs of recommendations cannot be read', {
      found: (cause as Error).message,
      where: { file: store.urlOf(ORIGIN_FILE) },
      remedy: 'Price again, with an output of its own.',
      cause,
    });
  }
}

/** Only what is not the same, in the words of a person. */
function differences(theirs: PricingOrigin, ours: PricingOrigin): { expected: string; found: string } {
  const [a, b] = [ours, theirs].map((origin) => ({
    'the run': origin.run,
    'forecasts of': origin.forecasts.map(({ model, digest }) => `${model} ${digest.slice(0, 12)}`).join(', '),
    'the dataset': origin.dataset.fingerprint.slice(0, 12),
    limits: origin.limits === null ? 'none' : `${origin.limits.file} (${origin.limits.sha256.slice(0, 12)})`,
    'the plan': origin.plan === null ? 'none' : `${origin.plan.file} (${origin.plan.sha256.slice(0, 12)})`,
    settings: JSON.stringify(origin.settings),
  }));
  const names = (Object.keys(a!) as (keyof typeof a)[]).filter((name) => a![name] !== b![name]);
  const told = (of: typeof a): string => names.map((name) => `${name} ${of![name]}`).join('; ');
  return { expected: told(a), found: told(b) };
}
