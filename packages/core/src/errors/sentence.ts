/** A sentence has its end already: a full stop, a question or exclamation mark, an ellipsis, perhaps quoted or in brackets. */
const ENDED = /[.?!…]["'”’)\]]?$/;

/**
 * Ends a sentence, once: what it is made of may bring an end along (the reason of a job, a path with a dot, a question).
 * @param text of the sentence
 * @returns it with one end
 */
export function endSentence(text: string): string {
  const trimmed = text.trimEnd();
  return ENDED.test(trimmed) ? trimmed : `${trimmed}.`;
}

/**
 * Takes the end off a sentence that goes on.
 * @param text of a sentence, ended or not
 * @returns it without its full stop
 */
export function openSentence(text: string): string {
  return text.trimEnd().replace(/([^.])\.$/, '$1');
}
