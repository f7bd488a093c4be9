/** What every file of an output can be traced back to. */
export interface Provenance {
  readonly model: string;
  readonly modelVersion: number;
  /** Fingerprint of the data the model was trained on. */
  readonly trainingFingerprint: string;
  readonly codeVersion: string;
  /** The same for every start of one job; of another job it is another. */
  readonly runId: string;
}

/**
 * The key-value metadata that every file of an output carries.
 * @param provenance of the output
 * @param partition whose file it is
 * @param inputHash digest of everything the content depends on
 * @returns metadata of the Parquet footer
 */
export function fileMetadata(
  provenance: Provenance,
  partition: string,
  inputHash: string,
): Record<string, string> {
  return {
    'hemline.model': provenance.model,
    'hemline.model_version': String(provenance.modelVersion),
    'hemline.training_fingerprint': provenance.trainingFingerprint,
    'hemline.code_version': provenance.codeVersion,
    'hemline.run_id': provenance.runId,
    'hemline.partition': partition,
    [INPUT_HASH]: inputHash,
  };
}

/** Key of the digest of the inputs in a file's metadata. */
export const INPUT_HASH = 'hemline.input_hash';

/**
 * Prints a provenance for people.
 * @param provenance of an output
 * @returns for example `run weekly-7 of demand-naive 1, trained on 5f2c…`
 */
export function provenanceText({
  model,
  modelVersion,
  trainingFingerprint,
  codeVersion,
  runId,
}: Provenance): string {
  return `run ${runId} of ${model} ${modelVersion}, code ${codeVersion}, trained on ${trainingFingerprint.slice(0, 12)}`;
}

/**
 * Whether two outputs are of the same run of the same model.
 * @param a one
 * @param b the other
 * @returns whether everything is the same
 */
export function sameProvenance(a: Provenance, b: Provenance): boolean {
  return (
    a.model === b.model &&
    a.modelVersion === b.modelVersion &&
    a.trainingFingerprint === b.trainingFingerprint &&
    a.codeVersion === b.codeVersion &&
    a.runId === b.runId
  );
}
