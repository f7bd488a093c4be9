import { EngineError } from '@hemline/core';

/**
 * Compares what an engine computed with what is known.
 * @param engine for the message
 * @param found what it computed
 * @param expected what is right
 * @param tolerance absolute
 * @throws EngineError when they differ
 */
export function expectNumber(engine: string, found: number, expected: number, tolerance: number): void {
  // Written so that NaN fails.
  if (Math.abs(found - expected) <= tolerance) return;
  throw new EngineError(`${engine} is loaded and computes something wrong`, {
    expected: String(expected),
    found: String(found),
    remedy: 'The library does not fit this processor or this system: stage another one.',
  });
}
