import { cpSync, existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { fileURLToPath } from 'node:url';
import { gzipSync } from 'node:zlib';
import { afterAll, beforeAll, expect, it } from 'vitest';
import { buildPage, type PagePlaces } from '../../src/page-build/build-page.ts';

const SOURCES = fileURLToPath(new URL('../../src/page', import.meta.url));

let folder: string;
let places: PagePlaces;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-desk-page-'));
  cpSync(SOURCES, join(folder, 'sources'), { recursive: true });
  places = { page: join(folder, 'dist/page'), sources: [join(folder, 'sources')] };
});
afterAll(() => rmSync(folder, { recursive: true, force: true }));

it('builds the page once for its sources, and again when they have changed', async () => {
  expect(await buildPage(places)).toBe('built');
  expect(await buildPage(places)).toBe('current');
  writeFileSync(join(folder, 'sources/texts/en.ts'), 'export const changed = true;');
  expect(await buildPage(places)).toBe('built');
  rmSync(join(places.page, 'index.html'));
  expect(await buildPage(places)).toBe('built');
  expect(readdirSync(join(folder, 'dist')).sort()).toEqual(['page', 'page.sha256']);
}, 60_000);

it('is small, and has neither script nor style in its document', () => {
  const page = readFileSync(join(places.page, 'index.html'), 'utf8');
  expect(page).not.toMatch(/<style|style=|<script(?![^>]*\bsrc=)|\bon\w+=/);
  const files = readdirSync(join(places.page, 'assets'));
  const bytes = files.reduce(
    (sum, name) => sum + gzipSync(readFileSync(join(places.page, 'assets', name)), { level: 9 }).length,
    0,
  );
  expect(bytes).toBeLessThan(300_000);
  for (const name of files.filter((file) => /\.(js|css)$/.test(file))) {
    const text = readFileSync(join(places.page, 'assets', name), 'utf8');
    // Names of XML's vocabularies are no addresses that are asked for.
    expect(text.replace(/http:\/\/www\.w3\.org\/[\w/]+/g, '')).not.toMatch(/https?:\/\//);
    expect(text).not.toMatch(/\beval\(|new Function/);
  }
  expect(existsSync(join(places.page, 'index.html'))).toBe(true);
});
