/** What the command line decides, in plain fields (boot/options.ts reads it). */
export interface NodeOptions {
  /** The config file, absolute. */
  readonly configFile: string
  /** -Y: where FIFO, sockets and pid files live. */
  readonly runDir: string
  /** -w. */
  readonly workDir: string
  /** -n or --node-name: how a fleet names this node; by default host name and first port. */
  readonly nodeName: string
  /** All words of the command line, for core.arg. */
  readonly argv: readonly string[]
  readonly pidFile: string
  /** -E, -e. */
  readonly logToStderr: boolean
  readonly logColor: boolean
  /** --log-engine: `json` or `json:letters`; '' for plain lines. */
  readonly logEngine?: string
}
