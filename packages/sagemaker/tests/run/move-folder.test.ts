import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readFileSync,
  readdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { moveFolder } from '../../src/run/move-folder.ts';

const MEMORY = '/dev/shm';
const isApart = existsSync(MEMORY) && statSync(MEMORY).dev !== statSync(tmpdir()).dev;

let to: string;
beforeEach(() => void (to = mkdtempSync(join(tmpdir(), 'hemline-move-'))));
afterEach(() => rmSync(to, { recursive: true }));

describe('moveFolder', () => {
  it.each<[string, string]>([
    ['the same file system', tmpdir()],
    ...(isApart ? [['another file system', MEMORY] as [string, string]] : []),
  ])('puts the files of several folders together, the last one wins: from %s', (_what, place) => {
    for (const name of ['first', 'second']) {
      const from = mkdtempSync(join(place, 'hemline-from-'));
      mkdirSync(join(from, 'part'));
      writeFileSync(join(from, 'part', name), name);
      writeFileSync(join(from, 'part', 'both'), name);
      moveFolder(from, join(to, 'out'));
      if (name === 'first') expect(existsSync(from)).toBe(false);
      else rmSync(from, { recursive: true });
    }
    expect(readdirSync(join(to, 'out', 'part'))).toEqual(['both', 'first', 'second']);
    expect(readFileSync(join(to, 'out', 'part', 'both'), 'utf8')).toBe('second');
    expect(readdirSync(to)).toEqual(['out']);
  });
});
