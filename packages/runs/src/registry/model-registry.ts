import { z } from 'zod';
import { ConfigurationError, issueText, listing } from '@hemline/core';
import {
  APPROVAL_STATUSES,
  MODEL_NAME,
  versionFactsSchema,
  type ApprovalStatus,
  type ModelVersion,
  type NewVersion,
} from './model-version.ts';

/** A change of status, with who decided it and why. */
export interface StatusChange {
  readonly status: ApprovalStatus;
  readonly reason: string;
  readonly by: string;
}

/** Where trained models are kept with their metrics, where they come from, and whether they may forecast. */
export interface ModelRegistry {
  /** Where it is, for messages: a folder's URL, or `sagemaker://region/prefix`. */
  readonly url: string;
  /**
   * Adds a version. The same token again gives the version that it gave before, whatever became of it since.
   * @param version what to add
   * @throws ConfigurationError that names everything that is wrong with it
   */
  register(version: NewVersion): Promise<ModelVersion>;
  /**
   * @param model by default every one
   * @returns the versions, by model and number; none of a model that is not known
   */
  list(model?: string): Promise<readonly ModelVersion[]>;
  /**
   * @param model name
   * @param version number
   * @throws ConfigurationError when there is no such version
   */
  get(model: string, version: number): Promise<ModelVersion>;
  /**
   * The approved version with the highest number. Read it once a run and hand it on: it may change meanwhile.
   * @param model name
   * @param dataset only versions trained on it; by default on any
   * @param before only versions with a lower number; by default all
   * @returns the version, or null
   */
  latestApproved(model: string, dataset?: string, before?: number): Promise<ModelVersion | null>;
  /**
   * Decides about a version. Every decision stays in its history; of two at the same time the one that is stored last
   * holds.
   * @param model name
   * @param version number
   * @param change status, reason, and who decides
   * @returns the version as it is then
   */
  setStatus(model: string, version: number, change: StatusChange): Promise<ModelVersion>;
}

const changeSchema = z.object({
  status: z.enum(APPROVAL_STATUSES),
  reason: z.string().trim().min(1, 'expected a reason'),
  by: z.string().trim().min(1, 'expected who decides'),
});
const newVersionSchema = versionFactsSchema.extend({ ...changeSchema.shape, token: z.string().min(1) });

/**
 * Checks what is to be registered, before anything is written.
 * @param version as it was given
 * @throws ConfigurationError that names every problem
 */
export function checkNewVersion(version: NewVersion): void {
  // NaN is a metric that could not be computed: it is recorded, and no requirement is met by it.
  const finite = Object.entries(version.metrics).map(([name, value]) => [
    name,
    typeof value === 'number' && !Number.isFinite(value) ? String(value) : value,
  ]);
  const parsed = newVersionSchema.safeParse({ ...version, metrics: Object.fromEntries(finite) });
  if (!parsed.success) throw invalid('the version cannot be registered', parsed.error);
}

/**
 * Checks a decision.
 * @param change as it was given
 * @throws ConfigurationError that names every problem
 */
export function checkStatusChange(change: StatusChange): void {
  const parsed = changeSchema.safeParse(change);
  if (!parsed.success) throw invalid('the status cannot be changed so', parsed.error);
}

/**
 * Checks the name of a model.
 * @param model as it was given
 * @throws ConfigurationError when it can be no model's
 */
export function checkModelName(model: string): void {
  if (MODEL_NAME.test(model)) return;
  throw new ConfigurationError('this is no name of a model', {
    expected: 'lower-case letters, digits and hyphens within, at most 63',
    found: JSON.stringify(model),
  });
}

/**
 * @param model name
 * @param version that was asked for
 * @param there how many versions there are
 * @param url of the registry
 * @returns the error for a version that is not there
 */
export function noSuchVersion(
  model: string,
  version: number,
  there: number,
  url: string,
): ConfigurationError {
  return new ConfigurationError(`there is no version ${version} of ${model}`, {
    expected: there === 0 ? 'a model that has been registered' : `a version from 1 to ${there}`,
    found: there === 0 ? 'no version' : String(version),
    where: { file: url },
    remedy: '"hemline models list" shows what is registered.',
  });
}

function invalid(problem: string, error: z.ZodError): ConfigurationError {
  const problems = error.issues.map(
    ({ path, message }) => `${path.map(String).join('.')}: ${issueText(message)}`,
  );
  return new ConfigurationError(problem, { found: listing(problems, 20) });
}
