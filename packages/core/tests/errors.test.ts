import { describe, expect, it } from 'vitest';
import { DataError, InterruptedError, StoreError, throwIfAborted } from '../src/errors/causes.ts';
import { HemlineError } from '../src/errors/hemline-error.ts';
import { listing, nearest } from '../src/errors/listing.ts';

describe('errors', () => {
  it('say what was expected, what was found, where, and what to do', () => {
    const error = new DataError('a discount is out of range', {
      expected: 'a fraction in [0, 1)',
      found: '1.2',
      where: { table: 'weekly', file: 'a.parquet', column: 'discount', row: 12 },
      remedy: 'Discounts are fractions, not per cent.',
    });
    expect(error.message).toBe(
      'a discount is out of range (table weekly, file a.parquet, column discount, row 12); expected a fraction in [0, 1), found 1.2. Discounts are fractions, not per cent.',
    );
    expect(error).toBeInstanceOf(HemlineError);
    expect([error.name, error.code, error.blame, error.retryable]).toEqual([
      'DataError',
      'DATA',
      'input',
      false,
    ]);
  });

  it('tell whether trying again may help', () => {
    expect(new StoreError('the disk is full').retryable).toBe(true);
    expect(new InterruptedError('stopped').retryable).toBe(true);
  });

  it('are thrown between units of work once the signal is raised', () => {
    const controller = new AbortController();
    throwIfAborted(controller.signal);
    throwIfAborted(undefined);
    controller.abort();
    expect(() => throwIfAborted(controller.signal)).toThrow(InterruptedError);
  });

  it('list long lists shortly and find the name that was meant', () => {
    expect(listing([1, 2, 3])).toBe('1, 2, 3');
    expect(listing([1, 2, 3, 4, 5, 6, 7])).toBe('1, 2, 3, 4, 5 and 2 more');
    expect(nearest('diskount', ['demand', 'discount', 'stock'])).toBe('discount');
    expect(nearest('colour', ['demand', 'discount'])).toBeUndefined();
    // By letters alone ml.c4.xlarge is as near.
    expect(nearest('m5.4xlarge', ['ml.c4.xlarge', 'ml.m5.4xlarge'])).toBe('ml.m5.4xlarge');
    expect(nearest('price', ['black_price', 'list_price', 'prices'])).toBe('prices');
  });
});
