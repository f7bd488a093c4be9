/** A decision about a version, and whose it is. */
export interface VersionDecision {
  readonly status: 'approved' | 'pending' | 'rejected';
  /** A person, or `workflow` when it checked the requirements. */
  readonly by: string;
  readonly reason: string;
  /** ISO date and time. */
  readonly at: string;
}

/** A requirement and what came of it. */
export interface RequirementResult {
  /** Null of what is about no single metric. */
  readonly metric: string | null;
  /** Null where nothing is asked yet. */
  readonly isMet: boolean | null;
  /** Why not, each in a sentence. */
  readonly reasons: readonly string[];
}

/** What the registry knows of a version. */
export interface RegisteredVersion {
  /** ISO date of the last week that it knows. */
  readonly cutoff: string;
  /** Run that trained it. */
  readonly run: string;
  readonly metrics: Readonly<Record<string, number>>;
  /** The last one. */
  readonly decision: VersionDecision;
  /** What is required of it today, and whether it has that; null of a model that the workspace does not know. */
  readonly checks: readonly RequirementResult[] | null;
}

/** The version of a model that forecast. */
export interface ForecastVersion {
  /** Number in the registry; null where it was not registered. */
  readonly version: number | null;
  /** Run that trained it; null where that is not known. */
  readonly trainedBy: string | null;
  /** Null where the registry does not know it. */
  readonly registered: RegisteredVersion | null;
}

/** What a version must reach to be approved without a person, of one metric. */
export interface MetricLimit {
  readonly metric: string;
  /** Least value that is allowed. */
  readonly least?: number;
  /** Largest value that is allowed. */
  readonly most?: number;
  /** The value has to be below `factor` times that of this model on the same weeks. */
  readonly below?: { readonly model: string; readonly factor: number };
}
