// The files of a spool that a process has open: closed by the kernel when it is killed.
import { type SpoolFiles, systemFiles } from '../../server/core/spool/files.ts'

export class OpenedFiles {
  readonly files: SpoolFiles
  private readonly opened = new Set<number>()

  /** `more` takes the place of what the system does. */
  constructor(more: Partial<SpoolFiles> = {}) {
    this.files = {
      ...systemFiles,
      open: path => {
        const file = systemFiles.open(path)
        this.opened.add(file)
        return file
      },
      close: file => {
        this.opened.delete(file)
        systemFiles.close(file)
      },
      ...more,
    }
  }

  closeAll(): void {
    for (const file of this.opened) systemFiles.close(file)
    this.opened.clear()
  }
}
