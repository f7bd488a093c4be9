import { HemlineError, type Blame } from './hemline-error.ts';

/** A table lacks a column, or a column has the wrong type: the shape of the data is wrong. */
export class SchemaError extends HemlineError {
  override readonly code: string = 'SCHEMA';
  override readonly blame: Blame = 'input';
}

/** The shape is right and a value is not: a discount of 1.2, a duplicate key, a truncated file. */
export class DataError extends HemlineError {
  override readonly code: string = 'DATA';
  override readonly blame: Blame = 'input';
}

/** A `dataset.json` cannot be understood. */
export class DescriptorError extends HemlineError {
  override readonly code: string = 'DESCRIPTOR';
  override readonly blame: Blame = 'input';
}

/** One or more hyperparameters are unknown or out of range; the message names all of them. */
export class HyperparameterError extends HemlineError {
  override readonly code: string = 'HYPERPARAMETER';
  override readonly blame: Blame = 'input';
}

/** A job's configuration (paths, hosts, arguments, channels) is wrong or missing. */
export class ConfigurationError extends HemlineError {
  override readonly code: string = 'CONFIGURATION';
  override readonly blame: Blame = 'input';
}

/** What was asked for is well-formed and not supported here. */
export class UnsupportedError extends HemlineError {
  override readonly code: string = 'UNSUPPORTED';
  override readonly blame: Blame = 'input';
}

/** A saved model cannot be read: another format version, another model, a missing or altered file. */
export class ArtifactError extends HemlineError {
  override readonly code: string = 'ARTIFACT';
  override readonly blame: Blame = 'input';
}

/** A native engine cannot be loaded or failed. */
export class EngineError extends HemlineError {
  override readonly code: string = 'ENGINE';
  override readonly blame: Blame = 'platform';
}

/** Reading or writing storage failed for a reason that may pass: no space, a lost connection, a busy server. */
export class StoreError extends HemlineError {
  override readonly code: string = 'STORE';
  override readonly blame: Blame = 'platform';
  override readonly retryable: boolean = true;
}

/** Another writer was first: what had to be absent is there. */
export class ConflictError extends HemlineError {
  override readonly code: string = 'CONFLICT';
  override readonly blame: Blame = 'input';
}

/** The job was asked to stop (SIGTERM, spot interruption, Ctrl-C) and did. */
export class InterruptedError extends HemlineError {
  override readonly code: string = 'INTERRUPTED';
  override readonly blame: Blame = 'interrupted';
  override readonly retryable: boolean = true;
}

/**
 * Throws {@link InterruptedError} when the signal has been raised; call it between units of work.
 * @param signal the job's signal, if it has one
 */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (signal?.aborted) {
    throw new InterruptedError('the job was asked to stop', {
      // Whether there are checkpoints to go on from, only what was stopped knows.
      remedy: 'Start it again.',
      cause: signal.reason,
    });
  }
}
