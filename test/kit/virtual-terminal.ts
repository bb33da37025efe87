// A terminal without a window: what a program writes is shown on a grid that a test reads.
import { Duplex } from 'node:stream'
import headless from '@xterm/headless'

export class VirtualTerminal extends Duplex {
  readonly isTTY = true as const
  isRaw = false
  columns: number
  rows: number
  /** Every byte that was written to it. */
  written = ''
  private readonly grid: InstanceType<typeof headless.Terminal>

  constructor(columns: number, rows: number) {
    super({ decodeStrings: false })
    this.columns = columns
    this.rows = rows
    this.grid = new headless.Terminal({
      cols: columns,
      rows,
      allowProposedApi: true,
      convertEol: true,
    })
  }

  /** The lines on the screen without the blanks at their ends. */
  screen(): string[] {
    const { active } = this.grid.buffer
    return Array.from({ length: this.rows }, (_, row) => {
      const line = active.getLine(active.viewportY + row)
      return line?.translateToString(true).trimEnd() ?? ''
    })
  }

  get text(): string {
    return this.screen().join('\n')
  }

  /** Is the alternate screen on? */
  get isAlternate(): boolean {
    return this.grid.buffer.active.type === 'alternate'
  }

  /** Cells of a row that are shown inverse, as text. */
  inverse(row: number): string {
    const line = this.grid.buffer.active.getLine(this.grid.buffer.active.viewportY + row)
    let text = ''
    for (let column = 0; column < this.columns; column++) {
      const cell = line?.getCell(column)
      if (cell?.isInverse()) text += cell.getChars() || ' '
    }
    return text
  }

  /** Is the character at this place dim (grey)? */
  isDim(row: number, column: number): boolean {
    const line = this.grid.buffer.active.getLine(this.grid.buffer.active.viewportY + row)
    return (line?.getCell(column)?.isDim() ?? 0) !== 0
  }

  /** Presses keys: their bytes. */
  type(bytes: string): void {
    this.push(bytes)
  }

  resize(columns: number, rows: number): void {
    this.columns = columns
    this.rows = rows
    this.grid.resize(columns, rows)
    this.emit('resize')
  }

  setRawMode(raw: boolean): this {
    this.isRaw = raw
    return this
  }

  ref(): this {
    return this
  }

  unref(): this {
    return this
  }

  override _read(): void {}

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    this.written += chunk.toString()
    this.grid.write(chunk, done)
  }
}
