/** The kinds of ink that can be asked for; "auto" leaves it to the server. */

const FITS = { digit: /^[0-9]$/, character: /^\S$/, word: /./, auto: /./ };

/** Say whether a kind's model can hold a label. */
export const fits = (kind, label) => FITS[kind].test(label);

/** Several characters in a row, not one. */
export const isLine = (kind) => ["auto", "word"].includes(kind);
