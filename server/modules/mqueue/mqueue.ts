/** The instance: queues of keys and values, and what was fetched last from each. */
import type { Core } from '../../core/core.ts'
import { BadValue, type ConfigOf, type ModuleEnv } from '../../core/module/index.ts'
import type { params } from './mqueue.module.ts'

export interface Entry {
  readonly key: string
  readonly value: string
}

/** What to do with a key that is in the queue already; 2 keeps the last. */
const ADD_ALWAYS = 0
const KEEP_FIRST = 1

export interface QueueSpec {
  readonly name: string
  /** Entries that it holds at most, 0 for as many as there are; the oldest goes. */
  readonly size: number
  readonly addMode: number
}

/** Reads `name=x;size=100;addmode=2`. */
export function readQueue(value: string | number): QueueSpec {
  const found = new Map<string, string>()
  for (const part of String(value).split(';')) {
    if (part.trim() === '') continue
    const [name = '', ...rest] = part.split('=')
    found.set(name.trim(), rest.join('=').trim())
  }
  const number = (name: string): number => {
    const text = found.get(name) ?? '0'
    if (!/^\d+$/.test(text)) throw new BadValue(`${name}=${text} is no number`)
    return Number(text)
  }
  for (const name of found.keys())
    if (!['name', 'size', 'addmode', 'dbmode'].includes(name))
      throw new BadValue(`${name} is no attribute of a queue`, 'name, size, addmode')
  if (number('dbmode') !== 0)
    throw new BadValue('dbmode: queues are not kept in a database yet', 'use dbmode=0')
  const name = found.get('name') ?? ''
  if (name === '') throw new BadValue(`${value} names no queue`, 'as "name=x;size=100"')
  return { name, size: number('size'), addMode: number('addmode') }
}

export class Queue {
  readonly spec: QueueSpec
  private readonly entries: Entry[] = []
  /** Where the oldest is: what is before it has been fetched. */
  private first = 0
  /** In place of `entries` where a key is there once; null elsewhere. */
  private readonly byKey: Map<string, Entry> | null

  constructor(spec: QueueSpec) {
    this.spec = spec
    this.byKey = spec.addMode === ADD_ALWAYS ? null : new Map()
  }

  get size(): number {
    return this.byKey === null ? this.entries.length - this.first : this.byKey.size
  }

  add(key: string, value: string): void {
    const { byKey } = this
    const { addMode, size } = this.spec
    if (byKey !== null && byKey.has(key)) {
      if (addMode === KEEP_FIRST) return
      byKey.delete(key)
    }
    if (size > 0 && this.size >= size) this.take()
    if (byKey === null) this.entries.push({ key, value })
    else byKey.set(key, { key, value })
  }

  /** The oldest; null when there is none. */
  take(): Entry | null {
    if (this.byKey !== null) return this.takeKeyed(this.byKey)
    const entry = this.entries[this.first]
    if (entry === undefined) return null
    this.first++
    // Now and then, so that taking costs the same however long the queue is.
    if (this.first > 64 && this.first * 2 > this.entries.length) {
      this.entries.splice(0, this.first)
      this.first = 0
    }
    return entry
  }

  private takeKeyed(byKey: Map<string, Entry>): Entry | null {
    const oldest = byKey.values().next()
    if (oldest.done === true) return null
    byKey.delete(oldest.value.key)
    return oldest.value
  }
}

export class Mqueue {
  readonly core: Core
  readonly config: ConfigOf<typeof params>
  readonly queues = new Map<string, Queue>()
  /** By queue: what $mqk and $mqv show. */
  readonly fetched = new Map<string, Entry>()

  constructor(env: ModuleEnv<typeof params, {}>) {
    const { config } = env
    this.core = env.core
    this.config = config
    if (config.db_url !== '')
      throw new BadValue('mqueue: db_url: queues are not kept in a database yet')
    for (const spec of config.mqueue) this.make(spec)
    const { mqueue_size: size, mqueue_addmode: addMode } = config
    for (const name of config.mqueue_name) this.make({ name, size, addMode })
  }

  /** False, and a line in the log, when there is no queue of this name. */
  add(name: string, key: string, value: string): boolean {
    const queue = this.queues.get(name)
    if (queue === undefined) this.core.log.error('mqueue', `mqueue not found: ${name}`)
    else queue.add(key, value)
    return queue !== undefined
  }

  private make(spec: QueueSpec): void {
    if (this.queues.has(spec.name))
      throw new BadValue(`mqueue: the queue ${spec.name} is configured twice`)
    this.queues.set(spec.name, new Queue(spec))
  }
}
