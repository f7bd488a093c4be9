import { en, type Texts } from './en.ts';

/** Texts of the language that the page speaks. */
export const texts: Texts = en;
