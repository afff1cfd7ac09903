import { useQuery } from '@tanstack/react-query'
import type { TrashedNovel } from '../../src/http/contract/novel-contract.ts'
import type { ChatView } from '../../src/http/contract/chat-contract.ts'
import type { InboxView } from '../../src/http/contract/inbox-contract.ts'
import type { DeliveryView, WebhookView } from '../../src/http/contract/webhook-contract.ts'
import { get, type Removed, send } from '../api.ts'
import { base } from '../base.ts'
import { usePolling } from '../live/live.tsx'
import { keys } from '../keys.ts'

export type WebhookEvent = WebhookView['events'][number]

export interface WebhookWishes {
  readonly url?: string
  readonly events?: readonly WebhookEvent[]
  readonly active?: boolean
}

/** `null` takes the key away, what is left out stays. */
export type ChatWishes = Partial<Omit<ChatView, 'hasKey' | 'setBy'>> & { readonly key?: string | null }

interface WithSecret {
  readonly webhook: WebhookView
  readonly secret: string
}

const webhooks = `${base}/api/webhooks`
const chatModel = `${base}/api/chat-model`

export const settingsApi = {
  addWebhook: (wishes: WebhookWishes) => send<WithSecret>('POST', webhooks, wishes),
  changeWebhook: (id: string, wishes: WebhookWishes) => send('PATCH', `${webhooks}/${id}`, wishes),
  renewSecret: (id: string) => send<WithSecret>('POST', `${webhooks}/${id}/secret`),
  tryWebhook: (id: string) => send('POST', `${webhooks}/${id}/test`),
  removeWebhook: (id: string) => send<Removed>('DELETE', `${webhooks}/${id}`),
  sendAgain: (id: string, deliveryId: string) =>
    send('POST', `${webhooks}/${id}/deliveries/${deliveryId}/send`),
  readAgain: (paths: readonly string[]) => send('POST', `${base}/api/inbox/retry`, { paths }),
  changeChat: (wishes: ChatWishes) => send<{ chat: ChatView }>('PATCH', chatModel, wishes),
  tryChat: () => send<{ answer: string; ms: number }>('POST', `${chatModel}/test`),
  deleteForGood: (id: string) => send('DELETE', `${base}/api/novels/${id}?forever=true`),
} as const

export function useWebhooks(enabled = true) {
  return useQuery({
    queryKey: keys.webhooks,
    queryFn: async ({ signal }) => (await get<{ webhooks: WebhookView[] }>(webhooks, signal)).webhooks,
    enabled,
    refetchInterval: usePolling(10_000, 10_000),
  })
}

/** The latest events of a webhook. While one is on its way, what becomes of it is asked every second. */
export function useDeliveries(id: string) {
  return useQuery({
    queryKey: keys.deliveries(id),
    queryFn: async ({ signal }) =>
      (await get<{ deliveries: DeliveryView[] }>(`${webhooks}/${id}/deliveries`, signal)).deliveries,
    refetchInterval: ({ state }) =>
      state.data?.some(({ status, attempts }) => status === 'pending' && attempts <= 1) ? 1000 : 10_000,
  })
}

export function useChatModel(enabled = true) {
  return useQuery({
    queryKey: keys.chatModel,
    queryFn: async ({ signal }) => (await get<{ chat: ChatView }>(chatModel, signal)).chat,
    enabled,
  })
}

export function useTrash() {
  return useQuery({
    queryKey: keys.trash,
    queryFn: async ({ signal }) =>
      (await get<{ novels: TrashedNovel[] }>(`${base}/api/trash`, signal)).novels,
    refetchInterval: usePolling(10_000, 10_000),
  })
}

/** What became of the files in the watched folder; while one is on its way, what becomes of it is asked more often. */
export function useInbox(enabled = true) {
  const polling = usePolling(10_000, 10_000)
  return useQuery({
    queryKey: keys.inbox,
    queryFn: async ({ signal }) => (await get<{ inbox: InboxView }>(`${base}/api/inbox`, signal)).inbox,
    enabled,
    refetchInterval: ({ state }) =>
      polling !== false && state.data?.files.some((file) => file.state === 'waiting') ? 2000 : polling,
  })
}
