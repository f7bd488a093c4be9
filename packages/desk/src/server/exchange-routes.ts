import { createReadStream } from 'node:fs';
import { mkdtemp, rm, stat, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { Readable } from 'node:stream';
import type { Hono } from 'hono';
import { EXPORT_FORMATS, exportQuerySchema, IMPORT_TYPES } from '../api/index.ts';
import type { Desk } from '../desk.ts';
import { EXPORT_ENDINGS } from '../decisions/store-keeper.ts';
import { RefusedError } from '../decisions/refused-error.ts';
import { needs, type DeskEnv } from './desk-env.ts';
import { checked } from './problems.ts';

/**
 * Prices to the shop and back.
 * @param app that gets the routes
 * @param desk that answers
 */
export function addExchangeRoutes(app: Hono<DeskEnv>, desk: Desk): void {
  app.get('/api/export', async (c) => {
    const { format } = checked(exportQuerySchema, c.req.query());
    const folder = await mkdtemp(join(desk.folder, 'export-'));
    try {
      const file = join(folder, `prices${EXPORT_ENDINGS[format]}`);
      const { prices, stale } = await (await desk.told()).export(file);
      const { size } = await stat(file);
      const bytes = createReadStream(file);
      // What has been opened can be read to its end.
      await new Promise((resolve, reject) => bytes.once('open', resolve).once('error', reject));
      return c.body(Readable.toWeb(bytes) as ReadableStream<Uint8Array>, 200, {
        'content-type': 'application/octet-stream',
        'content-disposition': `attachment; filename="prices${EXPORT_ENDINGS[format]}"`,
        'content-length': String(size),
        'x-prices': String(prices),
        'x-stale': String(stale),
      });
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
  app.post('/api/import', needs('approve'), async (c) => {
    const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase() ?? '';
    const format = Object.hasOwn(IMPORT_TYPES, type) ? IMPORT_TYPES[type] : undefined;
    if (format === undefined)
      throw new RefusedError('unsupported', 'prices of this kind cannot be read', {
        expected: `${EXPORT_FORMATS.join(', ')}: ${Object.keys(IMPORT_TYPES).join(', ')}`,
        found: type === '' ? 'none' : type,
      });
    const folder = await mkdtemp(join(desk.folder, 'import-'));
    try {
      const file = join(folder, `prices${EXPORT_ENDINGS[format]}`);
      await writeFile(file, new Uint8Array(await c.req.arrayBuffer()));
      const result = await (await desk.told()).import(file, c.var.visitor.person);
      await desk.shopChanged();
      return c.json(result);
    } finally {
      await rm(folder, { recursive: true, force: true });
    }
  });
}
