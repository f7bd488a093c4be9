/**
 * Breaks a text into lines at its spaces, so that a cell of a table does not widen it beyond a terminal.
 * @param text one paragraph
 * @param width of a line, in characters; a longer word stays whole
 * @returns the lines, joined by line ends
 */
export function wrap(text: string, width: number): string {
  const lines: string[] = [];
  for (const word of text.split(' ')) {
    const last = lines.at(-1);
    if (last !== undefined && last.length + 1 + word.length <= width)
      lines[lines.length - 1] = `${last} ${word}`;
    else lines.push(word);
  }
  return lines.join('\n');
}
