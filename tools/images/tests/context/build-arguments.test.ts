import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect, it } from 'vitest';
import { imageArguments } from '../../src/context/build-arguments.ts';
import { sourceFacts, withoutCredentials } from '../../src/context/source-facts.ts';
import { imageSpec, imageSpecs, VARIANTS } from '../../src/spec/image-spec.ts';
import { WORKSPACE } from '../../src/spec/workspace.ts';

const SOURCE = { revision: 'abc', source: 'https://example.com/x', created: '2026-01-05T00:00:00Z' };

it('tells a build the engines that are checked, and what they need of the system', () => {
  const engines = (name: string, variant: 'cpu' | 'gpu'): (string | undefined)[] => {
    const { ENGINES, SYSTEM_PACKAGES } = imageArguments(imageSpec(WORKSPACE, name), variant, SOURCE);
    return [ENGINES, SYSTEM_PACKAGES];
  };
  expect(engines('demand-naive', 'cpu')).toEqual(['', '']);
  expect(engines('return-rate-trees', 'cpu')).toEqual(['lightgbm', 'libgomp1']);
  expect(engines('demand-transformer', 'cpu')).toEqual(['tensorflow', '']);
  expect(engines('demand-transformer', 'gpu')).toEqual(['tensorflow-gpu', '']);
});

it.each(VARIANTS)('%s.Dockerfile declares every argument that it is given', (variant) => {
  const text = readFileSync(join(WORKSPACE, 'docker', `${variant}.Dockerfile`), 'utf8');
  const declared = [...text.matchAll(/^ARG (\w+)/gm)].map(([, name]) => name);
  for (const spec of imageSpecs(WORKSPACE).filter(({ variants }) => variants.includes(variant)))
    for (const [name, value] of Object.entries(imageArguments(spec, variant, SOURCE, 'base')))
      // One that is empty changes nothing, so that a Dockerfile need not know it.
      if (value !== '') expect(declared).toContain(name);
});

it('a revision says whether the files are those of the commit', async () => {
  const folder = await mkdtemp(join(tmpdir(), 'hemline-source-'));
  const git = (...args: string[]): string =>
    execFileSync('git', ['-C', folder, '-c', 'user.name=x', '-c', 'user.email=x@example.com', ...args], {
      encoding: 'utf8',
    }).trim();
  try {
    expect(await sourceFacts(folder, {})).toEqual({
      revision: 'unknown',
      source: 'unknown',
      created: 'unknown',
    });
    git('init', '--quiet');
    git('remote', 'add', 'origin', 'https://somebody:secret@example.com/x.git');
    await writeFile(join(folder, 'file'), '1');
    git('add', '.');
    git('commit', '--quiet', '--message', 'one');
    const commit = git('rev-parse', 'HEAD');
    expect(await sourceFacts(folder, {})).toMatchObject({
      revision: commit,
      source: 'https://example.com/x.git',
    });
    await writeFile(join(folder, 'file'), '2');
    expect((await sourceFacts(folder, {})).revision).toBe(`${commit}-dirty`);
  } finally {
    await rm(folder, { recursive: true });
  }
});

it('an address keeps everything but its credentials', () => {
  expect(withoutCredentials('https://user:token@example.com/a@b')).toBe('https://example.com/a@b');
  expect(withoutCredentials('git@example.com:a/b.git')).toBe('git@example.com:a/b.git');
  expect(withoutCredentials('https://example.com/a@b')).toBe('https://example.com/a@b');
});
