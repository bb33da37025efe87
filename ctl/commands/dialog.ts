/** `dialog`: calls that are under way. */
import type { Command } from '../command.ts'
import { type TableSpec, callRun, showRows } from '../database/table-commands.ts'

const dialogs: TableSpec = { kind: 'Dialog', table: ['DIALOG_TABLE', 'dialog'] }

export const dialogCommands: readonly Command[] = [
  {
    name: 'dialog show',
    args: [],
    doc: 'Show the dialogs that nodes have in memory.',
    examples: ['dialog show'],
    run: callRun('dlg.list'),
  },
  {
    name: 'dialog showdb',
    args: [],
    doc: 'Show the dialogs in the database.',
    examples: ['dialog showdb'],
    run: showRows(dialogs),
  },
]
