import type { ParameterName } from '../parameters/parameter-names.ts';
import type { Parameters } from '../parameters/parameters.ts';
import { PARITY_OBJECTIVES, type ParityObjective } from './parity-objectives.ts';
import { parityParameters } from './parity-parameters.ts';
import { ParityRandom } from './parity-random.ts';

/** Rows of a case and what belongs to them. */
export interface ParityRows {
  /** Row by row; null is missing. */
  readonly x: readonly (number | null)[];
  readonly label: readonly number[];
  readonly weight: readonly number[] | null;
  readonly group: readonly number[] | null;
  /** Class after class. */
  readonly initScore: readonly number[] | null;
}

/** A training and what comes of it, to be done in two languages. All numbers go through JSON. */
export interface ParityCase {
  readonly seed: number;
  readonly columns: number;
  readonly classes: number;
  readonly isFloat: boolean;
  readonly training: ParityRows;
  readonly validation: ParityRows;
  readonly categorical: readonly number[];
  readonly featureNames: readonly string[] | null;
  readonly parameters: Parameters;
  /** Contents of files by the parameter that names them. */
  readonly files: Readonly<Record<string, unknown>>;
  /** Whether only the training is told the parameters, and not the dataset. */
  readonly isLate: boolean;
  readonly rounds: number;
  /**
   * `train`; `resume`: in two trainings; `steps`: by hand, with another learning rate and a tree taken back; `custom`: with an
   * objective and a metric of the caller's.
   */
  readonly way: 'train' | 'resume' | 'steps' | 'custom';
  /** How the table is given here; in Python it is a matrix. */
  readonly form: 'row' | 'column' | 'columns' | 'stream';
}

const COLUMNS = 7;
/** Numbers of the columns: two of categories, three plain, two that exclude each other. */
const CATEGORIES = [0, 1];
const EXCLUSIVE = [5, 6];

/**
 * @param seed of the case
 * @returns the same case for the same seed
 */
export function parityCase(seed: number): ParityCase {
  const random = new ParityRandom(seed);
  const objective = PARITY_OBJECTIVES[seed % PARITY_OBJECTIVES.length]!;
  const classes = objective.labels === 'class' ? random.whole(2, 4) : 1;
  const way = random.pick(['train', 'train', 'train', 'resume', 'steps', 'custom'] as const);
  const categorical = random.chance(0.6) ? CATEGORIES.slice(0, random.whole(1, 2)) : [];
  const has = { weight: random.pick(['none', 'ones', 'some']), initScore: random.chance(0.15) };
  const missing = random.pick([0, 0.05, 0.3]);
  const rows = random.whole(120, 260);
  const make = (count: number): ParityRows =>
    makeRows(count, objective, classes, { ...has, missing }, random);
  const training = make(rows);
  const validation = make(random.whole(40, 80));
  const files = random.chance(0.1) ? filesOf(random) : {};
  const parameters = parityParameters(
    {
      objective,
      classes,
      features: COLUMNS,
      categorical,
      isCustom: way === 'custom',
      hasForcedSplits: 'forcedsplits_filename' in files,
      hasInitScore: has.initScore || way === 'resume',
    },
    random,
  );
  return {
    seed,
    columns: COLUMNS,
    classes,
    isFloat: random.chance(0.4),
    training,
    validation,
    categorical,
    featureNames: random.chance(0.3) ? Array.from({ length: COLUMNS }, (_, at) => `größe_${at}`) : null,
    parameters,
    files,
    isLate: random.chance(0.5),
    rounds: random.whole(4, 9),
    way,
    form: random.pick(['row', 'column', 'columns', 'stream'] as const),
  };
}

function makeRows(
  count: number,
  { labels }: ParityObjective,
  classes: number,
  has: { readonly weight: string; readonly initScore: boolean; readonly missing: number },
  random: ParityRandom,
): ParityRows {
  const x: (number | null)[] = [];
  const label: number[] = [];
  for (let row = 0; row < count; row++) {
    const which = random.whole(0, 2);
    const cells = [
      random.whole(-1, 12),
      random.whole(0, 3),
      Math.round(8000 * (random.next() - 0.5)) / 1000,
      random.whole(0, 40) / 8,
      random.chance(0.5) ? 0 : random.next() * 1e6,
      which === 0 ? random.whole(1, 5) : 0,
      which === 1 ? random.whole(1, 3) : 0,
    ];
    const signal = Math.sin(cells[0]!) + cells[2]! * 0.4 - cells[3]! * 0.3 + cells[5]! * 0.2 + random.next();
    x.push(
      ...cells.map((value, at) => (!EXCLUSIVE.includes(at) && random.chance(has.missing) ? null : value)),
    );
    label.push(labelOf(labels, signal, classes, random));
  }
  return {
    x,
    label,
    weight:
      has.weight === 'none'
        ? null
        : label.map(() => (has.weight === 'ones' ? 1 : Math.fround(random.whole(1, 16) / 8))),
    group: labels === 'relevance' ? groupsOf(count, random) : null,
    initScore: has.initScore ? Array.from({ length: count * classes }, () => random.whole(-8, 8) / 16) : null,
  };
}

function labelOf(
  labels: ParityObjective['labels'],
  signal: number,
  classes: number,
  random: ParityRandom,
): number {
  const share = Math.min(1, Math.max(0, 0.5 + signal / 6));
  if (labels === 'number') return Math.fround(signal);
  if (labels === 'positive') return Math.fround(0.1 + share * 5);
  if (labels === 'count') return Math.floor(share * 6 * random.next());
  if (labels === 'flag') return Number(random.next() < share);
  if (labels === 'class') return Math.min(classes - 1, Math.floor(share * classes));
  return labels === 'share' ? Math.fround(share) : Math.min(3, Math.floor(share * 4));
}

function groupsOf(rows: number, random: ParityRandom): number[] {
  const groups: number[] = [];
  for (let left = rows; left > 0; left -= groups.at(-1)!) groups.push(Math.min(left, random.whole(1, 25)));
  return groups;
}

function filesOf(random: ParityRandom): Partial<Record<ParameterName, unknown>> {
  return random.chance(0.5)
    ? { forcedsplits_filename: { feature: 2, threshold: 0.25, right: { feature: 3, threshold: 2 } } }
    : { forcedbins_filename: [{ feature: 2, bin_upper_bound: [-1.5, 0.3, 2] }] };
}
