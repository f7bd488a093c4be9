import { z } from 'zod';
import { idempotencyKeySchema } from './decisions.ts';

/** POST /api/solve */
export const solveRequestSchema = z.strictObject({ key: idempotencyKeySchema });
export type SolveRequest = z.infer<typeof solveRequestSchema>;

/** GET /api/solve */
export const solveStateSchema = z.object({
  state: z.enum(['idle', 'running', 'done', 'failed']),
  progress: z.string().nullable(),
  error: z.string().nullable(),
  /** The run that came of it. */
  run: z.string().nullable(),
});
export type SolveState = z.infer<typeof solveStateSchema>;
