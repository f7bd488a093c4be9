import { readdir } from 'node:fs/promises';
import { join } from 'node:path';
import { z } from 'zod';
import { ConflictError } from '@hemline/core';
import { createFile } from '../documents/durable-file.ts';
import { readDocument } from '../documents/read-document.ts';
import { processSchema, type RunProcess } from './run-event.ts';
import { isGone } from './run-process.ts';

const FOLDER = '.writers';
const ownerSchema = z.object({ schema: z.literal(1), released: z.boolean(), process: processSchema });

/**
 * Makes this process the one that writes a run. Writers are numbered files, each created where there was none: of two that
 * resume the same run at the same time one is refused.
 * @param directory of the run
 * @param writer this process
 * @returns what to call when it writes no more
 * @throws ConflictError when another process of this machine writes it
 */
export async function claimRun(directory: string, writer: RunProcess): Promise<() => Promise<void>> {
  for (;;) {
    const last = await lastWriter(directory);
    if (last !== null && !last.released && isHere(last.process, writer)) throw inUse(directory, last.process);
    const number = (last?.number ?? 0) + 1;
    try {
      await createFile(fileOf(directory, number), documentOf(writer, false));
      return () => release(directory, number + 1, writer);
    } catch (error) {
      // Another was first: it is looked at as every other writer.
      if (!(error instanceof ConflictError)) throw error;
    }
  }
}

async function release(directory: string, number: number, writer: RunProcess): Promise<void> {
  try {
    await createFile(fileOf(directory, number), documentOf(writer, true));
  } catch (error) {
    // A process of another host has taken over.
    if (!(error instanceof ConflictError)) throw error;
  }
}

/** Of other hosts nothing is known: a container that starts again has another name. */
function isHere(other: RunProcess, writer: RunProcess): boolean {
  return other.host === writer.host && !isGone(other);
}

async function lastWriter(
  directory: string,
): Promise<{ number: number; released: boolean; process: RunProcess } | null> {
  const names = await readdir(join(directory, FOLDER)).catch(() => [] as string[]);
  const number = Math.max(0, ...names.flatMap((name) => /^(\d{6})\.json$/.exec(name)?.[1] ?? []).map(Number));
  if (number === 0) return null;
  const document = await readDocument(fileOf(directory, number), ownerSchema, 1);
  return document === null ? null : { number, ...document };
}

function inUse(directory: string, { pid, host }: RunProcess): ConflictError {
  return new ConflictError('another process writes this run', {
    expected: 'one writer of a run at a time',
    found: `process ${pid} of ${host}`,
    where: { file: directory },
    remedy: 'Wait until it has ended, or end it; then resume the run.',
  });
}

function fileOf(directory: string, number: number): string {
  return join(directory, FOLDER, `${String(number).padStart(6, '0')}.json`);
}

function documentOf(writer: RunProcess, released: boolean): string {
  return `${JSON.stringify({ schema: 1, released, process: writer })}\n`;
}
