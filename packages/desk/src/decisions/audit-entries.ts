import type { Action, AuditAnswer, AuditEntry, AuditQuery, WaitingAnswer } from '../api/index.ts';
import { numberOr, textOr } from './found-values.ts';
import type { Found, Journal } from './journal.ts';
import { keyOf } from './row-key.ts';

/**
 * @param journal of decisions
 * @param person who asks
 * @returns decisions that wait for another person, the oldest first
 */
export function waitingAnswer(journal: Journal, person: string): WaitingAnswer {
  const rows = journal.all("SELECT * FROM decisions WHERE state = 'waiting' ORDER BY id LIMIT 500");
  return {
    waiting: rows.map((row) => ({
      ...entryOf(row),
      own: row['person'] === person,
      largestChange: Number(row['largest']),
    })),
  };
}

/**
 * @param journal of decisions
 * @param query what is looked for
 * @returns decisions, the newest first
 */
export function auditAnswer(journal: Journal, { text, by, article, offset, count }: AuditQuery): AuditAnswer {
  const like = text === undefined ? null : `%${text.replace(/[\\%_]/g, '\\$&')}%`;
  const where = `(?1 IS NULL OR note LIKE ?1 ESCAPE '\\' OR reason LIKE ?1 ESCAPE '\\' OR article LIKE ?1 ESCAPE '\\' OR person LIKE ?1 ESCAPE '\\' OR conflict LIKE ?1 ESCAPE '\\')
    AND (?2 IS NULL OR person = ?2)
    AND (?3 IS NULL OR id IN (SELECT decision FROM decision_rows WHERE article = ?3))`;
  const values = [like, by ?? null, article ?? null] as const;
  const total = Number(
    journal.one(`SELECT count(*) AS rows FROM decisions WHERE ${where}`, ...values)!['rows'],
  );
  const rows = journal.all(
    `SELECT * FROM decisions WHERE ${where} ORDER BY id DESC LIMIT ?4 OFFSET ?5`,
    ...[...values, BigInt(count), BigInt(offset)],
  );
  return { total, entries: rows.map(entryOf) };
}

function entryOf(row: Found): AuditEntry {
  return {
    ...{ id: Number(row['id']), at: String(row['at']), by: String(row['person']) },
    ...{
      action: JSON.parse(String(row['action'])) as Action,
      rows: Number(row['row_count']),
      example: keyOf(row),
    },
    ...{
      reason: textOr(row['reason']),
      note: textOr(row['note']),
      state: String(row['state']) as AuditEntry['state'],
    },
    ...{ reviewedBy: textOr(row['reviewed_by']), run: String(row['run']), cost: numberOr(row['cost']) },
    conflict: textOr(row['conflict']),
  };
}
