import type { TrainingJob, Week } from '@hemline/core';
import {
  ParameterLayout,
  trainNetwork,
  type BatchParts,
  type TensorEngine,
  type TrainingLoss,
  type TrainingOptions,
} from '@hemline/tensor';
import { carriedWeights, type CarriedRows } from './carried-weights.ts';
import { heldOutJudge, scoreOf } from './held-out-judge.ts';
import type { HeldOutPart } from './held-out-windows.ts';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { LegCheckpoints, type FinishedLeg } from './leg-checkpoints.ts';
import { demandLoss } from './loss.ts';
import { DemandNetwork, type NetworkInputs } from './network.ts';
import { trainingBatches } from './threaded-windows.ts';
import { affordable, paceOf, type TrainingPace } from './training-pace.ts';
import { TrainingWindows, uniformOf } from './training-windows.ts';
import type { Windows } from './windows.ts';

/** Times that the loss is told while there are no weeks to validate on. */
const REPORTS = 10;
/**
 * Validations without a gain until the learning rate falls, and what counts as a gain: held-out weeks are few, and less than that is
 * noise, for which networks would be trained until they know the other weeks by heart.
 */
const [PATIENCE, GAIN] = [5, 0.01];
/** How the learning rate falls then. */
const ANNEALING = { share: 0.3, least: 30 };
/** Learning rate of the last weeks, as a share of the first one's peak, and times that they are looked at of each series, at most. */
const [LATE_RATE, LATE_LOOKS] = [0.3, 2];

/** What networks are trained on. */
export interface Lessons {
  readonly windows: Windows;
  readonly inputs: NetworkInputs;
}

/** Lessons of all weeks, for networks that know all but the last ones. */
export interface LateLessons extends Lessons {
  /** The last week that the networks know. */
  readonly known: Week;
  /** What the networks read so far, and the categories of it that the new ones are. */
  readonly before: NetworkInputs;
  readonly carried: CarriedRows;
}

/** One leg of the training. */
interface Leg extends Lessons {
  readonly seed: number;
  initial(layout: ParameterLayout): Float32Array;
  readonly validation: readonly BatchParts<HeldOutPart>[];
  /** Windows that look at weeks after this one are drawn more often. */
  readonly known?: Week;
  readonly options: Pick<
    TrainingOptions,
    | 'steps'
    | 'learningRate'
    | 'warmUp'
    | 'averaging'
    | 'validateEvery'
    | 'patience'
    | 'improvement'
    | 'annealing'
  >;
}

/** Trains the networks of a model, one after another, each from a seed of its own, in legs that checkpoints keep. */
export class MemberTraining {
  readonly #engine: TensorEngine;
  readonly #job: TrainingJob;
  readonly #hyperparameters: DemandHyperparameters;
  readonly #pace: TrainingPace;
  readonly #checkpoints: LegCheckpoints | undefined;
  readonly #legs: FinishedLeg[];
  /** Whether TensorFlow is too slow for the training that was asked for. */
  readonly #isReduced: boolean;

