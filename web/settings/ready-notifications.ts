import { t } from '@lingui/core/macro'
import type { ProgressEvent } from '../../src/http/contract/event-contract.ts'
import { base } from '../base.ts'
import { recall, remember } from '../element/stored.ts'
import type { Feed } from '../live/feed.ts'

/** What is told, and what a press on it opens. */
export interface ReadyNotice {
  readonly key: string
  readonly path: string
  readonly novelId: string
  readonly kind: 'completed' | 'failed' | 'chapter'
  readonly number?: number
}

/**
 * What an event of the stream is worth telling: a generation that has ended since this page is open, and the chapter that is
 * open in it. `before`: the status that was known of the generation.
 */
export function noticesOf(event: ProgressEvent, before: string | undefined, path: string): ReadyNotice[] {
  const { id, novelId, status, changed, ahead } = event
  const notices: ReadyNotice[] = []
  const ended = status === 'completed' || status === 'failed'
  // What keeps ahead of a listener is ready again and again.
  if (ended && !ahead && before !== undefined && before !== status)
    notices.push({ key: `${id}/${status}`, path: `/generations/${id}`, novelId, kind: status })
  const open = /^\/novels\/([^/]+)\/chapters\/(\d+)/.exec(path)
  const number = Number(open?.[2])
  const isReady = changed.some((chapter) => chapter.number === number && chapter.status === 'completed')
  if (open?.[1] === novelId && isReady && !ended)
    notices.push({
      key: `${id}/${number}`,
      path: `/novels/${novelId}/chapters/${number}`,
      novelId,
      kind: 'chapter',
      number,
    })
  return notices
}

const rememberedKeys = 100

/** Once per device, whichever of its tabs hears of it first. */
function isFirst(key: string): boolean {
  const told = recall('told')
  const keys = Array.isArray(told) ? told.filter((each) => typeof each === 'string') : []
  if (keys.includes(key)) return false
  remember('told', [...keys, key].slice(-rememberedKeys))
  return true
}

interface NotifyOptions {
  readonly wanted: () => boolean
  readonly titleOf: (novelId: string) => Promise<string>
}

/** Notifies of what is ready while nobody looks at this page. */
export function notifyWhenReady(feed: Pick<Feed, 'watchProgress'>, { wanted, titleOf }: NotifyOptions): void {
  const known = new Map<string, string>()
  feed.watchProgress((event) => {
    const path = location.pathname.slice(base.length)
    const notices = noticesOf(event, known.get(event.id), path)
    known.set(event.id, event.status)
    if (document.visibilityState === 'visible' || !wanted()) return
    if (!('Notification' in globalThis) || Notification.permission !== 'granted') return
    for (const notice of notices) if (isFirst(notice.key)) void show(notice, titleOf)
  })
}

async function show(
  { key, path, novelId, kind, number }: ReadyNotice,
  titleOf: NotifyOptions['titleOf'],
): Promise<void> {
  const title = await titleOf(novelId).catch(() => 'Nightjar')
  const body =
    kind === 'completed'
      ? t`What you asked for is spoken.`
      : kind === 'failed'
        ? t`It is spoken, but for sentences that could not be.`
        : t`Chapter ${number ?? 0} is ready.`
  const notification = new Notification(title, { body, tag: key })
  notification.addEventListener('click', () => {
    focus()
    location.assign(`${base}${path}`)
  })
}
