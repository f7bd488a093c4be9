import { addWeeks, throwIfAborted, type FittedModel, type Tables, type TrainingJob } from '@hemline/core';
import { QUANTILES, readPriceResponse, type DemandHistory, type PriceResponse } from '@hemline/features';
import { columnsOf, type DatasetColumns } from './dataset-columns.ts';
import { Ensemble } from './ensemble.ts';
import { heldOutExamples, trainingExamples, type Examples } from './examples.ts';
import { featuresOf } from './features.ts';
import { grow, type GrownTrees } from './grow.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';
import { MEMBERS } from './objectives.ts';
import { QuantileBands, type Outcomes } from './quantile-bands.ts';
import { Past } from './past.ts';
import { stageOf, type Knowledge, type Stage } from './stage.ts';
import { votesOf, withEqualShares, type Votes } from './votes.ts';

/** All that forecasts need. */
export interface FittedParts {
  readonly columns: DatasetColumns;
  readonly history: DemandHistory;
  readonly knowledge: Knowledge;
  readonly ensemble: Ensemble;
  readonly bands: QuantileBands;
  /** What curves take their course over the discount from; null: the trees. */
  readonly response: PriceResponse | null;
  /** Weeks ahead that were learnt. */
  readonly horizon: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Examples that tell when to stop, at most. */
const MOST_HELD_OUT = 40_000;
/** Weeks that are held out, at most, and what part of the weeks there are. */
const [MOST_WEEKS, PART_OF_WEEKS] = [8, 7] as const;
/** Weeks that are left to learn from, at least. */
const LEAST_LEFT = 4;
/** Data is small that has fewer known weeks than so many times the examples to learn from. */
const SMALL = 2;

/**
 * Fits the model twice. First trees from all but the last weeks, which tell after how many trees they are forecast best, and how far
 * off forecasts are; then as many trees from everything. Where data is small (and demand need not be estimated from sales), weeks before these are held out once more, so that
 * the number of trees does not hang on one window, and nothing of the fit that is told has been chosen on the weeks that it has not
 * seen.
 * @param job cutoff, seed, signal, who is to be told of the held-out fit
 * @param tables up to the cutoff
 * @param hyperparameters of the training
 * @param modelOf makes a model of the held-out fit
 * @returns all that forecasts need
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  hyperparameters: DemandTreesHyperparameters,
  modelOf: (parts: FittedParts) => FittedModel,
): Promise<FittedParts> {
  const { cutoff, signal } = job;
  throwIfAborted(signal);
  const past = await Past.read(job, tables, columnsOf(tables), hyperparameters.maximumSeries);
  const fitting = new Fitting(job, past, hyperparameters);
  const shaped = async (parts: FittedParts): Promise<FittedParts> =>
    hyperparameters.response === 'trees'
      ? parts
      : { ...parts, response: await estimate(job, tables, parts.history) };
  const weeks = weeksToHoldOut(past.weeks, job.heldOutWeeks ?? hyperparameters.heldOutWeeks);
  if (weeks === 0) return shaped(await fitting.blind());
  const heldOut = addWeeks(cutoff, -weeks);
  const isSmall = past.knownWeeks <= hyperparameters.examples * SMALL && !past.isEstimated;
  const early = isSmall ? await fitting.grow(addWeeks(heldOut, -weeks), heldOut, 'early') : null;
  const late = await fitting.grow(heldOut, cutoff, 'late');
  // Weeks held out may choose when to stop for a fit that is told, but shares would have something of each of their numbers.
  const chosen =
    early === null
      ? withEqualShares(chosenOf([late], fitting.unchecked))
      : chosenOf([early], fitting.unchecked);
  const outcomes = outcomesOf(late, chosen);
  const metrics = { demandError: errorOf(late, outcomes), heldOutWeeks: weeks };
  if (job.onHeldOut !== undefined) {
    const bands = QuantileBands.fit(early === null ? outcomes : outcomesOf(early, chosen), SHARES);
    const fitted = modelOf(fitting.parts(late, chosen, bands, metrics));
    await job.onHeldOut({ cutoff: heldOut, fitted });
    fitted.dispose();
  }
  const votes = chosenOf(early === null ? [late] : [early, late], fitting.unchecked);
  const both = early === null ? outcomes : joined(outcomesOf(early, chosen), outcomes);
  const last = await fitting.grow(cutoff, null, 'all', votes.rounds);
  return shaped(fitting.parts(last, votes, QuantileBands.fit(both, SHARES), metrics));
}

/** The response to the price, from demand as it would have been with full stock. */
async function estimate(
  { cutoff, signal, onProgress }: TrainingJob,
  tables: Tables,
  history: DemandHistory,
): Promise<PriceResponse> {
  onProgress?.({ phase: 'estimating the response to the price', done: 0, total: null, unit: 'series' });
  return readPriceResponse(tables, { cutoff, weekly: await history.weekly(tables, cutoff, signal), signal });
}

const SHARES = QUANTILES.map(({ share }) => share);

/** Trees of a stage with what tells how good they are. */
interface GrownStage {
  readonly stage: Stage;
  readonly trees: readonly GrownTrees[];
  readonly heldOut: Examples | null;
  readonly history: DemandHistory;
  readonly examples: number;
}

/** What the rounds of a fit have in common. */
class Fitting {
  readonly #job: TrainingJob;
  readonly #past: Past;
  readonly #hyperparameters: DemandTreesHyperparameters;

