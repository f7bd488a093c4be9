import { RESPONSE_SLOPES } from './response-basis.ts';
import { Cholesky } from './symmetric-matrix.ts';

/**
 * What is supposed of a response before any data: a price elasticity of −1.5, give or take 1 as a whole and 0.5 in each segment.
 * Of published elasticities of sales most lie between −4 and 0 (Bijmolt, van Heerde & Pieters 2005, Journal of Marketing
 * Research 42, 141–156).
 */
export const PRIOR_SLOPE = 1.5;
const [COMMON_DEVIATION, SEGMENT_DEVIATION] = [1, 0.5];

/** Covariance of the slopes a priori, row by row. */
export const PRIOR_COVARIANCE = Float64Array.from({ length: RESPONSE_SLOPES ** 2 }, (_, at) => {
  const isDiagonal = at % (RESPONSE_SLOPES + 1) === 0;
  return COMMON_DEVIATION ** 2 + (isDiagonal ? SEGMENT_DEVIATION ** 2 : 0);
});

/** Its inverse. */
export const PRIOR_PRECISION = new Cholesky({ size: RESPONSE_SLOPES, values: PRIOR_COVARIANCE }).inverse();
