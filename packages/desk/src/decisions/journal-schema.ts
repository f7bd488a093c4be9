import type { DatabaseSync } from 'node:sqlite';
import { DataError } from '@hemline/core';

/**
 * How the journal came to be what it is: each step is taken once, in order, in a transaction with its number. Steps that were published
 * are never changed; what is to be different is a new step.
 */
const MIGRATIONS: readonly string[] = [
  `
  CREATE TABLE facts (name TEXT PRIMARY KEY, value TEXT NOT NULL) STRICT, WITHOUT ROWID;
  CREATE TABLE decisions (
    id INTEGER PRIMARY KEY,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    run TEXT NOT NULL,
    action TEXT NOT NULL,
    weeks TEXT NOT NULL,
    reason TEXT,
    note TEXT,
    state TEXT NOT NULL,
    row_count INTEGER NOT NULL,
    article TEXT NOT NULL,
    market TEXT NOT NULL,
    largest REAL NOT NULL,
    cost REAL,
    reviewed_by TEXT,
    reviewed_at TEXT,
    review_note TEXT,
    conflict TEXT
  ) STRICT;
  CREATE INDEX decisions_waiting ON decisions (state) WHERE state = 'waiting';
  CREATE TABLE decision_rows (
    decision INTEGER NOT NULL,
    n INTEGER NOT NULL,
    article TEXT NOT NULL,
    market TEXT NOT NULL,
    discount REAL,
    discounts BLOB,
    is_manual INTEGER NOT NULL,
    previous INTEGER NOT NULL,
    status INTEGER NOT NULL,
    cost REAL,
    PRIMARY KEY (decision, n)
  ) STRICT, WITHOUT ROWID;
  CREATE INDEX rows_of_article ON decision_rows (article, market);
  CREATE TABLE row_states (
    article TEXT NOT NULL,
    market TEXT NOT NULL,
    effective INTEGER NOT NULL,
    waiting INTEGER NOT NULL,
    priority INTEGER NOT NULL,
    version INTEGER NOT NULL,
    person TEXT,
    PRIMARY KEY (article, market)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE requests (
    person TEXT NOT NULL,
    key TEXT NOT NULL,
    digest TEXT NOT NULL,
    answer TEXT NOT NULL,
    PRIMARY KEY (person, key)
  ) STRICT, WITHOUT ROWID;
  CREATE TABLE outbox (
    seq INTEGER PRIMARY KEY,
    decision INTEGER NOT NULL,
    kind TEXT NOT NULL,
    rows BLOB NOT NULL,
    at TEXT NOT NULL,
    person TEXT NOT NULL,
    seen INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE batches (
    id INTEGER PRIMARY KEY,
    first INTEGER NOT NULL,
    last INTEGER NOT NULL,
    digest TEXT NOT NULL,
    segment INTEGER,
    is_done INTEGER NOT NULL
  ) STRICT;
  CREATE TABLE views (person TEXT NOT NULL, name TEXT NOT NULL, view TEXT NOT NULL, PRIMARY KEY (person, name)) STRICT, WITHOUT ROWID;
  `,
];

/**
 * Brings a journal to the shape that this version of the desk knows.
 * @param db journal
 * @param file of it, for errors
 * @throws DataError for a journal of a later version
 */
export function migrate(db: DatabaseSync, file: string): void {
  db.exec('CREATE TABLE IF NOT EXISTS migrations (version INTEGER PRIMARY KEY, at TEXT NOT NULL) STRICT');
  const version = (): number =>
    Number(db.prepare('SELECT coalesce(max(version), 0) AS version FROM migrations').get()!['version']);
  if (version() > MIGRATIONS.length)
    throw new DataError('the journal of the desk is of a later version', {
      expected: `version ${MIGRATIONS.length} at most`,
      found: String(version()),
      where: { file },
      remedy: 'Start the desk of the version that wrote it.',
    });
  for (;;) {
    db.exec('BEGIN IMMEDIATE');
    try {
      // Another process may have taken the step while this one waited.
      const next = version() + 1;
      if (next <= MIGRATIONS.length) {
        db.exec(MIGRATIONS[next - 1]!);
        db.prepare('INSERT INTO migrations VALUES (?, ?)').run(BigInt(next), new Date().toISOString());
      }
      db.exec('COMMIT');
      if (next >= MIGRATIONS.length) return;
    } catch (error) {
      db.exec('ROLLBACK');
      throw error;
    }
  }
}
