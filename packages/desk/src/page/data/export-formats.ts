import type { ExportFormat } from '../../api/index.ts';

/** Formats of an export, the one that people open first. */
export const EXPORT_FORMATS: readonly ExportFormat[] = ['csv', 'parquet', 'jsonl'];
