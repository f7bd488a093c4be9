import { fileURLToPath } from 'node:url';

/** Root of the workspace that this package is part of. */
export const WORKSPACE = fileURLToPath(new URL('../../../..', import.meta.url));
