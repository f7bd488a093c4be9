import { addWeeks, throwIfAborted, weeksBetween, type Tables, type TrainingJob } from '@hemline/core';
import { DemandHistory, QUANTILES, type FilledPanel } from '@hemline/features';
import { columnsOf, type DatasetColumns } from './dataset-columns.ts';
import { Ensemble } from './ensemble.ts';
import { heldOutExamples, trainingExamples, type Examples } from './examples.ts';
import { featuresOf } from './features.ts';
import { grow, type GrownTrees } from './grow.ts';
import type { DemandTreesHyperparameters } from './hyperparameters.ts';
import { OBJECTIVES } from './objectives.ts';
import { QuantileBands, type Outcomes } from './quantile-bands.ts';
import { readPanels } from './read-panels.ts';
import { stageOf, type Knowledge, type Stage } from './stage.ts';

/** All that forecasts need. */
export interface FittedParts {
  readonly columns: DatasetColumns;
  readonly history: DemandHistory;
  readonly knowledge: Knowledge;
  readonly ensemble: Ensemble;
  readonly bands: QuantileBands;
  /** Weeks ahead that were learnt. */
  readonly horizon: number;
  readonly metrics: Readonly<Record<string, number>>;
}

/** Examples that tell when to stop, at most. */
const MOST_HELD_OUT = 40_000;
/** Weeks that are held out, at most, and what part of the weeks there are. */
const [MOST_WEEKS, PART_OF_WEEKS] = [8, 7] as const;

/**
 * Fits the model in three rounds. First trees from all but the last two times eight weeks, which tell after how many trees the weeks
 * that follow are forecast best; then from all but the last eight, so many trees: what is held out of these is known to neither, and
 * gives errors and quantiles; then from everything, as many trees as were best in both.
 * @param job cutoff, seed, signal, who is to be told of the held-out fit
 * @param tables up to the cutoff
 * @param hyperparameters of the training
 * @returns all that forecasts need
 * @throws DataError when no series has demand up to the cutoff
 * @throws InterruptedError when the signal is raised
 */
export async function fit(
  job: TrainingJob,
  tables: Tables,
  hyperparameters: DemandTreesHyperparameters,
): Promise<FittedParts> {
  const { cutoff, signal } = job;
  throwIfAborted(signal);
  const available = columnsOf(tables);
  const history = await DemandHistory.fit(tables, cutoff, signal);
  const panels = await readPanels(job, tables, available, history, hyperparameters.maximumSeries);
  const weeks = heldOutWeeks(panels, cutoff, hyperparameters);
  const fitting = new Fitting(job, panels, available, history, hyperparameters);
  if (weeks === 0) return fitting.blind();
  const early = await fitting.grow(addWeeks(cutoff, -2 * weeks), addWeeks(cutoff, -weeks), 'early');
  const late = await fitting.grow(addWeeks(cutoff, -weeks), cutoff, 'late');
  const before = bestRounds([early]);
  const heldOut = outcomesOf(late, before);
  const both = joined(outcomesOf(early, before), heldOut);
  const last = await fitting.grow(cutoff, null, 'all', bestRounds([early, late]));
  return fitting.parts(last, QuantileBands.fit(both, SHARES), {
    demandError: errorOf(late, before),
    heldOutWeeks: weeks,
  });
}

const SHARES = QUANTILES.map(({ share }) => share);

/** Trees of a stage with what tells how good they are. */
interface GrownStage {
  readonly stage: Stage;
  readonly trees: readonly GrownTrees[];
  readonly heldOut: Examples | null;
  readonly examples: number;
  readonly rounds: readonly number[];
}

/** What the rounds of a fit have in common. */
class Fitting {
  readonly #job: TrainingJob;
  readonly #panels: readonly FilledPanel[];
  readonly #columns: DatasetColumns;
  readonly #history: DemandHistory;
  readonly #hyperparameters: DemandTreesHyperparameters;

  constructor(
    job: TrainingJob,
    panels: readonly FilledPanel[],
    columns: DatasetColumns,
    history: DemandHistory,
    hyperparameters: DemandTreesHyperparameters,
  ) {
    this.#job = job;
    this.#panels = panels;
    this.#columns = columns;
    this.#history = history;
    this.#hyperparameters = hyperparameters;
  }

