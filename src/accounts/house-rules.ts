import type { Database } from '../storage/database-tables.ts'
import { changeHouseSetting, houseSetting } from '../storage/queries/house-setting-queries.ts'

/** What admins have decided for everybody. */
export interface HouseRules {
  /** Whether listeners may add books, which they alone see. */
  readonly listenersAdd: boolean
}

const listenersAddName = 'listeners-add'

export async function houseRules(db: Database): Promise<HouseRules> {
  return { listenersAdd: (await houseSetting(db, listenersAddName)) !== false }
}

export async function changeHouseRules(db: Database, { listenersAdd }: HouseRules): Promise<HouseRules> {
  return { listenersAdd: await changeHouseSetting(db, listenersAddName, () => listenersAdd) }
}
