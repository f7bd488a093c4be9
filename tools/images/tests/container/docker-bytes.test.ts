import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, it, vi } from 'vitest';
import { Docker } from '../../src/container/docker.ts';

let folder: string;
beforeEach(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-docker-'));
  // Knows an image when it has been pulled.
  const program = `#!/usr/bin/env bash
echo "$*" >>${folder}/asked
case "$1" in
  pull) touch ${folder}/pulled ;;
  image) [ -e ${folder}/pulled ] && echo 42 ;;
esac
`;
  writeFileSync(join(folder, 'docker'), program, { mode: 0o755 });
  vi.stubEnv('PATH', `${folder}:${process.env['PATH']}`);
});
afterEach(() => {
  vi.unstubAllEnvs();
  rmSync(folder, { recursive: true, force: true });
});

it('the size of a base image that only the build has had is asked of the image itself', async () => {
  const base = 'docker.io/library/node:24-trixie-slim@sha256:12';
  expect(await new Docker().bytes(base)).toBe(42);
  expect(await new Docker().bytes(base)).toBe(42);
  const asked = readFileSync(join(folder, 'asked'), 'utf8').split('\n');
  expect(asked.filter((line) => line.startsWith('pull'))).toEqual([`pull --quiet ${base}`]);
});