  private constructor(
    engine: TensorEngine,
    job: TrainingJob,
    windows: Windows,
    asked: DemandHyperparameters,
  ) {
    const hyperparameters = affordable(asked, engine.backend);
    this.#engine = engine;
    this.#job = job;
    this.#pace = paceOf(new TrainingWindows(windows, hyperparameters, job.seed).size, hyperparameters);
    const { batchSize, members } = this.#pace;
    this.#hyperparameters = { ...hyperparameters, batchSize, members };
    this.#legs = [];
    this.#checkpoints =
      job.checkpoints === undefined
        ? undefined
        : new LegCheckpoints(job.checkpoints, new Array<number>(2 * members).fill(this.#pace.steps));
    this.#isReduced = hyperparameters !== asked;
  }

  /**
   * @param engine that computes
   * @param job seed, signal, progress, checkpoints
   * @param windows that the training begins with
   * @param asked hyperparameters as they were set
   * @returns the training, as far as checkpoints say that it had come
   */
  static async open(
    engine: TensorEngine,
    job: TrainingJob,
    windows: Windows,
    asked: DemandHyperparameters,
  ): Promise<MemberTraining> {
    const training = new MemberTraining(engine, job, windows, asked);
    training.#legs.push(...((await training.#checkpoints?.finished()) ?? []));
    return training;
  }

  /** Windows of a batch. */
  get batchSize(): number {
    return this.#pace.batchSize;
  }

  /** What is kept with the model of its training. */
  get metrics(): Readonly<Record<string, number>> {
    return this.#metricsOf(this.#legs);
  }

  /** The same of the networks before they learn the last weeks: also where a training goes on that had come further. */
  get earlyMetrics(): Readonly<Record<string, number>> {
    return this.#metricsOf(this.#legs.slice(0, this.#hyperparameters.members));
  }

  #metricsOf(legs: readonly FinishedLeg[]): Readonly<Record<string, number>> {
    return {
      loss: legs.at(-1)?.loss ?? NaN,
      steps: legs.reduce((sum, { steps }) => sum + steps, 0),
      reduced: Number(this.#isReduced),
    };
  }

  /**
   * Trains networks: until the held-out weeks say that they have learnt, or for the steps of the pace where none are.
   * @param lessons without the held-out weeks
   * @param validation batches of these; none where nothing is held out
   * @returns weights of each network
   * @throws InterruptedError when the signal is raised, once a checkpoint is saved
   */
  async learn(
    lessons: Lessons,
    validation: readonly BatchParts<HeldOutPart>[],
  ): Promise<readonly Float32Array[]> {
    const { learningRate, members } = this.#hyperparameters;
    const { steps, blindSteps, warmUp, averaging, validateEvery } = this.#pace;
    const pace = { learningRate, warmUp, averaging };
    const isHeldOut = validation.length > 0;
    return this.#members(members, 'training', (member) => ({
      ...lessons,
      seed: this.#seedOf(member),
      initial: (layout) => layout.initialize(uniformOf(this.#seedOf(member), -1)),
      validation,
      options: isHeldOut
        ? { ...pace, steps, validateEvery, patience: PATIENCE, improvement: GAIN, annealing: ANNEALING }
        : { ...pace, steps: blindSteps, validateEvery: Math.ceil(blindSteps / REPORTS) },
    }));
  }

  /**
   * Goes on with the weights of {@link learn}, on weeks that they have not seen and on those before.
   * @param lessons of all weeks
   * @returns weights of each network
   * @throws InterruptedError when the signal is raised, once a checkpoint is saved
   */
  async learnLast(lessons: LateLessons): Promise<readonly Float32Array[]> {
    const { members, fineTuning, learningRate } = this.#hyperparameters;
    const { averaging, steps: most } = this.#pace;
    return this.#members(2 * members, 'training on the last weeks', (member) => {
      const { weights, steps: learnt } = this.#legs[member]!;
      // Half of a batch looks at the last weeks.
      const looks = (2 * LATE_LOOKS * (lessons.windows.store.offsets.length - 1)) / this.batchSize;
      const steps = Math.max(1, Math.min(most, Math.round(Math.min(fineTuning * learnt, looks))));
      const old = new ParameterLayout();
      new DemandNetwork(old, lessons.before, this.#hyperparameters);
      return {
        ...lessons,
        // Batches of their own, not those that the network began with.
        seed: this.#seedOf(member) + 500,
        initial: (layout) => carriedWeights(weights, old, layout, lessons.carried),
        validation: [],
        options: {
          steps,
          learningRate: LATE_RATE * learningRate,
          warmUp: Math.ceil(steps / REPORTS),
          averaging: Math.max(1, Math.min(averaging, Math.ceil(steps / 4))),
          validateEvery: Math.ceil(steps / REPORTS),
        },
      };
    });
  }

  #seedOf(member: number): number {
    return this.#job.seed * 1000 + member;
  }

  /** Weights of each network, once there are so many legs in all. */
  async #members(
    legs: number,
    phase: string,
    legOf: (member: number) => Leg,
  ): Promise<readonly Float32Array[]> {
    const { members } = this.#hyperparameters;
    for (let leg = this.#legs.length; leg < legs; leg++) {
      const member = leg % members;
      const which = members === 1 ? '' : `: ${member + 1} of ${members}`;
      const how = this.#isReduced ? ', reduced as TensorFlow runs as WebAssembly' : '';
      this.#legs.push(await this.#train(legOf(member), `${phase}${how}${which}`));
    }
    return this.#legs.slice(legs - members, legs).map(({ weights }) => weights);
  }

  async #train(leg: Leg, phase: string): Promise<FinishedLeg> {
    const { signal, onProgress } = this.#job;
    const { weightDecay, checkpointEvery } = this.#hyperparameters;
    const layout = new ParameterLayout();
    const network = new DemandNetwork(layout, leg.inputs, this.#hyperparameters);
    const batches = trainingBatches(leg, this.#hyperparameters, leg.options.steps, signal);
    let loss = NaN;
    const trained = await trainNetwork(
      this.#engine,
      {
        layout,
        initial: leg.initial(layout),
        batches,
        loss: (context, batch) => demandLoss(network, context, batch, this.#hyperparameters),
        validation: leg.validation,
        judge: heldOutJudge(network),
      },
      {
        ...leg.options,
        adamW: { weightDecay },
        checkpointEvery,
        checkpoints: this.#checkpoints?.of(this.#legs),
        signal,
        phase,
        onProgress,
        onLoss: (losses) => {
          loss = losses.training;
          this.#tell(losses);
        },
      },
    ).finally(() => batches.close());
    return { weights: trained.weights, steps: trained.step, loss };
  }

  #tell({ training, sums }: TrainingLoss): void {
    const { onMetric } = this.#job;
    onMetric?.('loss', training);
    if (sums === null) return;
    const { loss, error, unseenLoss } = scoreOf(sums);
    onMetric?.('heldOutLoss', loss);
    if (Number.isFinite(error)) onMetric?.('heldOutError', error);
    if (Number.isFinite(unseenLoss)) onMetric?.('unseenLoss', unseenLoss);
  }
}
