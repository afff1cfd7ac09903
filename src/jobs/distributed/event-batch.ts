import { z } from 'zod'
import { type ApplicationEvent, listenerMatters } from '../event-bus.ts'

/** More texts than this are not sent: hearers read everything again instead. */
const maxTexts = 100
const idsPerEvent = 400

/** Events to be sent to other servers: of those that say the same, the last alone. */
export class EventBatch {
  readonly #events = new Map<string, ApplicationEvent>()
  readonly #chapters = new Set<number>()

  get isEmpty(): boolean {
    return this.#events.size === 0 && this.#chapters.size === 0
  }

  add(event: ApplicationEvent): void {
    if (event.kind === 'chapters') {
      for (const id of event.ids) this.#chapters.add(id)
      return
    }
    const key = keyOf(event)
    this.#events.delete(key)
    this.#events.set(key, event)
  }

  /** Texts of at most `maxBytes` each, and an empty batch. */
  take(sender: string, maxBytes: number): string[] {
    // What caches forget comes first, so that what is shown is read anew.
    const ids = [...this.#chapters]
    const events: ApplicationEvent[] = []
    for (let at = 0; at < ids.length; at += idsPerEvent)
      events.push({ kind: 'chapters', ids: ids.slice(at, at + idsPerEvent) })
    events.push(...this.#events.values())
    this.clear()
    const texts = textsOf(sender, events, maxBytes)
    return texts.length > maxTexts ? textsOf(sender, [{ kind: 'everything' }], maxBytes) : texts
  }

  clear(): void {
    this.#events.clear()
    this.#chapters.clear()
  }
}

function keyOf(event: Exclude<ApplicationEvent, { kind: 'chapters' }>): string {
  if (event.kind === 'segment') {
    const { novelId, chapterNumber, index } = event.segment
    return `segment/${novelId}/${chapterNumber}/${index}/${event.recipe}`
  }
  if ('id' in event) return `${event.kind}/${event.id}`
  if (event.kind === 'listener')
    return `listener/${event.listener}/${event.about}/${event.novelId ?? ''}/${event.device ?? ''}`
  return event.kind === 'playback' ? `playback/${event.novelId}` : event.kind
}

/** As many events in a text as it may hold. */
function textsOf(sender: string, events: readonly ApplicationEvent[], maxBytes: number): string[] {
  const texts: string[] = []
  const [head, tail] = [`{"from":${JSON.stringify(sender)},"events":[`, ']}']
  const fixed = Buffer.byteLength(head) + tail.length
  let [parts, size]: [string[], number] = [[], fixed]
  for (const event of events) {
    const part = JSON.stringify(event)
    const bytes = Buffer.byteLength(part) + 1
    if (parts.length > 0 && size + bytes > maxBytes) {
      texts.push(head + parts.join() + tail)
      ;[parts, size] = [[], fixed]
    }
    parts.push(part)
    size += bytes
  }
  if (parts.length > 0) texts.push(head + parts.join() + tail)
  return texts
}

const id = z.string()
const message = z.object({
  from: z.string(),
  events: z.array(
    z.union([
      z.object({
        kind: z.literal('segment'),
        recipe: z.string(),
        segment: z.object({
          novelId: id,
          chapterNumber: z.number(),
          index: z.number(),
          voice: z.string(),
          speed: z.number(),
          state: z.enum(['speaking', 'spoken', 'waiting', 'set-aside']),
          seconds: z.number().exactOptional(),
        }),
      }),
      z.object({
        kind: z.enum(['progress', 'generation', 'install', 'speech-server', 'novel', 'machine']),
        id,
      }),
      z.object({
        kind: z.literal('listener'),
        listener: id,
        about: z.enum(listenerMatters),
        novelId: id.exactOptional(),
        device: id.exactOptional(),
      }),
      z.object({ kind: z.literal('chapters'), ids: z.array(z.number()) }),
      z.object({
        kind: z.literal('playback'),
        novelId: id,
        chapterNumber: z.number(),
        segment: z.number(),
      }),
      z.object({ kind: z.enum(['voices', 'webhooks', 'words', 'epoch', 'everything']) }),
    ]),
  ),
})

/** The events of a text; what cannot be understood, as that of a newer version, may mean anything. */
export function eventsOf(text: string): {
  readonly from: string
  readonly events: readonly ApplicationEvent[]
} {
  try {
    return message.parse(JSON.parse(text))
  } catch {
    return { from: '', events: [{ kind: 'everything' }] }
  }
}
