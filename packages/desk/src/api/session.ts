import { z } from 'zod';

/** What a person may do; each may do what those before it may. */
export const ROLES = ['read', 'decide', 'approve', 'admin'] as const;
export const roleSchema = z.enum(ROLES);
/** One of {@link ROLES}. */
export type Role = z.infer<typeof roleSchema>;

/** What the size of a change is measured from. */
export const MEASURED_FROM = ['recommended', 'today'] as const;
const measuredFromSchema = z.enum(MEASURED_FROM);

/** How large a change may be before another person is asked; shares of the list price. */
export const approvalRulesSchema = z.strictObject({
  /** Up to here a person decides alone. */
  own: z.number().min(0).max(1),
  /** Up to here another person has to review; beyond, a longer reason is wanted besides. */
  review: z.number().min(0).max(1),
  /** Characters of that reason, at least. */
  reasonCharacters: z.int().min(0).max(1000),
  /** What overrules and bounds are measured from. */
  overrulesFrom: measuredFromSchema,
  /** What approvals are measured from. */
  approvalsFrom: measuredFromSchema,
});
export type ApprovalRules = z.infer<typeof approvalRulesSchema>;

export const runFactsSchema = z.object({
  run: z.string(),
  /** The run whose forecasts were priced. */
  forecasts: z.string(),
  pricedAt: z.string(),
  weeks: z.array(z.string()),
  markets: z.array(
    z.object({ market: z.string(), currency: z.string().nullable(), locale: z.string().nullable() }),
  ),
  groups: z.array(z.string()),
  seasons: z.array(z.string()),
  /** Discounts that were offered, ascending. */
  grid: z.array(z.number()),
  models: z.array(z.object({ model: z.string(), version: z.number().nullable() })),
  dataset: z.string(),
  /** Whether a newer pricing of the same dataset is there. */
  isStale: z.boolean(),
});
export type RunFacts = z.infer<typeof runFactsSchema>;

/** GET /api/session */
export const sessionSchema = z.object({
  person: z.string(),
  role: roleSchema,
  /** To be sent as the header x-csrf with whatever changes something. */
  csrf: z.string(),
  run: runFactsSchema,
  /** Reasons to choose from. */
  reasons: z.array(z.string()),
  rules: approvalRulesSchema,
  isSimulated: z.boolean(),
});
export type Session = z.infer<typeof sessionSchema>;
