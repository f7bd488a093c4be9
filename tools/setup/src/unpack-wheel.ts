import { createHash } from 'node:crypto';
import { createWriteStream } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { dirname, join, normalize, sep } from 'node:path';
import { Transform } from 'node:stream';
import { pipeline } from 'node:stream/promises';
import { openPromise } from 'yauzl';
import { checkSha256 } from './checksum.ts';
import type { PinnedFile } from './engine-pins.ts';
import { SetupError } from './setup-error.ts';

/** What to keep of a wheel. */
export interface UnpackPlan {
  /** Files that must be there. */
  readonly files: readonly PinnedFile[];
  /** Where any other entry goes, or null to leave it out. */
  readonly place?: (entry: string) => string | null;
  /** Called with the bytes written so far and in all. */
  readonly onBytes?: (done: number, total: number) => void;
}

/** A file that was unpacked. */
export interface UnpackedFile {
  readonly target: string;
  readonly bytes: number;
  readonly sha256: string;
}

/**
 * Unpacks the wanted entries of a wheel (a zip file) as streams: memory does not grow with the library. Checksums are
 * computed on the way.
 * @param wheel path of the wheel
 * @param directory where to unpack to
 * @param plan what to keep
 * @returns the unpacked files, in the wheel's order
 * @throws ChecksumError when an entry is not the pinned one
 * @throws SetupError when an entry is missing or the zip file is damaged
 */
export async function unpackWheel(
  wheel: string,
  directory: string,
  plan: UnpackPlan,
): Promise<UnpackedFile[]> {
  const pinned = new Map(plan.files.map((file) => [file.entry, file]));
  const unpacked: UnpackedFile[] = [];
  let zip: Awaited<ReturnType<typeof openPromise>>;
  try {
    zip = await openPromise(wheel, { lazyEntries: true, autoClose: false });
  } catch (cause) {
    throw new SetupError(
      `${wheel} is no zip file: ${(cause as Error).message}. Delete it and run setup again.`,
      { cause },
    );
  }
  try {
    const wanted: {
      entry: string;
      target: string;
      size: number;
      open: () => Promise<NodeJS.ReadableStream>;
    }[] = [];
    for await (const entry of zip.eachEntry()) {
      const target = pinned.get(entry.fileName)?.target ?? plan.place?.(entry.fileName) ?? null;
      if (target === null || entry.fileName.endsWith('/')) continue;
      wanted.push({
        entry: entry.fileName,
        target: inside(directory, target),
        size: entry.uncompressedSize,
        open: () => zip.openReadStreamPromise(entry),
      });
    }
    const found = new Set(wanted.map((item) => item.entry));
    const missing = plan.files.filter((file) => !found.has(file.entry));
    if (missing.length > 0)
      throw new SetupError(`${wheel} does not hold ${missing.map((file) => file.entry).join(', ')}.`);
    const total = wanted.reduce((sum, item) => sum + item.size, 0);
    let done = 0;
    for (const { entry, target, size, open } of wanted) {
      await mkdir(dirname(target), { recursive: true });
      const hash = createHash('sha256');
      const tap = new Transform({
        transform(chunk: Buffer, _encoding, next) {
          hash.update(chunk);
          done += chunk.length;
          plan.onBytes?.(done, total);
          next(null, chunk);
        },
      });
      await pipeline(await open(), tap, createWriteStream(target));
      const sha256 = hash.digest('hex');
      checkSha256(`${entry} in ${wheel}`, sha256, pinned.get(entry)?.sha256);
      unpacked.push({ target, bytes: size, sha256 });
    }
  } finally {
    zip.close();
  }
  return unpacked;
}

/** A path below the directory, whatever the entry is called. */
function inside(directory: string, target: string): string {
  const path = normalize(join(directory, target));
  if (!path.startsWith(normalize(directory) + sep))
    throw new SetupError(`${target} would be unpacked outside ${directory}.`);
  return path;
}
