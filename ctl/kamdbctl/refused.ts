/** Something cannot be done; the text says what. */
export class Refused extends Error {}
