import type { QueryClient } from '@tanstack/react-query'
import { keys } from '../keys.ts'

/** Asks anew for all that depends on the voice and the speed in which a novel is read. */
export async function renewReading(client: QueryClient, novelId: string): Promise<void> {
  await Promise.all([
    client.invalidateQueries({ queryKey: keys.novel(novelId) }),
    client.invalidateQueries({ queryKey: ['chapter', novelId] }),
    client.invalidateQueries({ queryKey: keys.novels }),
  ])
}
