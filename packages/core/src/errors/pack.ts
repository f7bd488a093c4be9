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

/** An error as plain data: what goes from one thread to another. */
export interface PackedError {
  /** Of a HemlineError; null of any other. */
  readonly code: string | null;
  readonly name: string;
  readonly message: string;
  readonly stack: string | undefined;
  readonly where: ErrorPlace;
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
  const known = error instanceof Error ? error : new Error(String(error));
  const isOurs = known instanceof HemlineError;
  return {
    code: isOurs ? known.code : null,
    name: known.name,
    message: known.message,
    stack: known.stack,
    where: isOurs ? known.where : {},
    cause: known.cause === undefined ? null : packError(known.cause),
  };
}

/**
 * The inverse of {@link packError}.
 * @param packed data of an error
 * @returns an error of the same class, message, place and stack
 */
export function unpackError(packed: PackedError): Error {
  const { code, name, message, stack, where } = packed;
  const cause = packed.cause === null ? undefined : unpackError(packed.cause);
  const Class = code === null ? null : (CLASS_OF.get(code) ?? HemlineError);
  const error = Class === null ? new Error(message, { cause }) : new Class('', { where, cause });
  return Object.assign(error, { message, stack, name });
}
