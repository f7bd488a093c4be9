import { z } from 'zod';
import { actionSchema } from './decisions.ts';

export const auditEntrySchema = z.object({
  id: z.number(),
  at: z.string(),
  by: z.string(),
  action: actionSchema,
  rows: z.number(),
  /** The first of the rows. */
  example: z.object({ article: z.string(), market: z.string() }),
  reason: z.string().nullable(),
  note: z.string().nullable(),
  state: z.enum(['applied', 'waiting', 'rejected', 'undone']),
  reviewedBy: z.string().nullable(),
  /** The pricing that the person saw. */
  run: z.string(),
  cost: z.number().nullable(),
  /** Rows that the store of decisions refused later, in words; null: none. */
  conflict: z.string().nullable(),
});
export type AuditEntry = z.infer<typeof auditEntrySchema>;

/** GET /api/audit?query=JSON, the newest first. */
export const auditQuerySchema = z.strictObject({
  text: z.string().max(200).optional(),
  by: z.string().max(200).optional(),
  article: z.string().max(200).optional(),
  offset: z.int().min(0).max(100_000_000),
  count: z.int().min(1).max(500),
});
export type AuditQuery = z.infer<typeof auditQuerySchema>;

export const auditAnswerSchema = z.object({ total: z.number(), entries: z.array(auditEntrySchema) });
export type AuditAnswer = z.infer<typeof auditAnswerSchema>;

/** GET /api/waiting: decisions that wait for another person, the oldest first. `own`: this person may not review them. */
export const waitingAnswerSchema = z.object({
  waiting: z.array(auditEntrySchema.extend({ own: z.boolean(), largestChange: z.number() })),
});
export type WaitingAnswer = z.infer<typeof waitingAnswerSchema>;
