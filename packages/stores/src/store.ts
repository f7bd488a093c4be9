import type { ByteSink, ByteSource } from '@hemline/parquet';

/** One object of a store. */
export interface StoreObject {
  /** Relative to the store, `/` between parts. */
  readonly key: string;
  readonly bytes: number;
  /** Changes when the content does: S3's ETag; of a file, its size and time of modification. */
  readonly version: string;
}

/** What was written whole. */
export interface WrittenObject extends StoreObject {
  /** Hexadecimal. */
  readonly sha256: string;
}

/** When a write may take place. */
export interface WriteCondition {
  /** Refuses when there is an object of this key already: of two writers one wins. */
  readonly ifAbsent?: boolean;
}

/** An object in the making. Nothing is seen under its key before it is committed. */
export interface ObjectWriter extends ByteSink {
  /**
   * Makes the object visible, whole and durable.
   * @returns what was written
   * @throws ConflictError when it had to be absent and is not
   */
  commit(): Promise<WrittenObject>;
  /** Leaves nothing behind; may be called after a failure, or twice. Does nothing after a commit. */
  abort(): Promise<void>;
}

/** A place for objects: a folder, or a bucket's prefix. */
export interface Store {
  /** `file:///data/forecasts`, `s3://bucket/forecasts`: without a slash at the end. */
  readonly url: string;
  /**
   * The objects below a prefix, sorted by key. What is not committed is not listed.
   * @param prefix whole parts of keys; everything by default
   */
  list(prefix?: string): AsyncIterable<StoreObject>;
  /**
   * @param key of an object
   * @returns it, or null
   */
  stat(key: string): Promise<StoreObject | null>;
  /**
   * Opens an object for ranged reads.
   * @param key of an object
   * @throws DataError when it is not there
   */
  open(key: string): Promise<ByteSource>;
  /**
   * Reads a small object whole.
   * @param key of an object
   * @returns its bytes, or null when it is not there
   */
  read(key: string): Promise<Uint8Array | null>;
  /**
   * Begins an object.
   * @param key of it
   * @param condition when it may be committed
   */
  create(key: string, condition?: WriteCondition): Promise<ObjectWriter>;
  /**
   * Writes a small object whole.
   * @param key of it
   * @param content bytes or UTF-8 text
   * @param condition when it may be written
   * @throws ConflictError when it had to be absent and is not
   */
  write(key: string, content: Uint8Array | string, condition?: WriteCondition): Promise<WrittenObject>;
  /**
   * Removes an object; nothing happens when it is not there.
   * @param key of it
   */
  remove(key: string): Promise<void>;
  /**
   * Removes what killed writers left (temporary files, unfinished uploads) below a prefix, or of the object of that key. What a living
   * writer has not finished stays: of a folder, its process on this machine is asked for; anything else goes by its age.
   * @param prefix whole parts of keys, or a key; everything by default
   * @param age milliseconds after which what is unfinished is abandoned where its writer cannot be told; a day by default
   */
  clean(prefix?: string, age?: number): Promise<void>;
  /** The place of a key, for messages and for {@link openStore}. */
  urlOf(key: string): string;
}
