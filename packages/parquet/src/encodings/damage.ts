/** What a decoder throws at bytes that cannot be right. The reader adds file, row group, column and page. */
export class Damage extends Error {}
