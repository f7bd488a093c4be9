import type { Exceptions } from './exceptions.ts';
import type { PinnedPackage } from './lockfile.ts';

/** What becomes of licences. */
export interface LicenceVerdict {
  /** Packages with a licence that is not allowed and not excepted. */
  readonly refused: readonly PinnedPackage[];
  /** Exceptions of what is not there any more, or has another licence by now. */
  readonly stale: readonly Exceptions['licensedOtherwise'][number][];
}

/**
 * @param packages of others
 * @param exceptions which licences are allowed, and which packages have others
 * @returns what is refused, and stale
 */
export function licenceVerdict(packages: readonly PinnedPackage[], exceptions: Exceptions): LicenceVerdict {
  const allowed = new Set(exceptions.licences);
  const alsoAllowed = new Set(exceptions.developmentLicences);
  const unusual = packages.filter(
    ({ licence, isDevelopment }) =>
      licence === null || !(allowed.has(licence) || (isDevelopment && alsoAllowed.has(licence))),
  );
  const keyOf = (name: string, licence: string | null): string => `${name} ${licence ?? ''}`;
  const excepted = new Set(
    exceptions.licensedOtherwise.map(({ package: name, licence }) => keyOf(name, licence)),
  );
  const there = new Set(unusual.map(({ name, licence }) => keyOf(name, licence)));
  return {
    refused: unusual.filter(({ name, licence }) => !excepted.has(keyOf(name, licence))),
    stale: exceptions.licensedOtherwise.filter(
      ({ package: name, licence }) => !there.has(keyOf(name, licence)),
    ),
  };
}
