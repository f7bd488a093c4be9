import type { Hono } from 'hono';
import { auditQuerySchema, decisionSchema, reviewSchema, undoSchema, type AuditEntry } from '../api/index.ts';
import type { Desk } from '../desk.ts';
import { mayDo } from './access.ts';
import { needs, type DeskEnv } from './desk-env.ts';
import { checked, parsedJson } from './problems.ts';

/** Entries of the audit that are written at a time. */
const AT_A_TIME = 500;

/**
 * What is decided, reviewed and taken back, and who did.
 * @param app that gets the routes
 * @param desk that answers
 */
export function addDecisionRoutes(app: Hono<DeskEnv>, desk: Desk): void {
  app.post('/api/preview', needs('decide'), async (c) =>
    c.json(
      await desk.book.preview(c.var.visitor.person, checked(decisionSchema, parsedJson(await c.req.text()))),
    ),
  );
  app.post('/api/decisions', needs('decide'), async (c) => {
    const decision = checked(decisionSchema, parsedJson(await c.req.text()));
    return c.json(await desk.book.decide(c.var.visitor.person, decision));
  });
  app.post('/api/undo', needs('decide'), async (c) => {
    const undo = checked(undoSchema, parsedJson(await c.req.text()));
    const { person, role } = c.var.visitor;
    return c.json(desk.book.undo(person, mayDo(role, 'admin'), undo));
  });
  app.post('/api/reviews', needs('approve'), async (c) => {
    const review = checked(reviewSchema, parsedJson(await c.req.text()));
    return c.json(desk.book.review(c.var.visitor.person, review));
  });
  app.get('/api/waiting', (c) => c.json(desk.book.waiting(c.var.visitor.person)));
  app.get('/api/audit', (c) =>
    c.json(desk.book.audit(checked(auditQuerySchema, parsedJson(c.req.query('query'))))),
  );
  app.get('/api/audit.csv', (c) => {
    const lines = csvOf(desk);
    const stream = new ReadableStream<Uint8Array>({
      pull(controller) {
        const next = lines.next();
        if (next.done === true) controller.close();
        else controller.enqueue(new TextEncoder().encode(next.value));
      },
    });
    return c.body(stream, 200, {
      'content-type': 'text/csv; charset=utf-8',
      'content-disposition': 'attachment; filename="audit.csv"',
    });
  });
}

const COLUMNS: readonly (readonly [string, (entry: AuditEntry) => string | number | null])[] = [
  ['id', ({ id }) => id],
  ['at', ({ at }) => at],
  ['by', ({ by }) => by],
  ['action', ({ action }) => action.kind],
  ['details', ({ action: { kind: _, ...details } }) => JSON.stringify(details)],
  ['rows', ({ rows }) => rows],
  ['article', ({ example }) => example.article],
  ['market', ({ example }) => example.market],
  ['reason', ({ reason }) => reason],
  ['note', ({ note }) => note],
  ['state', ({ state }) => state],
  ['reviewed_by', ({ reviewedBy }) => reviewedBy],
  ['run', ({ run }) => run],
  ['cost', ({ cost }) => cost],
  ['conflict', ({ conflict }) => conflict],
];

function* csvOf(desk: Desk): Generator<string> {
  yield `${COLUMNS.map(([name]) => name).join(',')}\n`;
  for (let offset = 0; ; offset += AT_A_TIME) {
    const { entries } = desk.book.audit({ offset, count: AT_A_TIME });
    if (entries.length === 0) return;
    yield entries.map((entry) => `${COLUMNS.map(([, pick]) => csvCell(pick(entry))).join(',')}\n`).join('');
  }
}

/** What a spreadsheet would take for a formula is text. */
function csvCell(value: string | number | null): string {
  if (value === null) return '';
  if (typeof value === 'number') return String(value);
  const text = /^[=+\-@\t\r]/.test(value) ? `'${value}` : value;
  return /[",\r\n;\t]/.test(text) ? `"${text.replaceAll('"', '""')}"` : text;
}
