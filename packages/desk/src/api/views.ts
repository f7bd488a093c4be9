import { z } from 'zod';
import { filterSchema, sortSchema } from './rows.ts';

export const viewNameSchema = z
  .string()
  .min(1)
  .max(80)
  .regex(/^[^\p{Cc}]*$/u, 'no control characters');

/** A filter and a sort order that a person has kept. PUT /api/views/:name */
export const viewSchema = z.strictObject({ filter: filterSchema, sort: sortSchema });
export type View = z.infer<typeof viewSchema>;

/** GET /api/views */
export const viewsAnswerSchema = z.object({ views: z.array(viewSchema.extend({ name: z.string() })) });
export type ViewsAnswer = z.infer<typeof viewsAnswerSchema>;
