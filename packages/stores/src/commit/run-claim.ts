import { ConfigurationError, ConflictError } from '@hemline/core';
import type { Store } from '../store.ts';
import { ENTRIES, writtenAtOnce } from './committed-entries.ts';
import { provenanceText, sameProvenance, type Provenance } from './provenance.ts';

const CLAIM = `${ENTRIES}/run.json`;

/**
 * Claims an output for one run: the first start of the first job writes its provenance, every other start must have the
 * same. So two runs never mix, not even when both begin with different partitions.
 * @param store of the output
 * @param provenance of the run
 * @throws ConfigurationError when the output belongs to another run
 */
export async function claimOutput(store: Store, provenance: Provenance): Promise<void> {
  const owner = (await readOwner(store)) ?? (await writeOwner(store, provenance));
  if (owner === null || sameProvenance(owner, provenance)) return;
  throw new ConfigurationError('the output belongs to another run', {
    expected: provenanceText(provenance),
    found: provenanceText(owner),
    where: { file: store.url },
    remedy:
      'Give every run an output of its own, or empty this one; to resume a run, start it under its name.',
  });
}

/** Null when it is ours now. */
async function writeOwner(store: Store, provenance: Provenance): Promise<Provenance | null> {
  try {
    await store.write(CLAIM, `${JSON.stringify(provenance)}\n`, { ifAbsent: true });
    return null;
  } catch (error) {
    if (!(error instanceof ConflictError)) throw error;
    const owner = await readOwner(store);
    if (owner === null) throw writtenAtOnce(error, store.urlOf(CLAIM));
    return owner;
  }
}

async function readOwner(store: Store): Promise<Provenance | null> {
  const bytes = await store.read(CLAIM);
  if (bytes === null) return null;
  try {
    return JSON.parse(new TextDecoder().decode(bytes)) as Provenance;
  } catch (cause) {
    throw new ConfigurationError('the output does not tell which run it belongs to', {
      found: (cause as Error).message,
      where: { file: store.urlOf(CLAIM) },
      remedy: 'Empty the output.',
      cause,
    });
  }
}
