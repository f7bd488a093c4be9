import { createHash } from 'node:crypto';
import { existsSync, mkdtempSync, readFileSync, readdirSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import type { WheelPin } from '../src/engine-pins.ts';
import { isInPlace, noteEngine, readRecord } from '../src/engine-record.ts';
import { withLock } from '../src/lock.ts';
import { placesOf, type Places } from '../src/places.ts';
import { Progress } from '../src/progress.ts';
import { ChecksumError, SetupError } from '../src/setup-error.ts';
import { requirementsOfExtra } from '../src/stage-cuda.ts';
import { stageWheel } from '../src/stage-wheel.ts';
import { unpackWheel } from '../src/unpack-wheel.ts';
import { zipOf } from './zip.ts';

const LIBRARY = 'the library';
const silent = new Progress(null);
const sha256 = (content: string | Buffer): string => createHash('sha256').update(content).digest('hex');
const wheel = zipOf({ 'engine/lib.so': LIBRARY, 'engine/other.txt': 'left out' });
const pin: WheelPin = {
  engine: 'lightgbm',
  version: '1.0',
  project: 'an-engine',
  platforms: ['any'],
  sha256: sha256(wheel),
  files: [{ entry: 'engine/lib.so', target: 'lib/lib.so', sha256: sha256(LIBRARY) }],
};

let root: string;
let places: Places;

beforeEach(() => {
  root = mkdtempSync(join(tmpdir(), 'hemline-setup-'));
  places = { root, cache: join(root, 'cache'), engines: root };
});
afterEach(() => rmSync(root, { recursive: true }));

const giveWheel = (content: Buffer = wheel): void =>
  writeFileSync(join(root, 'an_engine-1.0-py3-none-any.whl'), content);

describe('stageWheel', () => {
  it('unpacks what is pinned from a given wheel, and then needs the wheel no more', async () => {
    giveWheel();
    const first = await stageWheel(pin, places, silent);
    expect(readFileSync(join(first.directory, 'lib/lib.so'), 'utf8')).toBe(LIBRARY);
    expect(readdirSync(join(first.directory, 'lib'))).toEqual(['lib.so']);
    rmSync(join(root, 'an_engine-1.0-py3-none-any.whl'));
    expect(await stageWheel(pin, places, silent)).toEqual(first);
  });

  it('takes libraries that are unpacked already', async () => {
    writeFileSync(join(root, 'lib.so'), LIBRARY);
    const { directory } = await stageWheel(pin, places, silent);
    expect(readFileSync(join(directory, 'lib/lib.so'), 'utf8')).toBe(LIBRARY);
  });

  it('refuses another wheel, another library inside it, and another unpacked library', async () => {
    giveWheel(zipOf({ 'engine/lib.so': 'forged' }));
    await expect(stageWheel(pin, places, silent)).rejects.toThrow(ChecksumError);
    await expect(stageWheel({ ...pin, sha256: undefined }, places, silent)).rejects.toThrow(
      /engine\/lib.so.*expected sha256/,
    );
    writeFileSync(join(root, 'lib.so'), 'forged');
    await expect(stageWheel(pin, places, silent)).rejects.toThrow(ChecksumError);
    // Nothing that was refused is taken for staged.
    expect(readdirSync(places.cache)).toEqual(['partial']);
  });

  it('stages again what was damaged in the cache', async () => {
    giveWheel();
    const { directory } = await stageWheel(pin, places, silent);
    writeFileSync(join(directory, 'lib/lib.so'), 'short');
    const again = await stageWheel(pin, places, silent);
    expect(readFileSync(join(again.directory, 'lib/lib.so'), 'utf8')).toBe(LIBRARY);
  });
});

describe('unpackWheel', () => {
  it('names what a wheel lacks, and refuses a file that is no zip', async () => {
    giveWheel(zipOf({ 'engine/other.txt': '' }));
    const path = join(root, 'an_engine-1.0-py3-none-any.whl');
    await expect(unpackWheel(path, root, pin)).rejects.toThrow(/does not hold engine\/lib.so/);
    giveWheel(wheel.subarray(0, 40));
    await expect(unpackWheel(path, root, pin)).rejects.toThrow(SetupError);
  });

  it('writes nothing outside its folder', async () => {
    giveWheel();
    const plan = { files: [], place: () => '../escaped' };
    const path = join(root, 'an_engine-1.0-py3-none-any.whl');
    await expect(unpackWheel(path, join(root, 'inner'), plan)).rejects.toThrow(/outside/);
    expect(existsSync(join(root, 'escaped'))).toBe(false);
  });
});

describe('withLock', () => {
  it('lets one in at a time', async () => {
    let inside = 0;
    let most = 0;
    const work = async (): Promise<void> => {
      most = Math.max(most, ++inside);
      await new Promise((resolve) => setTimeout(resolve, 5));
      inside--;
    };
    const path = join(root, 'lock');
    await Promise.all(Array.from({ length: 5 }, () => withLock(path, work, { pollMilliseconds: 2 })));
    expect(most).toBe(1);
    expect(existsSync(path)).toBe(false);
  });

  it('takes over from a process that is gone, and lets go when the work fails', async () => {
    const path = join(root, 'lock');
    // Above the largest process id of any system.
    writeFileSync(path, '99999999');
    await expect(withLock(path, () => Promise.reject(new Error('work failed')))).rejects.toThrow(
      'work failed',
    );
    expect(existsSync(path)).toBe(false);
  });
});

describe('the record', () => {
  const entry = {
    state: 'staged' as const,
    version: '1',
    library: '',
    bytes: 3,
    sha256: '',
    files: [],
    source: '',
  };

  it('keeps the other engines and notices a library that is gone or cut short', async () => {
    const library = join(root, 'lib.so');
    writeFileSync(library, 'abc');
    await noteEngine(root, 'lightgbm', { ...entry, library });
    await noteEngine(root, 'tensorflow', { state: 'unavailable', version: '2', reason: 'none' });
    const { engines } = await readRecord(root);
    expect(Object.keys(engines)).toEqual(['lightgbm', 'tensorflow']);
    expect(isInPlace(engines.lightgbm, '1')).toBe(true);
    expect(isInPlace(engines.lightgbm, '2')).toBe(false);
    expect(isInPlace(engines.tensorflow, '2')).toBe(false);
    writeFileSync(library, 'ab');
    expect(isInPlace(engines.lightgbm, '1')).toBe(false);
  });
});

describe('placesOf', () => {
  it('follows the variables', () => {
    expect(placesOf({ HEMLINE_CACHE_DIR: '/a', XDG_CACHE_HOME: '/b' }, root).cache).toBe('/a');
    expect(placesOf({ XDG_CACHE_HOME: '/b' }, root).cache).toBe('/b/hemline');
    expect(placesOf({}, root).cache).toMatch(/\.cache\/hemline$/);
  });
});

describe('requirementsOfExtra', () => {
  it('reads them from the metadata of a wheel', () => {
    const metadata =
      'Requires-Dist: numpy>=1.26\nRequires-Dist: nvidia-cudnn-cu12<10.0,>=9.3; extra == "and-cuda"\nRequires-Dist: x; extra == "gcs"\n';
    expect(requirementsOfExtra(metadata, 'and-cuda')).toEqual(['nvidia-cudnn-cu12<10.0,>=9.3']);
  });
});
