import { ConfigurationError, DataError } from '@hemline/core';
import type { PriceTags } from './played-tags.ts';

/** All that tells a play from its beginning: what was priced. */
export interface SavedPlay {
  /** Levels of each week that was played, [N] each. */
  readonly levels: readonly Int8Array[];
  readonly tags: readonly (PriceTags | null)[];
}

interface Header {
  readonly format: number;
  readonly options: Readonly<Record<string, unknown>>;
  readonly series: number;
  readonly weeks: number;
  /** Experiments of each week that is tagged, in short: their names, and the number of the name of each series, −1 without. */
  readonly tags: readonly ({ readonly names: readonly string[]; readonly of: readonly number[] } | null)[];
}

const FORMAT = 1;
const LENGTH_BYTES = 4;

/**
 * @param play to be saved
 * @param options everything that the market depends on
 * @returns length of a header, the header as JSON, levels, and propensities of the weeks that are tagged
 */
export function encodePlay({ levels, tags }: SavedPlay, options: Header['options']): Uint8Array {
  const header: Header = {
    format: FORMAT,
    options,
    series: levels[0]?.length ?? 0,
    weeks: levels.length,
    tags: tags.map((week) => (week === null ? null : nameNumbers(week.experiment))),
  };
  const text = new TextEncoder().encode(JSON.stringify(header));
  const parts = [
    new Uint8Array(Uint32Array.of(text.length).buffer),
    text,
    ...levels.map((week) => new Uint8Array(week.buffer, week.byteOffset, week.byteLength)),
    ...tags.flatMap((week) => (week === null ? [] : [new Uint8Array(week.propensity.slice().buffer)])),
  ];
  const bytes = new Uint8Array(parts.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of parts) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/**
 * @param bytes of {@link encodePlay}
 * @param options of the market that is to be played on
 * @returns what was saved
 * @throws DataError when it is no saved play; ConfigurationError when another market was played
 */
export function decodePlay(bytes: Uint8Array, options: Header['options']): SavedPlay {
  const { header, body } = readHeader(bytes);
  if (JSON.stringify(header.options) !== JSON.stringify(options))
    throw new ConfigurationError('another market was played', {
      expected: JSON.stringify(options),
      found: JSON.stringify(header.options),
      remedy: 'Give the options that the play was begun with.',
    });
  const { series, weeks } = header;
  // A copy: `slice` of a Buffer is a view of memory that others share.
  const data = Uint8Array.from(bytes.subarray(body));
  const tagged = header.tags.filter((week) => week !== null).length;
  if (data.length !== series * (weeks + 8 * tagged) || header.tags.length !== weeks) throw torn(bytes.length);
  const levels = Array.from({ length: weeks }, (_, week) =>
    Int8Array.from(new Int8Array(data.buffer, week * series, series)),
  );
  let at = weeks * series;
  const tags = header.tags.map((week): PriceTags | null => {
    if (week === null) return null;
    const propensity = new Float64Array(data.slice(at, at + 8 * series).buffer);
    at += 8 * series;
    return { propensity, experiment: week.of.map((number) => week.names[number] ?? null) };
  });
  return { levels, tags };
}

function readHeader(bytes: Uint8Array): { header: Header; body: number } {
  if (bytes.length < LENGTH_BYTES) throw torn(bytes.length);
  const [length] = new Uint32Array(Uint8Array.from(bytes.subarray(0, LENGTH_BYTES)).buffer);
  const body = LENGTH_BYTES + length!;
  if (body > bytes.length) throw torn(bytes.length);
  try {
    const header = JSON.parse(new TextDecoder().decode(bytes.subarray(LENGTH_BYTES, body))) as Header;
    if (header?.format === FORMAT) return { header, body };
  } catch (error) {
    if (!(error instanceof SyntaxError)) throw error;
  }
  throw torn(bytes.length);
}

function torn(length: number): DataError {
  return new DataError('the saved play cannot be read', {
    expected: 'all the bytes that save() gave',
    found: `${length} bytes of something else`,
    remedy: 'Begin the play anew.',
  });
}

function nameNumbers(experiment: readonly (string | null)[]): { names: string[]; of: number[] } {
  const names = [...new Set(experiment)].filter((name) => name !== null);
  const numbers = new Map(names.map((name, number) => [name, number]));
  return { names, of: experiment.map((name) => (name === null ? -1 : numbers.get(name)!)) };
}
