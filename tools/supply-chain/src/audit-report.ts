import { z } from 'zod';
import { HemlineError } from '@hemline/core';

const advisory = z.object({
  url: z.string(),
  title: z.string(),
  severity: z.string(),
  range: z.string(),
});

/** What `npm audit --json` prints, as far as it is read: `via` holds advisories, and names of packages that have them. */
const audited = z.object({
  auditReportVersion: z.literal(2),
  vulnerabilities: z.record(
    z.string(),
    z.object({ name: z.string(), via: z.array(z.union([z.string(), advisory])) }),
  ),
});

/** A known vulnerability of a package that is installed. */
export interface KnownVulnerability {
  /** The advisory, by its address. */
  readonly advisory: string;
  readonly package: string;
  readonly severity: string;
  readonly title: string;
  /** Versions that have it. */
  readonly range: string;
}

/**
 * @param text that `npm audit --json` has printed
 * @returns known vulnerabilities, each once, by package
 * @throws HemlineError where it is no such report: a registry that did not answer has found nothing, and that is not none
 */
export function knownVulnerabilities(text: string): readonly KnownVulnerability[] {
  const parsed = audited.safeParse(parsedOrText(text));
  if (!parsed.success)
    throw new HemlineError('known vulnerabilities could not be asked for', {
      expected: 'a report of npm audit, version 2',
      found: text.trim().slice(0, 200) || 'nothing',
      remedy: 'Ask again where a registry answers that knows advisories.',
    });
  const found = new Map<string, KnownVulnerability>();
  for (const { name, via } of Object.values(parsed.data.vulnerabilities))
    for (const each of via)
      if (typeof each !== 'string') {
        const { url, title, severity, range } = each;
        found.set(`${name} ${url}`, { advisory: url, package: name, severity, title, range });
      }
  return [...found].sort(([a], [b]) => (a < b ? -1 : 1)).map(([, each]) => each);
}

function parsedOrText(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
