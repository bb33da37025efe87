/**
 * Statistics: counters that their owner holds and increments, and gauges that are computed when
 * somebody asks.
 */
export class Counter {
  readonly group: string
  readonly name: string
  readonly doc: string
  value: number
  /** Present on a gauge. */
  readonly read: (() => number) | null

  constructor(group: string, name: string, doc: string, read: (() => number) | null) {
    this.group = group
    this.name = name
    this.doc = doc
    this.value = 0
    this.read = read
  }

  current(): number {
    return this.read === null ? this.value : this.read()
  }
}

/** All statistics of the node, by group and name, in the order in which they were registered. */
export class Counters {
  private readonly groups = new Map<string, Map<string, Counter>>()

  /** A new counter, or the one that is there already under this name. */
  register(group: string, name: string, doc: string, read: (() => number) | null = null): Counter {
    let names = this.groups.get(group)
    if (names === undefined) {
      names = new Map()
      this.groups.set(group, names)
    }
    const known = names.get(name)
    if (known !== undefined) return known
    const counter = new Counter(group, name, doc, read)
    names.set(name, counter)
    return counter
  }

  unregister(group: string, name: string): void {
    this.groups.get(group)?.delete(name)
  }

  groupNames(): string[] {
    return [...this.groups.keys()]
  }

  inGroup(group: string): Counter[] {
    return [...(this.groups.get(group)?.values() ?? [])]
  }

  find(group: string, name: string): Counter | null {
    return this.groups.get(group)?.get(name) ?? null
  }

  /** The first counter with this name in any group ($stat(name), stats.get_statistics name). */
  named(name: string): Counter | null {
    for (const names of this.groups.values()) {
      const counter = names.get(name)
      if (counter !== undefined) return counter
    }
    return null
  }
}
