/**
 * One ssh channel that looks like a terminal to Ink and blessed: there is no kernel behind it, so
 * what a kernel does is done here.
 */
import { Duplex } from 'node:stream'
import type { ServerChannel } from 'ssh2'

export interface TerminalSize {
  readonly cols: number
  readonly rows: number
}

/** A client may claim any size; a screen of it must not fill our memory. */
const LARGEST = { columns: 500, rows: 200 }
const FALLBACK = { columns: 80, rows: 24 }

const bounded = (value: number, fallback: number, most: number): number =>
  value > 0 ? Math.min(value, most) : fallback

export class ChannelTty extends Duplex {
  readonly isTTY = true as const
  isRaw = false
  columns: number
  rows: number
  /**
   * Turns line ends into carriage return and line feed, as a terminal's driver does. blessed moves
   * the cursor by itself.
   */
  onlcr = true
  private readonly channel: ServerChannel

  constructor(channel: ServerChannel, size: TerminalSize) {
    super({ decodeStrings: false, emitClose: true })
    this.channel = channel
    this.columns = bounded(size.cols, FALLBACK.columns, LARGEST.columns)
    this.rows = bounded(size.rows, FALLBACK.rows, LARGEST.rows)
    channel.on('data', (data: Buffer) => {
      if (!this.push(data)) channel.pause()
    })
    channel.on('end', () => this.push(null))
    channel.on('close', () => this.destroy())
    channel.on('error', () => this.destroy())
  }

  resize(size: TerminalSize): void {
    this.columns = bounded(size.cols, this.columns, LARGEST.columns)
    this.rows = bounded(size.rows, this.rows, LARGEST.rows)
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

  getWindowSize(): [number, number] {
    return [this.columns, this.rows]
  }

  getColorDepth(): number {
    return 8
  }

  hasColors(count = 16): boolean {
    return count <= 256
  }

  override _read(): void {
    this.channel.resume()
  }

  override _write(chunk: string | Buffer, _encoding: string, done: () => void): void {
    if (this.destroyed || !this.channel.writable) return done()
    const text = typeof chunk === 'string' ? chunk : chunk.toString('utf8')
    const sent = this.onlcr ? text.replace(/\r?\n/g, '\r\n') : text
    // A slow line slows us down; it does not pile up here.
    if (this.channel.write(sent)) done()
    else this.channel.once('drain', done)
  }

  override _final(done: () => void): void {
    done()
  }
}
