import type { JsonObject } from '../../novel/merge-patch.ts'
import type { Database } from '../database-tables.ts'
import { parseStoredJson } from './column-values.ts'
import { asStoredPosition, type StoredPosition } from './playback-queries.ts'

/** What is shown of a novel for one listener. */
export interface ListenedNovel {
  readonly position: StoredPosition | undefined
  /** Number of segments that were heard, by chapter number. */
  readonly heard: ReadonlyMap<number, number>
  /** The listener's own in this novel, as they are stored. */
  readonly settings: JsonObject
}

/** What is shown of these novels, in their order: three statements, however many novels there are. */
export async function listenedNovels(
  db: Database,
  listener: string,
  novelIds: readonly string[],
): Promise<readonly ListenedNovel[]> {
  if (novelIds.length === 0) return []
  const [positions, heard, settings] = await Promise.all([
    db
      .selectFrom('positions')
      .select(['novelId', 'chapterNumber', 'segment', 'seconds', 'device', 'deviceName', 'updatedAt'])
      .where('listener', '=', listener)
      .where('novelId', 'in', novelIds)
      .execute(),
    db
      .selectFrom('heard')
      .select(['novelId', 'chapterNumber', 'segments'])
      .where('listener', '=', listener)
      .where('novelId', 'in', novelIds)
      .execute(),
    db
      .selectFrom('novelSettings')
      .select(['novelId', 'settings'])
      .where('listener', '=', listener)
      .where('novelId', 'in', novelIds)
      .execute(),
  ])
  const positionIn = new Map(positions.map(({ novelId, ...row }) => [novelId, asStoredPosition(row)]))
  const heardIn = Map.groupBy(heard, ({ novelId }) => novelId)
  const settingsIn = new Map(settings.map((row) => [row.novelId, row.settings]))
  return novelIds.map((id) => {
    const own = settingsIn.get(id)
    return {
      position: positionIn.get(id),
      heard: new Map(heardIn.get(id)?.map(({ chapterNumber, segments }) => [chapterNumber, segments])),
      settings: own === undefined ? {} : (parseStoredJson(own) as JsonObject),
    }
  })
}