  constructor(job: TrainingJob, past: Past, hyperparameters: DemandTreesHyperparameters) {
    this.#job = job;
    this.#past = past;
    this.#hyperparameters = hyperparameters;
  }

  /** Trees of a member where no weeks tell when to stop. */
  get unchecked(): number {
    return Math.ceil(this.#hyperparameters.rounds / 8);
  }

  /** Trees from what was known at a cutoff, and how well they forecast the weeks after it. */
  async grow(
    cutoff: number,
    until: number | null,
    phase: string,
    rounds: readonly number[] = MEMBERS.map(() => this.#hyperparameters.rounds),
  ): Promise<GrownStage> {
    const { seed, signal, onProgress, onMetric } = this.#job;
    const { panels, history } = await this.#past.asOf(cutoff);
    const stage = stageOf(panels, this.#past.columns, cutoff, this.#hyperparameters);
    const training = trainingExamples(stage, seed, this.#hyperparameters, signal);
    const heldOut =
      until === null ? null : heldOutExamples(stage, this.#past.panels, until, MOST_HELD_OUT, signal);
    const trees: GrownTrees[] = [];
    for (const [k, member] of MEMBERS.entries())
      trees.push(
        await grow(
          {
            member,
            features: featuresOf(stage.columns),
            training,
            heldOut,
            rounds: Math.max(1, rounds[k]!),
            seed,
            signal,
            onTree: (tree, loss) => {
              onProgress?.({
                phase: `trees for ${member.objective} from the ${member.beginsAt}, ${phase} weeks`,
                done: tree,
                total: rounds[k]!,
                unit: 'trees',
              });
              if (loss !== null && tree % 10 === 0) onMetric?.('loss', Math.sqrt(loss));
            },
          },
          this.#hyperparameters,
        ),
      );
    return { stage, trees, heldOut, history, examples: training.demand.length };
  }

  /** Too few weeks to hold any out. */
  async blind(): Promise<FittedParts> {
    const rounds = MEMBERS.map(() => this.unchecked);
    const last = await this.grow(this.#job.cutoff, null, 'all', rounds);
    const nothing = {
      forecast: new Float64Array(),
      actual: new Float64Array(),
      weeksAhead: new Int32Array(),
    };
    return this.parts(last, withEqualShares({ rounds, shares: [] }), QuantileBands.fit(nothing, SHARES), {});
  }

  parts(
    { stage, trees, history, examples }: GrownStage,
    votes: Votes,
    bands: QuantileBands,
    metrics: Readonly<Record<string, number>>,
  ): FittedParts {
    const ensemble = new Ensemble(
      trees.map(({ text }) => text),
      votes,
    );
    return {
      columns: stage.columns,
      history,
      knowledge: stage.knowledge,
      ensemble,
      bands,
      response: null,
      horizon: this.#hyperparameters.horizon,
      metrics: { ...metrics, trees: ensemble.size, examples },
    };
  }
}

function chosenOf(stages: readonly GrownStage[], unchecked: number): Votes {
  return votesOf(
    MEMBERS.map((_, k) => stages.map(({ trees }) => trees[k]!.losses)),
    unchecked,
  );
}

function outcomesOf({ trees, heldOut }: GrownStage, votes: Votes): Outcomes {
  const { columns, start, level, demand, weeksAhead } = heldOut!;
  const ensemble = new Ensemble(
    trees.map(({ text }) => text),
    votes,
  );
  const forecast = ensemble.predict(columns, start).map((ratio, i) => ratio * level[i]!);
  return { forecast, actual: demand, weeksAhead };
}

function errorOf({ heldOut }: GrownStage, { forecast, actual }: Outcomes): number {
  let [errors, scale] = [0, 0];
  heldOut!.price.forEach((price, i) => {
    errors += price * (forecast[i]! - actual[i]!) ** 2;
    scale += price * actual[i]! ** 2;
  });
  return scale > 0 ? Math.sqrt(errors / scale) : 0;
}

function joined(a: Outcomes, b: Outcomes): Outcomes {
  return {
    forecast: concat(a.forecast, b.forecast),
    actual: concat(a.actual, b.actual),
    weeksAhead: Int32Array.from([...a.weeksAhead, ...b.weeksAhead]),
  };
}

function concat(a: Float64Array, b: Float64Array): Float64Array {
  const all = new Float64Array(a.length + b.length);
  all.set(a);
  all.set(b, a.length);
  return all;
}

/** Weeks to hold out: what is asked for, else eight, fewer where the data is short; none where there are too few. */
function weeksToHoldOut(there: number, asked: number): number {
  const wanted = asked > 0 ? asked : Math.min(MOST_WEEKS, Math.floor(there / PART_OF_WEEKS));
  return Math.min(wanted, Math.max(0, Math.floor((there - LEAST_LEFT) / 3)));
}
