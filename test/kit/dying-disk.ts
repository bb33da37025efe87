// A disk under a process that dies at a certain step: of what it does then all, some or nothing is
// done, and nobody hears of it; what it tries afterwards does not happen. A disk that is full, too.
import { type Disk, type GrowingFile, systemDisk } from '../../server/core/db/disk.ts'

/** How much of the step is done at which the process dies. */
export type Share = 'nothing' | 'a part' | 'all'

const forever = new Promise<never>(() => undefined)

export class DyingDisk {
  /** Steps until it dies. */
  left = Number.POSITIVE_INFINITY
  share: Share = 'nothing'
  isFull = false
  /** Steps until one fails. */
  untilFailure = Number.POSITIVE_INFINITY
  /** Resolves when it dies. */
  readonly death: Promise<'dead'>
  readonly disk: Disk
  private die!: () => void
  private isDead = false
  private readonly opened = new Set<GrowingFile>()

  constructor() {
    this.death = new Promise(resolve => {
      this.die = () => resolve('dead')
    })
    const { step, grow, part } = this
    this.disk = {
      ...systemDisk,
      write: (path, parts, { mode }) => {
        const text = [...parts].join('')
        // A process that dies does not take the kernel's memory along.
        const options = { sync: false, mode }
        return step(amount => systemDisk.write(path, [part(text, amount)], options), true)
      },
      grow,
      cut: (path, size) => step(() => systemDisk.cut(path, size)),
      rename: (from, to) => step(() => systemDisk.rename(from, to)),
      remove: path => step(() => systemDisk.remove(path)),
    }
  }

  /** As the kernel does with the files of a dead process. */
  async bury(): Promise<void> {
    this.isDead = true
    for (const file of this.opened) await file.close()
    this.opened.clear()
  }

  private readonly grow = async (path: string): Promise<GrowingFile> => {
    const { step, part } = this
    const file = await step(async () => {
      const opened = await systemDisk.grow(path)
      this.opened.add(opened)
      return opened
    })
    return {
      facts: () => file.facts(),
      append: text => step(amount => file.append(part(text, amount)), true),
      cut: size => step(() => file.cut(size)),
      sync: () => step(async () => undefined),
      close: () => {
        this.opened.delete(file)
        return file.close()
      },
    }
  }

  private readonly part = (text: string, amount: number): string =>
    text.slice(0, Math.floor(text.length * amount))

  /** `work` does the given part of what it does. */
  private readonly step = async <T>(
    work: (amount: number) => Promise<T>,
    needsRoom = false,
  ): Promise<T> => {
    if (this.isDead) return forever
    if (this.left-- > 0) {
      const fails = this.untilFailure-- === 0
      if (!fails && !(needsRoom && this.isFull)) return work(1)
      if (needsRoom) await work(0.5)
      throw new Error(fails ? 'EIO: i/o error' : 'ENOSPC: no space left on device')
    }
    this.isDead = true
    const { share } = this
    // A step that can only be done or not is done when it is to be done in part.
    if (share !== 'nothing') await work(share === 'a part' ? 0.5 : 1)
    this.die()
    return forever
  }
}
