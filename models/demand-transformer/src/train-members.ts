import type { TrainingJob } from '@hemline/core';
import { ParameterLayout, trainNetwork, type TensorBackend, type TensorEngine } from '@hemline/tensor';
import type { DemandHyperparameters } from './hyperparameters.ts';
import { demandLoss } from './loss.ts';
import { MemberCheckpoints } from './member-checkpoints.ts';
import { DemandNetwork, type NetworkInputs } from './network.ts';
import { trainingBatches } from './threaded-windows.ts';
import { TrainingWindows, uniformOf } from './training-windows.ts';
import type { Windows } from './windows.ts';

/** Times that the loss is told while a network is trained. */
const REPORTS = 30;
/** Windows of a batch, at most, where steps are few: many small steps learn more than a few large ones. */
const BATCH_SIZE = 64;
/** Share of the steps that the average of the weights reaches back over, at most. */
const AVERAGED = 3;

/** Weights of trained networks, and what is kept with them of their training. */
export interface TrainedMembers {
  readonly members: readonly Float32Array[];
  readonly metrics: Readonly<Record<string, number>>;
}

/**
 * Trains networks one after another, each from a seed of its own.
 * @param engine that computes
 * @param job seed, signal, progress, checkpoints
 * @param windows to learn from
 * @param inputs sizes of what the networks read
 * @param asked hyperparameters as they were set
 * @returns their weights
 * @throws InterruptedError when the signal is raised, once a checkpoint is saved
 */
export async function trainMembers(
  engine: TensorEngine,
  job: TrainingJob,
  windows: Windows,
  inputs: NetworkInputs,
  asked: DemandHyperparameters,
): Promise<TrainedMembers> {
  const hyperparameters = affordable(asked, engine.backend);
  const { learningRate, warmUp, weightDecay, averaging, checkpointEvery } = hyperparameters;
  const steps = stepsOf(new TrainingWindows(windows, hyperparameters, job.seed).size, hyperparameters);
  const isReduced = hyperparameters !== asked;
  const training = isReduced ? 'training, reduced as TensorFlow runs as WebAssembly' : 'training';
  const checkpoints =
    job.checkpoints === undefined ? undefined : new MemberCheckpoints(job.checkpoints, steps);
  const members = (await checkpoints?.finished()) ?? [];
  let loss = NaN;
  for (let member = members.length; member < hyperparameters.members; member++) {
    const seed = job.seed * 1000 + member;
    const layout = new ParameterLayout();
    const network = new DemandNetwork(layout, inputs, hyperparameters);
    const batches = trainingBatches(windows, hyperparameters, seed, steps, job.signal);
    const trained = await trainNetwork(
      engine,
      {
        layout,
        initial: layout.initialize(uniformOf(seed, -1)),
        batches,
        loss: (context, batch) => demandLoss(network, context, batch, hyperparameters),
      },
      {
        steps,
        learningRate,
        warmUp,
        averaging,
        adamW: { weightDecay },
        // Nothing is kept apart to validate on: the loss is that of the training since the last report.
        validateEvery: Math.ceil(steps / REPORTS),
        checkpointEvery,
        checkpoints: checkpoints?.of(members),
        signal: job.signal,
        phase:
          hyperparameters.members === 1
            ? training
            : `${training}: ${member + 1} of ${hyperparameters.members}`,
        onProgress: job.onProgress,
        onLoss: ({ training: found }) => {
          loss = found;
          job.onMetric?.('loss', found);
        },
      },
    ).finally(() => batches.close());
    members.push(trained.weights);
  }
  return {
    members,
    metrics: {
      loss,
      series: windows.store.offsets.length - 1,
      steps: steps * hyperparameters.members,
      // Kept with the model: what it could have been.
      reduced: Number(isReduced),
    },
  };
}

/** Steps of a training: more where there is more to learn from. */
function stepsOf(windows: number, { epochs, batchSize, steps }: DemandHyperparameters): number {
  return Math.max(1, Math.min(steps, Math.round((epochs * windows) / batchSize)));
}

/**
 * What a training can afford: on WebAssembly, which takes some 15 times as long, fewer steps of smaller batches.
 * @param hyperparameters as they were set
 * @param backend that computes
 * @returns those to train with
 */
export function affordable(
  hyperparameters: DemandHyperparameters,
  backend: TensorBackend,
): DemandHyperparameters {
  if (backend !== 'wasm') return hyperparameters;
  const { steps, batchSize, averaging, members, fallbackSteps } = hyperparameters;
  // All networks together have as many steps.
  const few = Math.min(steps, Math.max(1, Math.floor(fallbackSteps / members)));
  return {
    ...hyperparameters,
    steps: few,
    batchSize: Math.min(batchSize, BATCH_SIZE),
    averaging: Math.min(averaging, Math.ceil(few / AVERAGED)),
  };
}
