import { describe, expect, it } from 'vitest';
import {
  ConflictError,
  DataError,
  EngineError,
  InterruptedError,
  StoreError,
  packError,
  unpackError,
} from '@hemline/core';
import { exitCodeFor } from '@hemline/sagemaker';
import { PartitionsError, endsJob, ThreadEndedError } from '../../../src/entrypoints/partitions/failures.ts';

const data = new DataError('a week is torn', { where: { partition: 'a' } });
const engine = new EngineError('there is no library');
const defect = new TypeError('cannot read what is not there');

describe('PartitionsError', () => {
  it.each([
    [65, [data]],
    [70, [data, defect, data]],
    [78, [data, engine, defect]],
    [70, [new ThreadEndedError('a', undefined, 9)]],
  ])('leads to %i by the gravest of its errors', (code, errors) => {
    const failures = errors.map((error, i) => ({ partition: `p${i}`, error }));
    expect(exitCodeFor(new PartitionsError(failures, 9))).toBe(code);
  });

  it('names every partition, sorted, the first few with their messages', () => {
    const names = ['h', 'b', 'g', 'a', 'f', 'c', 'e'];
    const error = new PartitionsError(
      names.map((partition) => ({ partition, error: new DataError(`bad ${partition}`) })),
      200,
    );
    expect(error.message).toBe(
      '7 of 200 partitions failed; the others are committed; found a: bad a. | b: bad b. | c: bad c. | e: bad e. | f: bad f.' +
        ' | likewise g, h. Mend these and start the job again: it skips what is committed.',
    );
  });
});

describe('endsJob', () => {
  it.each([
    [true, new StoreError('the disk is full')],
    [true, new ConflictError('another was first')],
    [true, new InterruptedError('asked to stop')],
    [false, data],
    [false, engine],
    [false, defect],
  ])('is %s for %o', (ends, error) => {
    expect(endsJob(error)).toBe(ends);
    expect(endsJob(unpackError(structuredClone(packError(error))))).toBe(ends);
  });
});
