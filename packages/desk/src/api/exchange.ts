import { z } from 'zod';

export const EXPORT_FORMATS = ['parquet', 'csv', 'jsonl'] as const;

/** GET /api/export?format=…: the approved prices, each with a version. */
export const exportQuerySchema = z.strictObject({ format: z.enum(EXPORT_FORMATS) });
export type ExportFormat = z.infer<typeof exportQuerySchema>['format'];

/** Content types of POST /api/import, by format. */
export const IMPORT_TYPES: Readonly<Record<string, (typeof EXPORT_FORMATS)[number]>> = {
  'text/csv': 'csv',
  'application/jsonl': 'jsonl',
  'application/x-ndjson': 'jsonl',
  'application/vnd.apache.parquet': 'parquet',
};

/** POST /api/import: prices in the shop. */
export const importedSchema = z.object({
  applied: z.number(),
  unchanged: z.number(),
  /** Prices in the shop that are not those that were chosen. */
  differing: z.number(),
  conflicts: z.array(
    z.object({
      article: z.string(),
      market: z.string(),
      week: z.string(),
      why: z.string(),
    }),
  ),
});
export type Imported = z.infer<typeof importedSchema>;
