import { Hono, type MiddlewareHandler } from 'hono';
import { bodyLimit } from 'hono/body-limit';
import { getCookie, setCookie } from 'hono/cookie';
import type { Desk } from '../desk.ts';
import { RefusedError } from '../decisions/refused-error.ts';
import { plainAddress, type Access } from './access.ts';
import type { DeskContext, DeskEnv } from './desk-env.ts';
import type { PageFile } from './page-files.ts';
import { problemOf } from './problems.ts';
import { RateLimit } from './rate-limit.ts';
import { addDecisionRoutes } from './decision-routes.ts';
import { addExchangeRoutes } from './exchange-routes.ts';
import { addListRoutes } from './list-routes.ts';
import { addViewRoutes } from './view-routes.ts';

/** Bytes of a request, at most; of prices in the shop more. */
const MOST_BYTES = 1 << 20;
const MOST_IMPORTED = 64 << 20;

/** Characters of an address, at most: filters are part of it. */
const MOST_URL = 32_768;

/** What the page may do: nothing but what comes from here. */
const HEADERS: Readonly<Record<string, string>> = {
  'content-security-policy':
    "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self'; font-src 'self'; connect-src 'self'; manifest-src 'self'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
  'x-content-type-options': 'nosniff',
  'x-frame-options': 'DENY',
  'referrer-policy': 'no-referrer',
  'cross-origin-opener-policy': 'same-origin',
  'cross-origin-resource-policy': 'same-origin',
  'permissions-policy': 'camera=(), geolocation=(), microphone=(), payment=(), usb=()',
  'cache-control': 'no-store',
};

/** What the server is made of. */
export interface DeskAppOptions {
  readonly desk: Desk;
  readonly access: Access;
  /** Files of the page by path; null where it is not built. */
  readonly page: ReadonlyMap<string, PageFile> | null;
  /** Hosts under which it is reached, with port, and origins of its page. */
  readonly hosts: ReadonlySet<string>;
  readonly origins: ReadonlySet<string>;
  /** Whether the page is seen by https: the cookie goes nowhere else then. */
  readonly isSecure: boolean;
  readonly onFailure: (error: unknown) => void;
}

/**
 * The server of the desk: every request goes through the same gates, in the same order, before anything is looked at.
 * @param options desk, people, page
 * @returns the application
 */
export function deskApp(options: DeskAppOptions): Hono<DeskEnv> {
  const { desk, onFailure } = options;
  const app = new Hono<DeskEnv>();
  app.onError((error, c) => {
    const { status, problem } = problemOf(error);
    if (status === 500) onFailure(error);
    return withHeaders(c.json(problem, status));
  });
  app.notFound((c) =>
    withHeaders(c.json(problemOf(new RefusedError('not-found', 'there is nothing here')).problem, 404)),
  );
  app.use(headers);
  app.use(addressGate(options));
  app.use(rateGate(options));
  app.use(beginSession(options));
  app.use(visitorGate(options));
  app.use(pageGate(options));
  app.use(bodyGate);
  addListRoutes(app, desk);
  addDecisionRoutes(app, desk);
  addViewRoutes(app, desk);
  addExchangeRoutes(app, desk);
  app.get('*', pageFile(options));
  return app;
}

const headers: MiddlewareHandler<DeskEnv> = async (c, next) => {
  await next();
  withHeaders(c.res);
};

function withHeaders(response: Response): Response {
  for (const [name, value] of Object.entries(HEADERS))
    if (name !== 'cache-control' || !response.headers.has(name)) response.headers.set(name, value);
  return response;
}

/** A name that somebody has pointed at this machine, and pages of others, get no further. */
function addressGate({ hosts, origins }: DeskAppOptions): MiddlewareHandler<DeskEnv> {
  return async (c, next) => {
    if (c.req.url.length > MOST_URL) throw new RefusedError('too-large', 'the address is too long');
    const host = c.req.header('host')?.toLowerCase();
    if (host === undefined || !hosts.has(host))
      throw new RefusedError('forbidden', 'the desk is not reached under this name', {
        found: host ?? 'none',
      });
    const origin = c.req.header('origin');
    if (origin !== undefined && !origins.has(origin))
      throw new RefusedError('forbidden', 'a page of another origin asks', { found: origin });
    const site = c.req.header('sec-fetch-site');
    const isPage = c.req.method === 'GET' && c.req.header('sec-fetch-mode') === 'navigate';
    if (site !== undefined && site !== 'same-origin' && site !== 'none' && !isPage)
      throw new RefusedError('forbidden', 'a page of another origin asks', { found: site });
    await next();
  };
}

