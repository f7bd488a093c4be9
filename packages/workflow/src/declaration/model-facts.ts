import type { QuantityName, TableName } from '@hemline/core';

/** What a workflow has to know of a model. The command collects it from the model packages: no workflow imports one. */
export interface ModelFacts {
  /** The package's folder, the image's repository, the registry's key. */
  readonly name: string;
  readonly quantity: QuantityName;
  /** Tables that a training reads. */
  readonly fit: TableNeeds;
  /** Tables that a forecast or an evaluation reads; the runtime adds `weekly` and the attributes of the items. */
  readonly predict: TableNeeds;
  /** Engines in its image; a model with none has no use for a GPU. */
  readonly engines: readonly string[];
  /** What SageMaker looks for in the log of a training: exactly what the model prints. */
  readonly metricDefinitions: readonly { readonly Name: string; readonly Regex: string }[];
  /** Whether it is what models of its quantity have to be better than: `hemline.baseline` of its package.json. */
  readonly baseline?: boolean;
  /** Names of the metrics that its versions are scored by: what can be required of them. */
  readonly metrics: readonly string[];
  /** Whether it declares features, so that the step `features` has something to write. */
  readonly features: boolean;
}

/** Tables that a job reads. */
export interface TableNeeds {
  /** Without these the job cannot run. */
  readonly required: readonly TableName[];
  /** Read where the dataset has them. */
  readonly optional: readonly TableName[];
}
