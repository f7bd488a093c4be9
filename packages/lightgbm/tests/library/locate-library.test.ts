import { afterEach, describe, expect, test } from 'vitest';
import { LIBRARY_VARIABLE, locateLibrary } from '../../src/library/locate-library.ts';
import { NativeLibrary } from '../../src/library/native-library.ts';

const before = process.env[LIBRARY_VARIABLE];
afterEach(() => {
  if (before === undefined) delete process.env[LIBRARY_VARIABLE];
  else process.env[LIBRARY_VARIABLE] = before;
});

describe('locateLibrary', () => {
  test('heeds the environment before what is staged', () => {
    process.env[LIBRARY_VARIABLE] = '/opt/lib_lightgbm.so';
    expect(locateLibrary()).toBe('/opt/lib_lightgbm.so');
  });

  test('a library that cannot be loaded is an error that says what to do', () => {
    expect(() => new NativeLibrary('/nowhere/lib_lightgbm.so')).toThrow(
      /\/nowhere\/lib_lightgbm.so cannot be loaded.*libgomp1/,
    );
  });
});
