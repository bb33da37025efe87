/**
 * `$shv(name)`: variables of the whole node, read and set by the script and by pv.shvGet and
 * pv.shvSet.
 */
export class SharedVariables {
  private readonly values = new Map<string, string | number>()

  /** 0 until it is set. */
  get(name: string): string | number {
    return this.values.get(name) ?? 0
  }

  has(name: string): boolean {
    return this.values.has(name)
  }

  set(name: string, value: string | number): void {
    this.values.set(name, value)
  }

  entries(): [string, string | number][] {
    return [...this.values]
  }
}
