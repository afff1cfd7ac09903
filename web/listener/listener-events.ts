import type { QueryClient } from '@tanstack/react-query'
import type { ListenerEvent } from '../../src/http/contract/event-contract.ts'
import { keys } from '../keys.ts'

/** Something of the listener was changed, on this device or another: what shows it asks again. */
export function renewListener(client: QueryClient, { novelId }: ListenerEvent): void {
  void client.invalidateQueries({ queryKey: keys.settings(novelId), exact: true })
}
