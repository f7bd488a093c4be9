import { HemlineError, type Blame } from '@hemline/core';

/** A model broke its contract: a forecast that is no number, a column that it promised and does not give. */
export class ModelError extends HemlineError {
  override readonly code: string = 'MODEL';
  override readonly blame: Blame = 'internal';
}
