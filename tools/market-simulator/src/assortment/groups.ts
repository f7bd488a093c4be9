/** A commodity group: what its articles have in common. */
export interface Group {
  readonly name: string;
  /** Share of the assortment, of any sum. */
  readonly weight: number;
  /** Median black price, in currency units. */
  readonly price: number;
  /** Median weekly demand of one article in a market of size 1, undiscounted and in mid-life. */
  readonly demand: number;
  /** Mean elasticity: d log demand / d −log(1 − discount) at small discounts. */
  readonly elasticity: number;
  /** Median share of units that come back. */
  readonly returnRate: number;
  /** Weeks added to a market's mean return delay. */
  readonly returnDelay: number;
  /** Median weight of a packed unit, kg. */
  readonly weightKg: number;
  /** Amplitude of the yearly wave in log demand, and the day of the year (0-based) of its peak. */
  readonly wave: number;
  readonly peakDay: number;
  /** Expected share of demand of each size, small to large. */
  readonly sizes: readonly number[];
  /** Share of articles that are sold all year round. */
  readonly evergreen: number;
  /** Median value of a unit right at the season's end, as a share of the black price. */
  readonly residual: number;
}

const FIVE_SIZES = [0.11, 0.24, 0.31, 0.22, 0.12];
const SIX_SIZES = [0.08, 0.18, 0.27, 0.25, 0.15, 0.07];
const SEVEN_SIZES = [0.06, 0.12, 0.19, 0.23, 0.2, 0.13, 0.07];

const group = (
  name: string,
  weight: number,
  [price, demand, elasticity]: readonly [number, number, number],
  [returnRate, returnDelay, weightKg]: readonly [number, number, number],
  [wave, peakDay]: readonly [number, number],
  sizes: readonly number[],
  [evergreen, residual]: readonly [number, number],
): Group => ({
  name,
  weight,
  price,
  demand,
  elasticity,
  returnRate,
  returnDelay,
  weightKg,
  wave,
  peakDay,
  sizes,
  evergreen,
  residual,
});

/** All commodity groups: [price, demand, elasticity], [return rate, delay, kg], [wave, peak], sizes, [evergreen, residual]. */
export const GROUPS: readonly Group[] = [
  group('t-shirts', 16, [19.95, 9, 1.6], [0.35, -0.2, 0.25], [0.3, 185], SIX_SIZES, [0.4, 0.22]),
  group('shirts', 10, [39.95, 5, 1.7], [0.45, 0, 0.35], [0.1, 150], SIX_SIZES, [0.35, 0.25]),
  group('dresses', 14, [49.95, 6, 2.1], [0.6, 0.4, 0.4], [0.35, 170], SIX_SIZES, [0.05, 0.24]),
  group('trousers', 10, [49.95, 5, 1.8], [0.5, 0.1, 0.6], [0.08, 280], SEVEN_SIZES, [0.3, 0.28]),
  group('jeans', 9, [69.95, 5, 1.5], [0.52, 0.2, 0.75], [0.06, 270], SEVEN_SIZES, [0.5, 0.34]),
  group('knitwear', 10, [49.95, 6, 1.9], [0.42, 0, 0.55], [0.55, 330], FIVE_SIZES, [0.15, 0.26]),
  group('jackets', 7, [89.95, 4, 2.0], [0.48, 0.3, 1.1], [0.3, 285], FIVE_SIZES, [0.1, 0.32]),
  group('coats', 4, [149.95, 3, 2.3], [0.5, 0.4, 1.7], [0.7, 315], FIVE_SIZES, [0, 0.35]),
  group('sneakers', 9, [89.95, 6, 1.4], [0.4, 0, 1.2], [0.05, 120], SEVEN_SIZES, [0.45, 0.4]),
  group('boots', 4, [119.95, 4, 2.0], [0.46, 0.2, 1.6], [0.65, 305], SEVEN_SIZES, [0.05, 0.33]),
  group('sandals', 4, [59.95, 4, 2.2], [0.44, 0.1, 0.8], [0.75, 165], SIX_SIZES, [0, 0.24]),
  group('swimwear', 3, [39.95, 4, 2.4], [0.55, 0.5, 0.2], [0.85, 175], FIVE_SIZES, [0, 0.18]),
];
