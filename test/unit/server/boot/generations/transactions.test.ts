import { setFlagsFromString } from 'node:v8'
import { runInNewContext } from 'node:vm'
import { describe, expect, it } from 'vitest'
import { ReloadStage, request } from '../../../../kit/reload-stage.ts'

/** A proxy whose blocks say of which generation they are. */
const proxy = (word: string, more = ''): string => `#!KAMAILIO
debug=2
log_prefix="${word}: "
loadmodule "pv.so"
loadmodule "xlog.so"
loadmodule "sl.so"
loadmodule "tm.so"
#!define WORD "${word}"
request_route {
  xlog("request\\n");
  t_on_branch("B");
  t_on_reply("R");
  t_on_failure("F");
  t_on_branch_failure("BF");
  t_relay();
}
branch_route[B] { xlog("branch $def(WORD)\\n"); }
onreply_route[R] { xlog("reply $rs $def(WORD)\\n"); }
failure_route[F] {
  xlog("failure " + WORD + "\\n");
  route(AGAIN);
}
failure_route[LAST] { xlog("last " + WORD + "\\n"); }
event_route[tm:branch-failure:BF] { xlog("branch failure " + WORD + "\\n"); }
event_route[tm:branch-failure:BF2] { xlog("second branch failure " + WORD + "\\n"); }
route[AGAIN] {
  xlog("again " + WORD + "\\n");
  $ru = "sip:carol@192.0.2.8";
  t_on_failure("LAST");
  t_on_branch("B");
  t_on_branch_failure("BF2");
  t_relay();
}
${more}
`

/** The answer of the phone that the last request went to. */
function answer(stage: ReloadStage, status: string): void {
  const { text } = stage.sent.findLast(({ text }) => text.startsWith('INVITE'))!
  const headers = text.split('\r\n').filter(line => /^(Via|From|To|Call-ID|CSeq):/i.test(line))
  stage.lines.length = 0
  stage.receive(
    `SIP/2.0 ${status}\r\n${headers.join('\r\n')}\r\nContent-Length: 0\r\n\r\n`.replace(
      /^(To: .*)$/m,
      '$1;tag=bob',
    ),
  )
}

describe('a transaction that is under way', () => {
  it('ends with the blocks of the generation that it began with', async () => {
    const stage = await ReloadStage.start(proxy('old'))
    expect(stage.logged(request('INVITE', 'one'))).toEqual(['old: request', 'old: branch "old"'])
    // Everything changes its name, so that only blocks that are held can still be run.
    const renamed = proxy('new').replaceAll(/\b(AGAIN|LAST|BF|BF2|F|R|B)\b/g, 'N_$1')
    await stage.reload(renamed)
    answer(stage, '180 Ringing')
    expect(stage.lines).toEqual(['new: reply 180 "old"'])
    answer(stage, '404 Not Found')
    expect(stage.lines).toEqual([
      'new: reply 404 "old"',
      'new: branch failure old',
      'new: failure old',
      'new: again old',
      'new: branch "old"',
    ])
    answer(stage, '486 Busy Here')
    expect(stage.lines).toEqual([
      'new: reply 486 "old"',
      'new: second branch failure old',
      'new: last old',
    ])
    expect(stage.logged(request('INVITE', 'two'))).toEqual(['new: request', 'new: branch "new"'])
  })

  it('keeps them over an undo and further reloads', async () => {
    const stage = await ReloadStage.start(proxy('one'))
    await stage.reload(proxy('two'))
    stage.receive(request('INVITE', 'two'))
    const calls = stage.sent.length
    await stage.rpc('ohana.cfg.undo')
    await stage.reload(proxy('three'))
    await stage.reload(proxy('four'))
    expect(stage.sent).toHaveLength(calls)
    answer(stage, '500 Server Error')
    expect(stage.lines.map(line => line.replace(/^four: /, ''))).toEqual([
      'reply 500 "two"',
      'branch failure two',
      'failure two',
      'again two',
      'branch "two"',
    ])
  })
})

/** A full garbage collection, whatever the process was started with. */
function collect(): void {
  setFlagsFromString('--expose-gc')
  const gc = runInNewContext('gc') as () => void
  gc()
}

/** What weak references were made or asked lives on to the end of the job. */
async function heapUsed(): Promise<number> {
  await new Promise(later => setImmediate(later))
  collect()
  return process.memoryUsage().heapUsed
}

describe('memory', () => {
  it('a generation is gone when another can be undone and no transaction holds it', async () => {
    const stage = await ReloadStage.start(proxy('one'))
    const gone: string[] = []
    const watch = new FinalizationRegistry<string>(name => gone.push(name))
    await stage.reload(proxy('two'))
    stage.receive(request('INVITE', 'call'))
    watch.register(stage.core.routes.table, 'two')
    await stage.reload(proxy('three'))
    watch.register(stage.core.routes.table, 'three')
    await stage.reload(proxy('four'))
    watch.register(stage.core.routes.table, 'four')
    await stage.reload(proxy('five'))
    const left = async (): Promise<string[]> => {
      for (let i = 0; i < 5; i++) {
        collect()
        await new Promise(later => setImmediate(later))
      }
      return gone
    }
    expect(await left()).toEqual(['three'])
    // The call ends: its branch by fr_timer, its transaction after wt_timer.
    stage.pass(300_000)
    // The last message is remembered until another one comes.
    stage.receive(request('OPTIONS', 'other'))
    expect((await left()).toSorted()).toEqual(['three', 'two'])
    expect(stage.core.routes.table.all().length).toBeGreaterThan(0)
  })

  it('200 reloads leave no more behind than one', async () => {
    const stage = await ReloadStage.start(proxy('start'))
    const reload = (i: number) => stage.reload(proxy(`generation ${i % 2}`, `# ${i}`))
    for (let i = 0; i < 20; i++) await reload(i)
    const before = await heapUsed()
    for (let i = 0; i < 200; i++) await reload(i)
    const perReload = ((await heapUsed()) - before) / 200
    // The tree of this config alone has more than 100 KiB.
    expect(perReload).toBeLessThan(10 * 1024)
  })
})
