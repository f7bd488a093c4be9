import { createHash, createHmac, randomBytes, timingSafeEqual } from 'node:crypto';
import { existsSync, readFileSync, writeFileSync } from 'node:fs';
import { readFile } from 'node:fs/promises';
import { ConfigurationError, isSystemError, systemError } from '@hemline/core';
import { z } from 'zod';
import { roleSchema, ROLES, type Role } from '../api/index.ts';
import { parsedFile } from '../settings-file.ts';

/** Characters of a token, at least. */
const LEAST_TOKEN = 24;

/** How long a session lasts. */
const SESSION_MS = 12 * 3_600_000;

const personSchema = z
  .string()
  .min(1)
  .max(100)
  .regex(/^[^\p{Cc}]+$/u, 'no control characters');

/** A file of who may do what, and how they are known. */
const authSchema = z.strictObject({
  people: z
    .array(
      z.strictObject({
        person: personSchema,
        role: roleSchema,
        /** In the address that the person opens first; its SHA-256 in hex does as well. */
        token: z.string().min(LEAST_TOKEN).optional(),
        sha256: z
          .string()
          .regex(/^[0-9a-f]{64}$/)
          .optional(),
      }),
    )
    .max(10_000)
    .default([]),
  /** A proxy that has found out who somebody is. */
  proxy: z
    .strictObject({
      /** Header with the name. */
      header: z.string().regex(/^[A-Za-z0-9-]+$/),
      /** Addresses of the proxy: nobody else is believed. */
      from: z.array(z.string().min(1)).min(1),
      /** Role of people who are not named; by default they may not come in. */
      role: roleSchema.optional(),
    })
    .optional(),
  /** Addresses under which the page is seen, such as `https://desk.example.com`. */
  origins: z.array(z.url()).default([]),
});

/** Who may come in. */
export type AuthFile = z.infer<typeof authSchema>;

/** Somebody who has come in. */
export interface Visitor {
  readonly person: string;
  readonly role: Role;
  /** Of the session, for the header x-csrf. */
  readonly csrf: string;
}

/** Knows people by a token, a session or a proxy. Sessions are signed, not kept: they outlive the server. */
export class Access {
  /** Name of the cookie of a session: browsers share cookies between ports, and each desk of a machine has its own people. */
  readonly cookie: string;
  readonly #secret: Buffer;
  readonly #byDigest = new Map<string, { readonly person: string; readonly role: Role }>();
  readonly #byPerson = new Map<string, Role>();
  readonly #proxy: AuthFile['proxy'];

  /**
   * @param secret that sessions are signed with
   * @param auth who may come in
   */
  constructor(secret: Buffer, auth: AuthFile) {
    this.#secret = secret;
    this.cookie = `hemline_desk_${this.#sign('name of the cookie').slice(0, 8)}`;
    this.#proxy = auth.proxy;
    for (const { person, role, token, sha256 } of auth.people) {
      this.#byPerson.set(person, role);
      const digest = sha256 ?? (token === undefined ? null : digestOf(token));
      if (digest !== null) this.#byDigest.set(digest, { person, role });
    }
  }

  /**
   * @param token of somebody's address
   * @returns the value of a cookie; null for nobody's token
   */
  begin(token: string): string | null {
    const digest = digestOf(token);
    let found: string | null = null;
    // All are compared, each in the same time.
    for (const [known, { person }] of this.#byDigest)
      if (timingSafeEqual(Buffer.from(known, 'hex'), Buffer.from(digest, 'hex'))) found = person;
    if (found === null) return null;
    const payload = JSON.stringify([found, Date.now() + SESSION_MS, randomBytes(12).toString('base64url')]);
    const text = Buffer.from(payload).toString('base64url');
    return `${text}.${this.#sign(`session ${text}`)}`;
  }

  /**
   * @param cookie of a session; undefined: none
   * @returns who it is; null for a session that is over, or was never begun
   */
  visitorOf(cookie: string | undefined): Visitor | null {
    const [text, signature] = cookie?.split('.') ?? [];
    if (text === undefined || signature === undefined) return null;
    if (!isSame(signature, this.#sign(`session ${text}`))) return null;
    const [person, until] = JSON.parse(Buffer.from(text, 'base64url').toString()) as [string, number, string];
    // Who was taken out of the file is out at the next start.
    const role = this.#byPerson.get(person);
    if (Date.now() > until || role === undefined) return null;
    return { person, role, csrf: this.#sign(`csrf ${text}`) };
  }

  /**
   * @param address that the request comes from
   * @param header value of a header by its name
   * @returns who the proxy says it is; null where no proxy says it
   */
  visitorOfProxy(address: string, header: (name: string) => string | undefined): Visitor | null {
    const proxy = this.#proxy;
    if (proxy === undefined || !proxy.from.includes(plainAddress(address))) return null;
    const named = personSchema.safeParse(header(proxy.header));
    if (!named.success) return null;
    const person = named.data;
    const role = this.#byPerson.get(person) ?? proxy.role;
    return role === undefined ? null : { person, role, csrf: this.#sign(`csrf proxy ${person}`) };
  }

  /**
   * @param visitor who asks
   * @param given value of the header
   * @returns whether the request comes from the page
   */
  isFromPage({ csrf }: Visitor, given: string | undefined): boolean {
    return given !== undefined && isSame(given, csrf);
  }

  #sign(text: string): string {
    return createHmac('sha256', this.#secret).update(text).digest('base64url');
  }
}

/**
 * @param role of somebody
 * @param needed for what is asked
 * @returns whether it is enough
 */
export function mayDo(role: Role, needed: Role): boolean {
  return ROLES.indexOf(role) >= ROLES.indexOf(needed);
}

/**
 * @param file of who may come in
 * @returns it, checked
 * @throws ConfigurationError for a file that lets nobody in, or is no such file
 */
export async function readAuth(file: string): Promise<AuthFile> {
  let text: string;
  try {
    text = await readFile(file, 'utf8');
  } catch (cause) {
    throw isSystemError(cause) ? systemError(cause, file, 'read') : cause;
  }
  const auth = parsedFile(file, text, authSchema, 'people of the desk');
  const people = auth.people.map(({ person }) => person);
  const twice = people.find((person, i) => people.indexOf(person) !== i);
  if (twice !== undefined)
    throw new ConfigurationError('a person stands twice in the file', { found: twice, where: { file } });
  if (auth.proxy === undefined && !auth.people.some(({ token, sha256 }) => (token ?? sha256) !== undefined))
    throw new ConfigurationError('the file lets nobody in', {
      expected: 'people with a token, or a proxy',
      found: 'neither',
      where: { file },
    });
  return auth;
}

/**
 * @param file of the secret, which is made where there is none
 * @returns the secret that sessions are signed with
 */
export function readSecret(file: string): Buffer {
  if (!existsSync(file)) writeFileSync(file, randomBytes(32), { mode: 0o600, flag: 'wx' });
  return readFileSync(file);
}

/**
 * @param address as a socket has it
 * @returns without what says that IPv4 came by IPv6
 */
export function plainAddress(address: string): string {
  return address.replace(/^::ffff:/, '');
}

function digestOf(text: string): string {
  return createHash('sha256').update(text).digest('hex');
}

function isSame(a: string, b: string): boolean {
  const [x, y] = [Buffer.from(a), Buffer.from(b)];
  return x.length === y.length && timingSafeEqual(x, y);
}
