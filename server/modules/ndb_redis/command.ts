/** Commands as the script writes them: words, with %s for arguments. */

/**
 * The words of a command; each `%s` takes the next argument, blanks and all, `%%` is a percent
 * sign. null when there are more `%s` than arguments.
 */
export function wordsOf(command: string, args: readonly string[]): string[] | null {
  let next = 0
  let missing = false
  const words = command
    .split(/[ \t\r\n]+/)
    .filter(word => word !== '')
    .map(word =>
      word.replace(/%([sb%])/g, (_, kind: string) => {
        if (kind === '%') return '%'
        if (next >= args.length) missing = true
        return args[next++] ?? ''
      }),
    )
  return missing || words.length === 0 ? null : words
}
