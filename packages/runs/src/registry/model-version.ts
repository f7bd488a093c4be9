import { z } from 'zod';
import { metricValues } from '../documents/metric-value.ts';

/** Whether a version may forecast. */
export type ApprovalStatus = 'approved' | 'pending' | 'rejected';

/** The statuses there are. */
export const APPROVAL_STATUSES = ['approved', 'pending', 'rejected'] as const satisfies ApprovalStatus[];

/** One decision about a version. */
export interface ApprovalDecision {
  /** ISO date and time, UTC. */
  readonly at: string;
  readonly status: ApprovalStatus;
  /** Who decided: a person, or the run that checked the requirements. */
  readonly by: string;
  readonly reason: string;
}

/** A trained model in the registry. All but status and history never changes. */
export interface ModelVersion {
  readonly model: string;
  /** 1, 2, 3, … of each model, without gaps. */
  readonly version: number;
  /** That of the last decision. */
  readonly status: ApprovalStatus;
  /** `file:` or `s3:` URI of the model folder or of its `model.tar.gz`. */
  readonly artifact: string;
  /** Name of the dataset it was trained on: a model of other data must never stand in. */
  readonly dataset: string;
  /** ISO date of the last week it knows. */
  readonly cutoff: string;
  /** Id of the run that trained it. */
  readonly run: string;
  /** ISO date and time, UTC. */
  readonly createdAt: string;
  /** On weeks that it had not seen. NaN where a metric could not be computed. */
  readonly metrics: Readonly<Record<string, number>>;
  /** What it was made from: fingerprint of the data, version of the code, digest of the image, … */
  readonly lineage: Readonly<Record<string, string>>;
  /** Oldest first; never empty. */
  readonly history: readonly ApprovalDecision[];
}

/** A model to register. */
export interface NewVersion {
  readonly model: string;
  /** `file:` or `s3:` URI of the model folder or of its `model.tar.gz`. */
  readonly artifact: string;
  readonly dataset: string;
  /** ISO date of the last week it knows. */
  readonly cutoff: string;
  readonly run: string;
  readonly metrics: Readonly<Record<string, number>>;
  readonly lineage: Readonly<Record<string, string>>;
  readonly status: ApprovalStatus;
  readonly reason: string;
  readonly by: string;
  /** Names this registration: registering the same token twice gives the same version. */
  readonly token: string;
}

/** A decision as it is stored. */
export const approvalDecisionSchema = z.object({
  at: z.iso.datetime(),
  status: z.enum(APPROVAL_STATUSES),
  by: z.string().min(1),
  reason: z.string(),
});

/** Names of models: also those of folders and of model package groups. */
export const MODEL_NAME = /^[a-z0-9](-*[a-z0-9]){0,62}$/;

/** What of a version is stored once and never changed. */
export const versionFactsSchema = z.object({
  model: z.string().regex(MODEL_NAME, 'expected lower-case letters, digits and hyphens within'),
  artifact: z.string().regex(/^(file|s3):\/\//, 'expected a file: or s3: URI'),
  dataset: z.string().min(1),
  cutoff: z.iso.date(),
  run: z.string().min(1),
  metrics: metricValues,
  lineage: z.record(z.string(), z.string()),
});
