/** What else a config says, in a plan: names of ours, modules, sockets, settings, flags. */
import { canonical } from '../../lib/ip.ts'
import type { Said, SaidAlias } from '../../script/index.ts'
import { protoNumber } from '../../sip/transport.ts'
import { namesOf, type Plan, type Surroundings } from './plan.ts'

/** Settings that mean nothing here: modules are built in. */
const IGNORED = new Set(['loadpath', 'mpath'])

/** Routes have the numbers of flags in them, so that these change with the routes. */
export function planFlags(plan: Plan, { from, to }: Surroundings): void {
  for (const name of namesOf(to.flags, from.flags)) {
    const [old, said] = [from.flags.get(name), to.flags.get(name)]
    if (old?.value !== said?.value)
      plan.take({
        what: `flag ${name}`,
        old: old?.value ?? null,
        new: said?.value ?? null,
        at: said?.at ?? old?.at ?? '',
      })
  }
}

export function planAliases(plan: Plan, { core, from, to }: Surroundings): void {
  for (const [name, alias] of to.aliases)
    if (!from.aliases.has(name))
      plan.take({ what: `alias ${name}`, old: null, new: alias.value, at: alias.at }, () =>
        core.sockets.addAlias(namedBy(alias)),
      )
  for (const [name, alias] of from.aliases)
    if (!to.aliases.has(name))
      plan.take({ what: `alias ${name}`, old: alias.value, new: null, at: alias.at }, () =>
        core.sockets.removeAlias(namedBy(alias)),
      )
}

const namedBy = ({
  proto,
  host,
  port,
}: SaidAlias): { proto: number; host: string; port: number } => ({
  proto: protoNumber(proto),
  host: canonical(host),
  port,
})

/** What is decided when the node starts. */
export function planRestarts(plan: Plan, { to, first, madeWith, modules }: Surroundings): void {
  for (const [module, made] of madeWith)
    if (!modules.includes(module))
      plan.needRestart(`loadmodule ${module}`, made.modules.get(module) ?? LOADED, undefined)
  compare(plan, 'listen ', first.listens, to.listens)
  compare(plan, '', first.settings, to.settings)
}

const LOADED: Said = { value: 'loaded', at: '' }

function compare(
  plan: Plan,
  kind: string,
  old: ReadonlyMap<string, Said>,
  now: ReadonlyMap<string, Said>,
): void {
  for (const name of namesOf(now, old))
    if (!IGNORED.has(name) && old.get(name)?.value !== now.get(name)?.value)
      plan.needRestart(`${kind}${name}`, old.get(name), now.get(name))
}
