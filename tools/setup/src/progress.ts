/** Tells a person what is going on: a bar on a terminal, a line every quarter otherwise. */
export class Progress {
  readonly #stream: NodeJS.WriteStream | null;
  #label = '';
  #step = -1;
  #drawn = 0;

  /**
   * @param stream where to write, or null to be silent
   */
  constructor(stream: NodeJS.WriteStream | null) {
    this.#stream = stream;
  }

  /**
   * A line that stays.
   * @param text without a line break
   */
  say(text: string): void {
    this.#clear();
    this.#stream?.write(`${text}\n`);
  }

  /**
   * How far a piece of work is.
   * @param label names the work; a new one begins a new bar
   * @param done bytes so far
   * @param total bytes in all, undefined where unknown
   */
  bytes(label: string, done: number, total: number | undefined): void {
    if (this.#stream === null) return;
    if (label !== this.#label) {
      this.#clear();
      this.#label = label;
      this.#step = -1;
    }
    const share = total === undefined ? undefined : Math.min(1, done / total);
    if (this.#stream.isTTY) {
      const now = Date.now();
      if (now - this.#drawn < 100 && share !== 1) return;
      this.#drawn = now;
      const width = 24;
      const filled = Math.round((share ?? 0) * width);
      const bar = share === undefined ? '' : `[${'='.repeat(filled)}${' '.repeat(width - filled)}] `;
      this.#stream.write(
        `\r\u001b[2K${label} ${bar}${megabytes(done)}${total === undefined ? '' : ` of ${megabytes(total)}`}`,
      );
      return;
    }
    const step = share === undefined ? Math.floor(done / 50e6) : Math.floor(share * 4);
    if (step === this.#step || done === 0) return;
    this.#step = step;
    this.#stream.write(
      share === undefined
        ? `${label} ${megabytes(done)}\n`
        : `${label} ${Math.round(share * 100)} % of ${megabytes(total!)}\n`,
    );
  }

  #clear(): void {
    if (this.#label !== '' && this.#stream?.isTTY) this.#stream.write('\r\u001b[2K');
    this.#label = '';
  }
}

function megabytes(bytes: number): string {
  return `${(bytes / 1e6).toFixed(bytes < 10e6 ? 1 : 0)} MB`;
}
