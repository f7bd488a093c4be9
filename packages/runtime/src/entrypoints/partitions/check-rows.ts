import {
  HemlineError,
  SchemaError,
  checkBatch,
  isValid,
  type Batch,
  type Blame,
  type Float32Column,
  type Float64Column,
} from '@hemline/core';
import type { PartitionJob } from './partition-job.ts';

/** A model broke its contract: a forecast that is no number, a column that it promised and does not give. */
export class ModelError extends HemlineError {
  override readonly code: string = 'MODEL';
  override readonly blame: Blame = 'internal';
}

/**
 * Checks what a model made: the columns are those that it declares. A forecast that is no number must never reach a price.
 * @param job what is done
 * @param partition for messages
 * @param batch of the model
 * @param firstRow row of the partition that the batch's first row is
 * @throws ModelError that says what is wrong
 */
export function checkRows(
  { name: model, output }: Pick<PartitionJob, 'name' | 'output'>,
  partition: string,
  batch: Batch,
  firstRow: number,
): void {
  try {
    checkBatch(batch, output, { partition });
  } catch (cause) {
    if (!(cause instanceof SchemaError)) throw cause;
    throw new ModelError(`${model} does not give the forecasts that it declares`, {
      found: cause.message.replace(/\.$/, ''),
      remedy: "This is a defect of the model: its output's schema and its predict must agree.",
      cause,
    });
  }
  for (const { name } of output.fields) {
    if (!batch.has(name)) continue;
    const column = batch.column(name);
    if (column.type !== 'float64' && column.type !== 'float32') continue;
    const row = firstNotFinite(column);
    if (row === -1) continue;
    throw new ModelError(`${model} gave a forecast that is no number`, {
      expected: 'a finite number',
      found: String(column.values[row]),
      where: { partition, column: name, row: firstRow + row },
      remedy: 'This is a defect of the model: its history for this item shows what it could not cope with.',
    });
  }
}

/** Every forecast passes here: zero times a finite number is zero, times any other it is NaN, which a sum keeps. */
function firstNotFinite(column: Float64Column | Float32Column): number {
  const { values } = column;
  let [even, odd] = [0, 0];
  for (let row = 1; row < values.length; row += 2) {
    even += values[row - 1]! * 0;
    odd += values[row]! * 0;
  }
  if (values.length % 2 === 1) even += values[values.length - 1]! * 0;
  if (even + odd === 0) return -1;
  return values.findIndex((value, row) => !Number.isFinite(value) && isValid(column, row));
}
