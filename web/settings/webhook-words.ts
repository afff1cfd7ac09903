import { i18n } from '@lingui/core'
import { plural, t } from '@lingui/core/macro'
import { saidWords } from '../i18n/said-words.ts'
import type { DeliveryView } from '../../src/http/contract/webhook-contract.ts'
import type { WebhookEvent } from './settings-api.ts'

export const allEvents: readonly WebhookEvent[] = [
  'chapter.ready',
  'generation.completed',
  'generation.failed',
]

export function eventWords(type: DeliveryView['type']): string {
  if (type === 'chapter.ready') return t`A chapter is ready`
  if (type === 'generation.completed') return t`All that was asked for is spoken`
  if (type === 'generation.failed') return t`Something could not be spoken`
  return t`A trial event`
}

/** What became of an event. */
export function deliveryWords(delivery: DeliveryView): string {
  const { status, attempts, durationMs, nextAt } = delivery
  const error = delivery.error === null ? null : saidWords(delivery.error, delivery.errorSaid)
  if (status === 'delivered') return durationMs === null ? t`Delivered` : t`Delivered in ${durationMs} ms`
  if (status === 'failed') return error === null ? t`Given up` : t`Given up. ${error}`
  if (attempts === 0 || nextAt === null) return t`On its way`
  const at = new Intl.DateTimeFormat(i18n.locale, { timeStyle: 'short' }).format(new Date(nextAt))
  const tries = plural(attempts, { one: '# attempt', other: '# attempts' })
  return error === null ? t`On its way` : t`${error} Tried again at ${at}, after ${tries}.`
}

/** Whose event it is: the novel's title, and the chapter's number. */
export function subjectOf({
  body,
}: DeliveryView): { readonly title: string; readonly language: string } | undefined {
  const { data } = body as {
    data?: { novel?: { title: string; language: string }; chapter?: { number: number } }
  }
  if (!data?.novel) return undefined
  const { title, language } = data.novel
  return { title: data.chapter ? `${title} · ${data.chapter.number}` : title, language }
}
