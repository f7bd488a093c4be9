/** Takes bytes, one chunk after another. */
export interface ByteSink {
  /** Bytes taken so far. */
  readonly bytes: number;
  /**
   * Takes bytes. Resolves when more are welcome: memory stays bounded. The caller may reuse the chunk's buffer then.
   * @param chunk any size
   */
  write(chunk: Uint8Array): Promise<void>;
}