  /** Trees from what was known at a cutoff, and how well they forecast the weeks after it. */
  async grow(
    cutoff: number,
    until: number | null,
    phase: string,
    rounds: readonly number[] = OBJECTIVES.map(() => this.#hyperparameters.rounds),
  ): Promise<GrownStage> {
    const { seed, signal, onProgress, onMetric } = this.#job;
    const stage = stageOf(this.#panels, this.#columns, cutoff, this.#hyperparameters);
    const training = trainingExamples(stage, seed, this.#hyperparameters, signal);
    const heldOut =
      until === null ? null : heldOutExamples(stage, this.#panels, until, MOST_HELD_OUT, signal);
    const trees: GrownTrees[] = [];
    for (const [k, objective] of OBJECTIVES.entries())
      trees.push(
        await grow(
          {
            objective,
            features: featuresOf(stage.columns),
            training,
            heldOut,
            rounds: Math.max(1, rounds[k]!),
            seed,
            signal,
            onTree: (tree, loss) => {
              onProgress?.({
                phase: `trees for ${objective}, ${phase} weeks`,
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
    return { stage, trees, heldOut, examples: training.demand.length, rounds };
  }

  /** Too few weeks to hold any out. */
  async blind(): Promise<FittedParts> {
    const rounds = OBJECTIVES.map(() => Math.ceil(this.#hyperparameters.rounds / 8));
    const last = await this.grow(this.#job.cutoff, null, 'all', rounds);
    const nothing = {
      forecast: new Float64Array(),
      actual: new Float64Array(),
      weeksAhead: new Int32Array(),
    };
    return this.parts(last, QuantileBands.fit(nothing, SHARES), {});
  }

  parts(
    { stage, trees, examples, rounds }: GrownStage,
    bands: QuantileBands,
    metrics: Readonly<Record<string, number>>,
  ): FittedParts {
    const ensemble = new Ensemble(
      trees.map(({ text }) => text),
      rounds,
    );
    return {
      columns: stage.columns,
      history: this.#history,
      knowledge: stage.knowledge,
      ensemble,
      bands,
      horizon: this.#hyperparameters.horizon,
      metrics: { ...metrics, trees: ensemble.size, examples },
    };
  }
}

/** Trees of each objective after which the weeks held out were forecast best, in all stages together. */
function bestRounds(stages: readonly GrownStage[]): number[] {
  return OBJECTIVES.map((_, k) => {
    const losses = stages.map(({ trees }) => trees[k]!.losses);
    const length = Math.min(...losses.map((one) => one.length));
    let [best, least] = [0, Infinity];
    for (let tree = 0; tree < length; tree++) {
      const sum = losses.reduce((total, one) => total + one[tree]! / one[0]!, 0);
      if (sum < least) [best, least] = [tree, sum];
    }
    return best;
  });
}

function outcomesOf({ trees, heldOut }: GrownStage, rounds: readonly number[]): Outcomes {
  const { columns, start, level, demand, weeksAhead } = heldOut!;
  const ensemble = new Ensemble(
    trees.map(({ text }) => text),
    rounds,
  );
  const forecast = ensemble.predict(columns, start).map((ratio, i) => ratio * level[i]!);
  return { forecast, actual: demand, weeksAhead };
}

function errorOf(stage: GrownStage, rounds: readonly number[]): number {
  const { forecast, actual } = outcomesOf(stage, rounds);
  let [errors, scale] = [0, 0];
  stage.heldOut!.price.forEach((price, i) => {
    errors += price * (forecast[i]! - actual[i]!) ** 2;
    scale += price * actual[i]! ** 2;
  });
  return Math.sqrt(errors / scale);
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
function heldOutWeeks(
  panels: readonly FilledPanel[],
  cutoff: number,
  { heldOutWeeks: asked }: DemandTreesHyperparameters,
): number {
  let first = Infinity;
  for (const { weeks, observed } of panels)
    weeks.forEach((week, row) => {
      if (observed[row] === 1 && week < first) first = week;
    });
  const there = weeksBetween(first, cutoff) + 1;
  const wanted = asked > 0 ? asked : Math.min(MOST_WEEKS, Math.floor(there / PART_OF_WEEKS));
  return Math.min(wanted, Math.max(0, Math.floor((there - 4) / 3)));
}