function rateGate({ access }: DeskAppOptions): MiddlewareHandler<DeskEnv> {
  const bySession = new RateLimit(60, 240);
  // Behind a proxy all come from one address: twenty of them at once, each as fast as may be.
  const byAddress = new RateLimit(20 * 60, 20 * 240);
  return async (c, next) => {
    const session = getCookie(c, access.cookie);
    const isAllowed = byAddress.allows(addressOf(c)) && (session === undefined || bySession.allows(session));
    if (!isAllowed) {
      c.header('retry-after', '1');
      throw new RefusedError('too-many', 'there are too many requests', { remedy: 'Wait a second.' });
    }
    await next();
  };
}

/** The token of the printed address becomes a cookie, and is gone from the address. */
function beginSession({ access, isSecure }: DeskAppOptions): MiddlewareHandler<DeskEnv> {
  const attempts = new RateLimit(0.2, 10);
  return async (c, next) => {
    const token = c.req.query('token');
    if (c.req.path !== '/' || c.req.method !== 'GET' || token === undefined) return next();
    const cookie = access.begin(token);
    if (cookie === null) {
      if (!attempts.allows(addressOf(c))) {
        c.header('retry-after', '5');
        throw new RefusedError('too-many', 'there are too many wrong tokens', {
          remedy: 'Wait five seconds.',
        });
      }
      throw unauthorized();
    }
    setCookie(c, access.cookie, cookie, { httpOnly: true, sameSite: 'Strict', secure: isSecure, path: '/' });
    return c.redirect('/', 303);
  };
}

function visitorGate({ access }: DeskAppOptions): MiddlewareHandler<DeskEnv> {
  return async (c, next) => {
    const visitor =
      access.visitorOf(getCookie(c, access.cookie)) ??
      access.visitorOfProxy(addressOf(c), (name) => c.req.header(name));
    if (visitor === null) throw unauthorized();
    c.set('visitor', visitor);
    await next();
  };
}

/** Whatever changes something has to come from the page: nobody else knows the header. */
function pageGate({ access }: DeskAppOptions): MiddlewareHandler<DeskEnv> {
  return async (c, next) => {
    const { method } = c.req;
    if (!['GET', 'HEAD', 'POST', 'PUT', 'DELETE'].includes(method))
      throw new RefusedError('not-found', 'there is nothing here', { found: method });
    if (method !== 'GET' && method !== 'HEAD' && !access.isFromPage(c.var.visitor, c.req.header('x-csrf')))
      throw new RefusedError('forbidden', 'the request does not come from the page', {
        expected: 'the header x-csrf, as GET /api/session tells it',
      });
    await next();
  };
}

const tooLarge = (): never => {
  throw new RefusedError('too-large', 'the request is too large');
};
const small = bodyLimit({ maxSize: MOST_BYTES, onError: tooLarge });
const large = bodyLimit({ maxSize: MOST_IMPORTED, onError: tooLarge });

const bodyGate: MiddlewareHandler<DeskEnv> = async (c, next) => {
  const { method, path } = c.req;
  if (method === 'GET' || method === 'HEAD' || method === 'DELETE') return next();
  if (path === '/api/import') return large(c, next);
  const type = c.req.header('content-type')?.split(';')[0]?.trim().toLowerCase();
  if (type !== 'application/json')
    throw new RefusedError('unsupported', 'the request is of another kind', {
      ...{ expected: 'application/json', found: type ?? 'none' },
    });
  return small(c, next);
};

function pageFile({ page }: DeskAppOptions): (c: DeskContext) => Response {
  return (c) => {
    const file = page?.get(c.req.path);
    if (file !== undefined) {
      if (c.req.header('if-none-match') === file.etag) return c.body(null, 304);
      // Names of built files change with their content; that of the page itself does not.
      const caching = c.req.path.startsWith('/assets/') ? 'private, max-age=31536000, immutable' : 'no-cache';
      return c.body(file.bytes, 200, {
        'content-type': file.type,
        etag: file.etag,
        'cache-control': caching,
      });
    }
    if (page === null && c.req.path === '/')
      throw new RefusedError('not-ready', 'the page of the desk is not built', {
        remedy: 'Build it with "npm run setup".',
      });
    throw new RefusedError('not-found', 'there is nothing here');
  };
}

function addressOf(c: DeskContext): string {
  return plainAddress(c.env.incoming?.socket.remoteAddress ?? '');
}

function unauthorized(): RefusedError {
  return new RefusedError('unauthorized', 'nobody is known by this', {
    remedy: 'Open the address that "hemline desk" has printed, with its token.',
  });
}
