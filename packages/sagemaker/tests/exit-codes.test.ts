import { describe, expect, it } from 'vitest';
import {
  ArtifactError,
  ConfigurationError,
  DataError,
  DescriptorError,
  EngineError,
  HemlineError,
  HyperparameterError,
  InterruptedError,
  SchemaError,
  StoreError,
  UnsupportedError,
} from '@hemline/core';
import { exitCodeFor } from '../src/exit-codes.ts';

describe('exitCodeFor', () => {
  it.each([
    [65, SchemaError],
    [65, DataError],
    [65, DescriptorError],
    [65, HyperparameterError],
    [65, ConfigurationError],
    [65, UnsupportedError],
    [65, ArtifactError],
    [70, HemlineError],
    [75, StoreError],
    [78, EngineError],
    [143, InterruptedError],
  ])('gives %i for %o', (code, Cause) => {
    expect(exitCodeFor(new Cause('it broke'))).toBe(code);
  });

  it.each([new TypeError('x'), 'thrown text', undefined])('gives 70 for what nobody foresaw: %s', (error) => {
    expect(exitCodeFor(error)).toBe(70);
  });
});
