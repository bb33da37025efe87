/**
 * Databases are spoken to in byte strings, a character a byte, as SIP messages have them; people
 * and files write UTF-8.
 */
export const toBytes = (text: string): string => Buffer.from(text, 'utf8').toString('latin1')
export const fromBytes = (bytes: string): string => Buffer.from(bytes, 'latin1').toString('utf8')
