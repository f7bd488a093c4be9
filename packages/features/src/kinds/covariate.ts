/** A column of the weekly rows that is known up to the cutoff alone. */
export interface PastCovariate {
  readonly column: string;
  readonly known: 'past';
}

/** A column of the weekly rows that is planned ahead: rows after the cutoff may be read for it. */
export interface FutureCovariate {
  readonly column: string;
  readonly known: 'future';
}

/** Either. What looks back may be made of both, what looks at the week itself of future ones alone. */
export type Covariate = PastCovariate | FutureCovariate;

/**
 * @param column of the weekly rows: a role such as `demand`, or a covariate of the dataset
 * @returns the covariate, of which nothing after the cutoff is ever read
 */
export function past(column: string): PastCovariate {
  return { column, known: 'past' };
}

/**
 * @param column of the weekly rows that the dataset declares as known ahead: `discount`, `blackPrice`, or one of its future
 * covariates
 * @returns the covariate
 */
export function future(column: string): FutureCovariate {
  return { column, known: 'future' };
}
