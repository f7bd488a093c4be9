import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import type { PinnedPackage } from './lockfile.ts';

/** Files in which packages keep what they ask to be passed on. */
const NOTICE = /^(licen[cs]e|copying|notice)([.-].*)?$/i;

/**
 * What others ask to be passed on with their work: licences and notices of all packages that users run, equal texts once.
 * @param packages of others; those of development are left out, as are those of other platforms, which are not installed
 * @param root of the workspace
 * @returns the text; packages without a file of the kind are named with the licence that they state
 */
export function noticesOf(packages: readonly PinnedPackage[], root: string): string {
  const byText = new Map<string, string[]>();
  const without: string[] = [];
  for (const each of packages.filter(({ isDevelopment }) => !isDevelopment)) {
    const files = filesOf(join(root, each.folder));
    if (files === null) continue;
    const title = `${each.name} ${each.version}`;
    const texts = files
      .filter((file) => NOTICE.test(file))
      .sort()
      .map((file) => readFileSync(join(root, each.folder, file), 'utf8').trim());
    if (texts.length === 0) without.push(`${title}: ${each.licence ?? 'no licence stated'}`);
    for (const text of texts) byText.set(text, [...(byText.get(text) ?? []), title]);
  }
  const blocks = [...byText]
    .map(([text, titles]) => ({ title: [...new Set(titles)].join(', '), text }))
    .sort((a, b) => (a.title < b.title ? -1 : 1))
    .map(({ title, text }) => `${title}\n\n${text}\n`);
  const stated = without.length === 0 ? [] : [`Without a file of their own:\n\n${without.join('\n')}\n`];
  return [...blocks, ...stated].join(`\n${'-'.repeat(80)}\n\n`);
}

function filesOf(folder: string): readonly string[] | null {
  try {
    return readdirSync(folder, { withFileTypes: true })
      .filter((entry) => entry.isFile())
      .map(({ name }) => name);
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return null;
    throw error;
  }
}
