import { join } from 'node:path';

export { parityCase, type ParityCase, type ParityRows } from './parity-case.ts';
export { parityDifferences, parityDigests, readParityAnswer } from './parity-comparison.ts';
export { PARITY_OBJECTIVES } from './parity-objectives.ts';
export { runParityCase, writeParityFiles, type ParityOutcome } from './parity-run.ts';

/** Does the same in Python: `python parity.py CASES.json FOLDER`, an answer a line. */
export const PARITY_SCRIPT = join(import.meta.dirname, 'parity.py');
