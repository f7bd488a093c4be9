import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { readExceptions, type Exceptions } from '../src/exceptions.ts';
import { licenceVerdict } from '../src/licence-verdict.ts';
import { pinnedPackages, type PinnedPackage } from '../src/lockfile.ts';
import { noticesOf } from '../src/notices.ts';

const ROOT = join(import.meta.dirname, '../../..');
const packages = pinnedPackages(join(ROOT, 'package-lock.json'));

const ALLOWED: Exceptions = {
  advisories: [],
  licences: ['MIT'],
  developmentLicences: ['MPL-2.0'],
  licensedOtherwise: [],
};
const pinned = (licence: string | null, isDevelopment = false): PinnedPackage => ({
  ...{ name: 'a', version: '1.0.0', folder: 'node_modules/a' },
  ...{ licence, isDevelopment },
});

describe('licences', () => {
  it('of everything that the lockfile pins are allowed, and no exception is stale', () => {
    const verdict = licenceVerdict(packages, readExceptions(join(import.meta.dirname, '../exceptions.json')));
    expect(packages.length).toBeGreaterThan(500);
    expect(verdict).toEqual({ refused: [], stale: [] });
  });

  it.each([
    ['GPL-3.0-only', false],
    ['MPL-2.0', false],
    [null, true],
    ['GPL-3.0-only', true],
  ])('refuses %s (for development alone: %s)', (licence, isDevelopment) => {
    expect(licenceVerdict([pinned(licence, isDevelopment)], ALLOWED).refused.length).toBe(1);
  });

  it('lets what only developers have be under others, and what is excepted', () => {
    expect(licenceVerdict([pinned('MIT'), pinned('MPL-2.0', true)], ALLOWED).refused).toEqual([]);
    const excepted = { package: 'a', licence: null, reason: 'its file says that it is MIT' };
    expect(licenceVerdict([pinned(null)], { ...ALLOWED, licensedOtherwise: [excepted] })).toEqual({
      ...{ refused: [], stale: [] },
    });
    expect(licenceVerdict([pinned('MIT')], { ...ALLOWED, licensedOtherwise: [excepted] }).stale).toEqual([
      excepted,
    ]);
  });
});

describe('notices', () => {
  it('hold the licences of what users run, and of nothing else', () => {
    const some = packages.filter(({ name }) => ['zod', 'hono', 'apache-arrow', 'vitest'].includes(name));
    const text = noticesOf(some, ROOT);
    for (const { name, version } of some.filter(({ isDevelopment }) => !isDevelopment))
      expect(text).toContain(`${name} ${version}`);
    expect(text).not.toContain('vitest');
    expect(text).toContain('MIT License');
    expect(text).toContain('Apache License');
  });
});
