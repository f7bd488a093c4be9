import { z } from 'zod';
import { limitNowSchema } from './limits.ts';
import { filterSchema } from './rows.ts';

/** Rows that a decision may name one by one; more are meant by a filter. */
export const MOST_TARGETS = 10_000;

const discount = z.number().min(0).lt(1);
const name = z.string().min(1).max(200);
const note = z.string().max(2000);

/** Sent with whatever changes something: the same key again changes nothing, and is answered as the first time. */
export const idempotencyKeySchema = z.string().regex(/^[0-9A-Za-z_-]{16,64}$/);

export const actionSchema = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('approve') }),
  z.strictObject({ kind: z.literal('overrule'), discount }),
  /** The recommended discount, brought within bounds. */
  z.strictObject({ kind: z.literal('bounds'), from: discount, to: discount }),
  /** Stays at today's discount, whatever is recommended. */
  z.strictObject({ kind: z.literal('exclude') }),
  z.strictObject({ kind: z.literal('priority'), on: z.boolean() }),
  /** Withdraws what was decided. */
  z.strictObject({ kind: z.literal('release') }),
]);
export type Action = z.infer<typeof actionSchema>;

export const targetsSchema = z.union([
  z.strictObject({
    rows: z
      .array(z.strictObject({ article: name, market: name, version: z.int().min(0).optional() }))
      .min(1)
      .max(MOST_TARGETS),
  }),
  /** All rows that match; `expected`: how many the person has seen. */
  z.strictObject({ filter: filterSchema, expected: z.int().min(0) }),
]);
export type Targets = z.infer<typeof targetsSchema>;

/** POST /api/preview, POST /api/decisions */
export const decisionSchema = z.strictObject({
  targets: targetsSchema,
  weeks: z.union([z.enum(['first', 'all']), z.array(z.iso.date()).min(1).max(200)]),
  action: actionSchema,
  /** Of the list of reasons. */
  reason: z.string().max(200).optional(),
  note: note.optional(),
  key: idempotencyKeySchema,
});
export type Decision = z.infer<typeof decisionSchema>;

const refused = z.object({ article: z.string(), market: z.string(), why: z.string() });

export const previewSchema = z.object({
  rows: z.number(),
  /** What the plan earns more than with this decision, by the forecasts; below 0: the decision earns more. Null: not to be told. */
  cost: z.number().nullable(),
  /** As they would be. */
  limits: z.array(limitNowSchema),
  /** Rows by who has to agree. */
  needs: z.object({ own: z.number(), review: z.number(), secondPerson: z.number() }),
  refused: z.array(refused),
  /** Decisions of other people that this one would take the place of, by person, most first. */
  overwrites: z.array(z.object({ person: z.string(), rows: z.number() })),
});
export type Preview = z.infer<typeof previewSchema>;

export const decidedSchema = z.object({
  id: z.number(),
  applied: z.number(),
  /** Rows that wait for another person. */
  waiting: z.number(),
  conflicts: z.array(refused.extend({ by: z.string().nullable() })),
  version: z.number(),
  cost: z.number().nullable(),
});
export type Decided = z.infer<typeof decidedSchema>;

/** POST /api/undo */
export const undoSchema = z.strictObject({ id: z.int().min(1), key: idempotencyKeySchema });
export type Undo = z.infer<typeof undoSchema>;

/** POST /api/reviews */
export const reviewSchema = z.strictObject({
  id: z.int().min(1),
  accept: z.boolean(),
  note: note.optional(),
  key: idempotencyKeySchema,
});
export type Review = z.infer<typeof reviewSchema>;
