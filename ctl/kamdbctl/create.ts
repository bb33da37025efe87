/** The groups of tables: asked for, made, announced as Kamailio's kamdbctl does. */
import type { Database } from '../database/agent.ts'
import { type Context } from './context.ts'
import { modulesOf } from './modules.ts'

export async function createStandard(context: Context, db: Database, name: string): Promise<void> {
  if (context.engine === 'mysql') context.info(`creating standard tables into ${name} ...`)
  await context.load(
    db,
    'STANDARD_MODULES',
    module => `Creating core table: ${module}`,
    module => `Creating core tables failed at ${module}!`,
  )
  context.info('Core Kamailio tables successfully created.')
}

export async function createPresence(context: Context, db: Database, name: string): Promise<void> {
  context.info(`creating presence tables into ${name} ...`)
  await context.load(
    db,
    'PRESENCE_MODULES',
    module => `Creating presence tables for ${module}`,
    module => `Creating presence tables failed at ${module}!`,
  )
  context.info('Presence tables successfully created.')
}

export async function createExtra(context: Context, db: Database, name: string): Promise<void> {
  context.info(`creating extra tables into ${name} ...`)
  await context.load(
    db,
    'EXTRA_MODULES',
    module => `Creating extra table: ${module}`,
    module => `Creating extra tables failed at ${module}!`,
  )
  context.info('Extra tables successfully created.')
}

export async function createUid(context: Context, db: Database, name: string): Promise<void> {
  context.info(`creating uid tables into ${name} ...`)
  await context.load(
    db,
    'DBUID_MODULES',
    module => `Creating uid table: ${module}`,
    module => `Creating uid tables failed at ${module}!`,
  )
  context.info('UID tables successfully created.')
}

/** Those that are made only when somebody wants them. */
export async function createOptional(context: Context, db: Database, name: string): Promise<void> {
  const { get } = context
  const verb = context.engine === 'mysql' ? 'Create the' : 'Install'
  const list = (group: 'EXTRA_MODULES' | 'DBUID_MODULES'): string =>
    `${verb} tables for ${modulesOf(get, group).join(' ')}? (y/n): `
  const presence = `${verb} presence related tables? (y/n): `
  if (await context.wants(get('INSTALL_PRESENCE_TABLES'), presence))
    await createPresence(context, db, name)
  if (await context.wants(get('INSTALL_EXTRA_TABLES'), list('EXTRA_MODULES')))
    await createExtra(context, db, name)
  // Kamailio's kamdbctl asks for them in MySQL alone.
  const uid = get('INSTALL_DBUID_TABLES') || (context.engine === 'mysql' ? 'ask' : 'no')
  if (await context.wants(uid, list('DBUID_MODULES'))) await createUid(context, db, name)
}
