import { LightgbmError } from '../lightgbm-error.ts';

const INTEGER = /^[-+]?\d+$/;
const NUMBER = /^[-+]?(\d+\.?\d*|\.\d+)(e[-+]?\d+)?$/i;
/** As C++ writes them. */
const ODD: Readonly<Record<string, number>> = { inf: Infinity, '-inf': -Infinity, nan: NaN, '-nan': NaN };
const MOST_INTEGER = 2 ** 31 - 1;

/** The fields of one part of a model's text, `name=value` a line. */
export class TextFields {
  readonly #fields: ReadonlyMap<string, string>;
  readonly #where: string;

  /**
   * @param lines of the part
   * @param where it is, for errors: `tree 3`
   * @param flags lines that may stand without a value
   * @throws LightgbmError when a line has no value
   */
  constructor(lines: readonly string[], where: string, flags: readonly string[] = []) {
    this.#where = where;
    this.#fields = new Map(
      lines.map((line) => {
        const at = line.indexOf('=');
        if (at === -1 && !flags.includes(line))
          throw this.damaged(JSON.stringify(line.slice(0, 40)), 'a name and a value');
        return at === -1 ? [line, ''] : [line.slice(0, at), line.slice(at + 1)];
      }),
    );
  }

  /**
   * @param name of a field
   * @returns whether it is there
   */
  has(name: string): boolean {
    return this.#fields.has(name);
  }

  /**
   * @param name of a field
   * @returns its text; empty where there is none
   */
  text(name: string): string {
    return this.#fields.get(name) ?? '';
  }

  /**
   * @param name of a field
   * @returns its parts between blanks
   */
  words(name: string): string[] {
    return this.text(name)
      .split(' ')
      .filter((word) => word !== '');
  }

  /**
   * @param name of a field
   * @returns its value
   * @throws LightgbmError when it is not one whole number from 0 on
   */
  whole(name: string): number {
    const text = this.text(name);
    if (INTEGER.test(text) && Number(text) >= 0 && Number(text) <= MOST_INTEGER) return Number(text);
    throw this.damaged(name, 'a whole number', text === '' ? 'none' : text);
  }

  /**
   * @param name of a field
   * @param count of numbers
   * @param isInteger whether they have to be whole
   * @returns the numbers
   * @throws LightgbmError when they are not so many numbers
   */
  numbers(name: string, count: number, isInteger: boolean): number[] {
    const words = this.words(name);
    const values = words.map((word) => ODD[word] ?? Number(word));
    const isRight = (word: string, at: number): boolean =>
      isInteger
        ? INTEGER.test(word) && Math.abs(values[at]!) <= 2 * MOST_INTEGER + 1
        : NUMBER.test(word) || word in ODD;
    const odd = words.find((word, at) => !isRight(word, at));
    if (odd !== undefined || values.length !== count)
      throw this.damaged(name, `${count} ${isInteger ? 'whole ' : ''}numbers`, odd ?? `${values.length}`);
    return values;
  }

  /**
   * @param name of what is wrong
   * @param expected of it
   * @param found instead, where it can be said
   * @returns the error
   */
  damaged(name: string, expected: string, found?: string): LightgbmError {
    return new LightgbmError(`${this.#where} of a model is damaged: ${name}`, {
      expected,
      ...(found === undefined ? {} : { found }),
      remedy: 'Save the model again.',
    });
  }
}
