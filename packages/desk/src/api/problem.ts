import { z } from 'zod';

export const PROBLEM_CODES = [
  ...(['bad-request', 'unauthorized', 'forbidden', 'not-found', 'conflict', 'too-large'] as const),
  ...(['unsupported', 'too-many', 'failed', 'not-ready'] as const),
] as const;

/** What every refusal answers, with 400, 401, 403, 404, 409, 413, 415, 429, 500 or 503. */
export const problemSchema = z.object({
  error: z.object({
    code: z.enum(PROBLEM_CODES),
    message: z.string(),
    expected: z.string().optional(),
    found: z.string().optional(),
    where: z.string().optional(),
    remedy: z.string().optional(),
  }),
});
export type Problem = z.infer<typeof problemSchema>;
