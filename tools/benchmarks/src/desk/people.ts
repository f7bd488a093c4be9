import { randomBytes } from 'node:crypto';
import { writeFile } from 'node:fs/promises';

/** Roles of people in turn: most decide, some approve, some only read. */
const ROLES = [
  'decide',
  'decide',
  'approve',
  'decide',
  'decide',
  'read',
  'decide',
  'approve',
  'decide',
  'admin',
] as const;

/** Somebody who may come in. */
export interface Person {
  readonly person: string;
  readonly role: (typeof ROLES)[number];
  readonly token: string;
}

/**
 * Writes a file of people who may come in to a desk.
 * @param file to write
 * @param count of people
 * @returns the file, and who stands in it
 */
export async function peopleFile(
  file: string,
  count: number,
): Promise<{ readonly file: string; readonly people: readonly Person[] }> {
  const people = Array.from({ length: count }, (_, i) => ({
    ...{ person: `user-${String(i).padStart(2, '0')}`, role: ROLES[i % ROLES.length]! },
    token: randomBytes(24).toString('base64url'),
  }));
  await writeFile(file, JSON.stringify({ people }), { mode: 0o600 });
  return { file, people };
}
