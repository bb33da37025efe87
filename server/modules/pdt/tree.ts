/** Domains by prefix, for one source domain. */

interface Node {
  domain: string
  readonly next: Map<string, Node>
}

export interface Entry {
  readonly prefix: string
  readonly domain: string
}

/** The prefix that matches and its domain; or where a character stands that no prefix may have. */
export type Found = Entry | { readonly badCharacter: number } | null

export class PrefixTree {
  private readonly root: Node = { domain: '', next: new Map() }
  private readonly domains = new Set<string>()
  private readonly characters: string

  constructor(characters: string) {
    this.characters = characters
  }

  hasDomain(domain: string): boolean {
    return this.domains.has(domain)
  }

  /** False when the prefix is there already. */
  add(prefix: string, domain: string): boolean {
    let node = this.root
    for (const character of prefix) {
      let next = node.next.get(character)
      if (next === undefined) node.next.set(character, (next = { domain: '', next: new Map() }))
      node = next
    }
    if (node.domain !== '') return false
    node.domain = domain
    this.domains.add(domain)
    return true
  }

  /** The longest prefix of a number. Looks no further than prefixes go. */
  find(number: string): Found {
    let node = this.root
    let found: Entry | null = null
    for (let i = 0; i < number.length && node.next.size > 0; i++) {
      const character = number[i]!
      if (!this.characters.includes(character)) return { badCharacter: i }
      const next = node.next.get(character)
      if (next === undefined) break
      node = next
      if (node.domain !== '') found = { prefix: number.slice(0, i + 1), domain: node.domain }
    }
    return found
  }

  /** All, in the order of the characters. */
  entries(): Entry[] {
    const all: Entry[] = []
    const walk = (node: Node, prefix: string): void => {
      if (node.domain !== '') all.push({ prefix, domain: node.domain })
      for (const character of this.characters) {
        const next = node.next.get(character)
        if (next !== undefined) walk(next, prefix + character)
      }
    }
    walk(this.root, '')
    return all
  }
}
