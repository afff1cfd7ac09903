import { t } from '@lingui/core/macro'
import type { QueryClient } from '@tanstack/react-query'
import { send } from '../api.ts'
import { base } from '../base.ts'
import { offerUndo } from '../element/undo.tsx'
import { keys } from '../keys.ts'

/** Takes a novel out of the trash. */
export async function restoreNovel(client: QueryClient, id: string): Promise<void> {
  await send('POST', `${base}/api/trash/${id}/restore`)
  await renewTrash(client)
}

/** What is on the shelf and what is in the trash are asked for again. */
export async function renewTrash(client: QueryClient): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.trash }),
    client.invalidateQueries({ queryKey: keys.novels }),
    client.invalidateQueries({ queryKey: keys.begun }),
  ])
}

/** A novel was just deleted: offers to have it back. */
export function offerRestore(client: QueryClient, id: string, title: string): void {
  offerUndo({ words: t`“${title}” is in the trash.`, undo: () => restoreNovel(client, id) })
}
