import { randomBytes } from 'node:crypto';
import { isIP, type AddressInfo } from 'node:net';
import { join } from 'node:path';
import { userInfo } from 'node:os';
import { fileURLToPath } from 'node:url';
import { createAdaptorServer } from '@hono/node-server';
import { ConfigurationError, isSystemError } from '@hemline/core';
import type { Server } from 'node:http';
import { Desk, type DeskOptions } from '../desk.ts';
import { Access, readAuth, readSecret, type AuthFile } from './access.ts';
import { deskApp } from './desk-app.ts';
import { readPage } from './page-files.ts';

/** Hosts that nobody but this machine reaches. */
const LOOPBACK: readonly string[] = ['127.0.0.1', 'localhost', '::1'];

/** Where the page is built. */
const PAGE = fileURLToPath(new URL('../../dist/page', import.meta.url));

/** How the desk is served. */
export interface ServeDeskOptions extends DeskOptions {
  /** 127.0.0.1 by default; any other needs `auth`. */
  readonly host?: string | undefined;
  /** One that is free by default. */
  readonly port?: number | undefined;
  /** Name of whoever works at it, where no file says who may come in. */
  readonly person?: string | undefined;
  /** JSON file of people, their roles and tokens, or of a proxy that knows them. */
  readonly auth?: string | undefined;
  /** Folder of the built page, in the place of the package's. */
  readonly page?: string | undefined;
}

/** A desk that is served. */
export interface ServedDesk {
  readonly desk: Desk;
  /** To be opened; with a token, where this server has made one. */
  readonly url: string;
  readonly port: number;
  /** Whether there is a page: without one only the API answers. */
  readonly hasPage: boolean;
  /** Ends in order. */
  readonly close: () => Promise<void>;
}

/**
 * Opens a desk and serves it.
 * @param options run, places, who may come in
 * @returns where it is
 * @throws ConfigurationError for a host that others reach without a file of who may come in
 */
export async function serveDesk(options: ServeDeskOptions): Promise<ServedDesk> {
  const { host = '127.0.0.1', port = 0 } = options;
  const isLocal = LOOPBACK.includes(host);
  if (!isLocal && options.auth === undefined)
    throw new ConfigurationError('others can reach this host, and nobody says who may come in', {
      ...{
        expected: '--auth with a file of people, or a host of this machine alone (127.0.0.1)',
        found: host,
      },
      remedy: 'packages/desk/README.md says what stands in such a file.',
    });
  const token = options.auth === undefined ? randomBytes(24).toString('base64url') : null;
  const auth: AuthFile =
    options.auth !== undefined
      ? await readAuth(options.auth)
      : {
          people: [{ person: options.person ?? userInfo().username, role: 'admin', token: token! }],
          origins: [],
        };
  const page = readPage(options.page ?? PAGE);
  const desk = await Desk.open(options);
  try {
    const access = new Access(readSecret(join(desk.folder, 'secret')), auth);
    const { hosts, origins } = { hosts: new Set<string>(), origins: new Set<string>() };
    const app = deskApp({
      ...{ desk, access, page, hosts, origins, isSecure: isHttps(auth) },
      onFailure: (error) =>
        options.onNotice?.(
          `a request has failed: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        ),
    });
    const server = createAdaptorServer({ fetch: app.fetch }) as Server;
    server.requestTimeout = 60_000;
    server.headersTimeout = 10_000;
    const bound = await listen(server, host, port);
    for (const name of isLocal ? LOOPBACK : [host]) {
      const at = `${isIP(name) === 6 ? `[${name}]` : name}:${bound}`;
      hosts.add(at);
      origins.add(`http://${at}`);
    }
    for (const origin of auth.origins) {
      hosts.add(new URL(origin).host);
      origins.add(new URL(origin).origin);
    }
    const shown = auth.origins[0] ?? `http://${isIP(host) === 6 ? `[${host}]` : host}:${bound}`;
    return {
      ...{ desk, port: bound, hasPage: page !== null },
      url: new URL(token === null ? '/' : `/?token=${token}`, shown).href,
      close: async () => {
        server.closeAllConnections();
        await new Promise((resolve) => server.close(resolve));
        await desk.close();
      },
    };
  } catch (error) {
    await desk.close();
    throw error;
  }
}

function isHttps({ origins }: AuthFile): boolean {
  return origins.length > 0 && origins.every((origin) => origin.startsWith('https:'));
}

function listen(server: Server, host: string, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.once('error', (cause) => {
      const isTaken = isSystemError(cause) && cause.code === 'EADDRINUSE';
      reject(
        new ConfigurationError('the desk cannot be served here', {
          expected: 'a port that is free',
          found: isTaken ? `port ${port} in use` : String(cause),
          remedy: 'Name another with --port, or leave it out.',
          cause,
        }),
      );
    });
    server.listen(port, host, () => resolve((server.address() as AddressInfo).port));
  });
}
