import {
  ArtifactError,
  ConfigurationError,
  ConflictError,
  DataError,
  DescriptorError,
  EngineError,
  HyperparameterError,
  InterruptedError,
  SchemaError,
  StoreError,
  UnsupportedError,
} from './causes.ts';
import { HemlineError, type ErrorPlace } from './hemline-error.ts';
import { explained, isSystemError } from './system-error.ts';

/** What the message of a HemlineError is made of. */
type ErrorParts = Partial<Pick<HemlineError, 'problem' | 'expected' | 'found' | 'remedy'>>;

/** An error as plain data: what goes from one thread to another. */
export interface PackedError {
  /** Of a HemlineError; null of any other. */
  readonly code: string | null;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly where: ErrorPlace;
  /** Of a HemlineError: what its message is made of. */
  readonly parts: ErrorParts;
  readonly cause: PackedError | null;
}

const CLASSES = [
  SchemaError,
  DataError,
  DescriptorError,
  HyperparameterError,
  ConfigurationError,
  UnsupportedError,
  ArtifactError,
  EngineError,
  StoreError,
  ConflictError,
  InterruptedError,
];
const CLASS_OF = new Map(CLASSES.map((each) => [new each('').code, each]));

/**
 * Turns an error into plain data: structured clone would keep neither class nor place.
 * @param error anything thrown
 * @returns its data
 */
export function packError(error: unknown): PackedError {
  // The code and path of a refusal of the operating system would not arrive.
  const told = explained(error);
  const known = told instanceof Error ? told : new Error(String(told));
  const isOurs = known instanceof HemlineError;
  return {
    code: isOurs ? known.code : null,
    name: known.name,
    message: known.message,
    stack: known.stack,
    where: isOurs ? known.where : {},
    parts: isOurs ? partsOf(known) : {},
    cause: known.cause === undefined ? null : packCause(known.cause),
  };
}

function partsOf({ problem, expected, found, remedy }: HemlineError): ErrorParts {
  return { problem, expected, found, remedy };
}

/** A cause is kept as it was: what is made of it has been said already. */
function packCause(cause: unknown): PackedError {
  return packError(isSystemError(cause) ? new Error(cause.message) : cause);
}

/**
 * The inverse of {@link packError}.
 * @param packed data of an error
 * @returns an error of the same class, message, place and stack
 */
export function unpackError(packed: PackedError): Error {
  const { code, name, message, stack, where, parts } = packed;
  const cause = packed.cause === null ? undefined : unpackError(packed.cause);
  const Class = code === null ? null : (CLASS_OF.get(code) ?? HemlineError);
  const error = Class === null ? new Error(message, { cause }) : new Class('', { where, cause });
  return Object.assign(error, { message, stack, name, ...parts });
}
