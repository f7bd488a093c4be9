import { mkdtempSync, readFileSync, readdirSync, rmSync, symlinkSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ConfigurationError, StoreError } from '../src/errors/causes.ts';
import type { HemlineError } from '../src/errors/hemline-error.ts';
import { packError, unpackError } from '../src/errors/pack.ts';
import { explained, systemError } from '../src/errors/system-error.ts';

let folder: string;
beforeAll(() => {
  folder = mkdtempSync(join(tmpdir(), 'hemline-system-'));
  writeFileSync(join(folder, 'file'), '');
  symlinkSync(join(folder, 'b'), join(folder, 'a'));
  symlinkSync(join(folder, 'a'), join(folder, 'b'));
});
afterAll(() => rmSync(folder, { recursive: true }));

function thrownBy(act: () => unknown): unknown {
  try {
    act();
  } catch (error) {
    return error;
  }
  throw new Error('nothing was thrown');
}

describe('what the operating system refuses', () => {
  it.each([
    ['ENOTDIR', () => readdirSync(join(folder, 'file')), /a file where a folder was expected/],
    ['EISDIR', () => readFileSync(folder), /a folder where a file was expected|cannot be/],
    ['ENOENT', () => readFileSync(join(folder, 'nothing')), /nothing there/],
    ['ELOOP', () => readFileSync(join(folder, 'a')), /links that lead back/],
    ['ENAMETOOLONG', () => readFileSync(join(folder, 'x'.repeat(300))), /a name that is too long/],
  ])('is an error about the path with what to do: %s', (code, act, why) => {
    const cause = thrownBy(act) as NodeJS.ErrnoException;
    expect(cause.code).toBe(code);
    const error = systemError(cause, '/data/market');
    expect(error).toBeInstanceOf(ConfigurationError);
    expect(error.message).toMatch(why);
    expect(error.message).toMatch(/\(file \/data\/market\)/);
    expect(error.remedy).toBeTruthy();
  });

  it('may pass where room or handles are short, and is nobody’s fault where it is no such thing', () => {
    const odd = Object.assign(new Error('EFBIG: file too large'), { code: 'EFBIG', syscall: 'write' });
    expect(systemError(odd, 'a')).toBeInstanceOf(StoreError);
    const full = Object.assign(new Error('x'), { code: 'ENOSPC', syscall: 'write' });
    expect(explained(full)).toBeInstanceOf(StoreError);
    expect((explained(full) as HemlineError).retryable).toBe(true);
    const defect = new TypeError('x');
    expect(explained(defect)).toBe(defect);
    const refused = Object.assign(new Error('x'), { code: 'ECONNREFUSED', syscall: 'connect' });
    expect(explained(refused)).toBe(refused);
  });

  it('comes whole out of another thread', () => {
    const cause = thrownBy(() => readdirSync(join(folder, 'file')));
    const back = unpackError(structuredClone(packError(cause)));
    expect(back).toBeInstanceOf(ConfigurationError);
    expect(back.message).toMatch(/cannot be read \(file .*file\)/);
    expect((back as HemlineError).remedy).toMatch(/Name a folder/);
  });
});
