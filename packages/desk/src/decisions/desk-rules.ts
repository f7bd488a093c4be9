import { existsSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { ConfigurationError, isSystemError, systemError } from '@hemline/core';
import type { Home } from '@hemline/runs';
import { z } from 'zod';
import { approvalRulesSchema, type ApprovalRules } from '../api/index.ts';
import { parsedFile } from '../settings-file.ts';
import { APPROVAL_DEFAULTS, REASON_DEFAULTS } from './approval.ts';

/** Rules of approval and reasons, as a file has them. */
const rulesFileSchema = z.strictObject({
  ...approvalRulesSchema.partial().shape,
  reasons: z.array(z.string().min(1).max(200)).min(1).max(50).optional(),
});

/** Rules by which decisions are taken. */
export interface DeskRules {
  readonly rules: ApprovalRules;
  readonly reasons: readonly string[];
}

/**
 * @param home of runs
 * @returns the file of rules in it; null where there is none
 */
export function defaultRules(home: Home): string | null {
  const file = join(home.directory, 'desk', 'rules.json');
  return existsSync(file) ? file : null;
}

/**
 * @param file of rules; null: those by default
 * @returns the rules
 * @throws ConfigurationError for rules that cannot be read, or contradict each other
 */
export async function readRules(file: string | null): Promise<DeskRules> {
  if (file === null) return { rules: APPROVAL_DEFAULTS, reasons: REASON_DEFAULTS };
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'read') : cause;
  }
  const { reasons = REASON_DEFAULTS, ...rules } = parsedFile(
    file,
    text,
    rulesFileSchema,
    'rules of approval',
  );
  const whole = { ...APPROVAL_DEFAULTS, ...rules };
  if (whole.own <= whole.review) return { rules: whole, reasons };
  throw new ConfigurationError('the rules of approval contradict each other', {
    expected: 'own at most review',
    found: `own ${whole.own}, review ${whole.review}`,
    where: { file },
  });
}
