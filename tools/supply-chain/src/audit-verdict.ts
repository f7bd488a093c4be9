import type { KnownVulnerability } from './audit-report.ts';
import type { Exceptions } from './exceptions.ts';

/** What becomes of an audit. */
export interface AuditVerdict {
  /** Vulnerabilities that nobody has excepted, or whose exception has ended. */
  readonly open: readonly KnownVulnerability[];
  /** Vulnerabilities that are lived with. */
  readonly excepted: readonly KnownVulnerability[];
  /** Exceptions of what is not there any more: to be taken out. */
  readonly stale: readonly Exceptions['advisories'][number][];
}

/**
 * @param found known vulnerabilities
 * @param exceptions that are stated
 * @param today ISO date
 * @returns what is open, lived with, and stale
 */
export function auditVerdict(
  found: readonly KnownVulnerability[],
  exceptions: Exceptions['advisories'],
  today: string,
): AuditVerdict {
  const keyOf = (each: { readonly package: string; readonly advisory: string }): string =>
    `${each.package} ${each.advisory}`;
  const valid = new Set(exceptions.filter(({ until }) => today < until).map(keyOf));
  const there = new Set(found.map(keyOf));
  return {
    open: found.filter((each) => !valid.has(keyOf(each))),
    excepted: found.filter((each) => valid.has(keyOf(each))),
    stale: exceptions.filter((each) => !there.has(keyOf(each))),
  };
}
