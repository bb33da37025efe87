/** Lines on a screen. It gets them finished: no layout happens here. */
import { Box, Text } from 'ink'

export interface ScreenProps {
  /** With their SGR codes. */
  readonly lines: readonly string[]
}

export function Screen({ lines }: ScreenProps) {
  return (
    <Box flexDirection="column" height={lines.length}>
      {lines.map((text, row) => (
        // A row is its place: the lines of a frame have no identity beyond that.
        <Text key={String(row)} wrap="truncate">
          {text === '' ? ' ' : text}
        </Text>
      ))}
    </Box>
  )
}
