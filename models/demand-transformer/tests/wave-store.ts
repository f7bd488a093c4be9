import { Batch, stringsToColumn } from '@hemline/core';
import { CURVE_SLOPES } from '@hemline/features';
import type { SeriesStore } from '../src/series-store.ts';

const [SERIES, WEEKS] = [5, 40];
const ROWS = SERIES * WEEKS;
const waves = (length: number): Float32Array => Float32Array.from({ length }, (_, i) => Math.sin(i));

/** Series whose numbers are waves; one in eleven weeks is not known. */
export const store: SeriesStore = {
  keys: new Batch({
    article: stringsToColumn(['e', 'a', 'c', 'b', 'd']),
    market: stringsToColumn(['DE', 'FR', 'DE', 'DE', 'FR']),
  }),
  offsets: Uint32Array.from({ length: SERIES + 1 }, (_, i) => i * WEEKS),
  weeks: Int32Array.from({ length: ROWS }, (_, row) => 19_000 + 7 * (row % WEEKS)),
  logDemand: waves(ROWS).map((value, row) => (row % 11 === 0 ? NaN : 2 + value)),
  imputed: Uint8Array.from({ length: ROWS }, (_, row) => Number(row % 5 === 0)),
  blackPrice: waves(ROWS).map((value) => 30 + value),
  discount: waves(ROWS).map((value) => 0.2 + 0.1 * value),
  planned: waves(2 * ROWS),
  plannedWidth: 2,
  past: waves(ROWS),
  pastWidth: 1,
  codes: Int32Array.from({ length: 2 * SERIES }, (_, i) => 1 + (i % 3)),
  codesWidth: 2,
  statics: waves(3 * SERIES),
  staticsWidth: 3,
  prior: waves(SERIES),
  response: new Float32Array(CURVE_SLOPES * SERIES).fill(-0.3),
};
