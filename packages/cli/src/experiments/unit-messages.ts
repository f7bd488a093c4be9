import type { PackedError, ProgressEvent } from '@hemline/core';
import type { Unit, UnitScores } from '@hemline/experiments';

/** What a process of an experiment is told. */
export type ToUnitProcess =
  | { readonly kind: 'open'; readonly data: string; readonly descriptor: string | undefined }
  | { readonly kind: 'unit'; readonly unit: Unit };

/** What it answers. */
export type FromUnitProcess =
  | { readonly kind: 'progress'; readonly event: ProgressEvent }
  | { readonly kind: 'done'; readonly scores: UnitScores; readonly peakBytes: number }
  | { readonly kind: 'failed'; readonly error: PackedError };
