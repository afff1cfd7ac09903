import { z } from 'zod'
import { type ChatModel, standardChatLimits } from '../../novel/chat-model.ts'
import { Failure } from '../../novel/failure.ts'
import { keptOrChanged } from '../../novel/setting-changes.ts'
import { speechServerKey } from '../../novel/speech-server.ts'
import { parseBaseAddress } from '../../novel/typed-address.ts'
import type { Database } from '../../storage/database-tables.ts'
import { changeHouseSetting, houseSetting } from '../../storage/queries/house-setting-queries.ts'
import { askModel, ChatError } from './chat-client.ts'

const name = 'chat-model'
const example = 'http://desk:11434/v1'

const stored = z.object({
  on: z.boolean(),
  address: z.string(),
  model: z.string(),
  key: z.string().optional(),
  maxRequests: z.number(),
  maxTokens: z.number(),
})

/** The language model as an admin, or else the environment, has set it. */
export interface ChatSettings extends ChatModel {
  /** Whether it may be asked. */
  readonly on: boolean
  readonly setBy: 'page' | 'environment' | 'nobody'
}

/** `null` removes the key, `undefined` keeps what there is. */
export interface ChatChanges {
  readonly on?: boolean | undefined
  readonly address?: string | undefined
  readonly model?: string | undefined
  readonly key?: string | null | undefined
  readonly maxRequests?: number | undefined
  readonly maxTokens?: number | undefined
}

/** `environment`: what stands there, as long as nobody has set anything on the page. */
export async function chatSettings(db: Database, environment: ChatModel | undefined): Promise<ChatSettings> {
  return settingsIn(await houseSetting(db, name), environment)
}

/** The model that may be asked; `undefined`: none. */
export async function chatModelOf(
  db: Database,
  environment: ChatModel | undefined,
): Promise<ChatModel | undefined> {
  const { on, setBy: _, ...model } = await chatSettings(db, environment)
  return on ? model : undefined
}

/** Sets it from the page. A key belongs to its address: another one drops it. Throws `request.senseless`. */
export async function changeChatSettings(
  db: Database,
  environment: ChatModel | undefined,
  changes: ChatChanges,
): Promise<ChatSettings> {
  const changed = await changeHouseSetting(db, name, (known) => {
    const { setBy: _, ...before } = settingsIn(known, environment)
    const address = changes.address === undefined ? before.address : chatAddress(changes.address)
    const keptKey = address === before.address ? before.key : undefined
    const key = keptOrChanged(keptKey, changes.key == null ? changes.key : speechServerKey(changes.key))
    const after = {
      on: changes.on ?? before.on,
      address,
      model: changes.model ?? before.model,
      maxRequests: changes.maxRequests ?? before.maxRequests,
      maxTokens: changes.maxTokens ?? before.maxTokens,
      ...(key !== undefined && { key }),
    }
    if (after.on) requireAddress(after)
    return after
  })
  return { ...changed, setBy: 'page' }
}

/** Asks the model something short, as it is set, whether it may be asked for books or not. Throws `chat.silent`. */
export async function tryChatModel(
  db: Database,
  environment: ChatModel | undefined,
  signal: AbortSignal,
): Promise<{ readonly answer: string; readonly ms: number }> {
  const { setBy: _, on: __, ...model } = await chatSettings(db, environment)
  requireAddress(model)
  const began = performance.now()
  try {
    const { content } = await askModel(
      model,
      {
        system: 'Answer with one word.',
        user: '“Come in,” said Anna. Who speaks?',
      },
      { signal, timeoutMs: 60_000 },
    )
    return { answer: content.trim().slice(0, 200), ms: Math.round(performance.now() - began) }
  } catch (error) {
    if (error instanceof ChatError)
      throw new Failure('chat.silent', { detail: error.message }, { cause: error })
    throw error
  }
}

function settingsIn(known: unknown, environment: ChatModel | undefined): ChatSettings {
  const read = stored.safeParse(known)
  if (read.success) {
    const { key, ...rest } = read.data
    return { ...rest, ...(key !== undefined && { key }), setBy: 'page' }
  }
  if (environment) return { ...environment, on: true, setBy: 'environment' }
  return { on: false, address: '', model: '', ...standardChatLimits, setBy: 'nobody' }
}

/** Throws `request.senseless`. */
function requireAddress({ address }: Pick<ChatModel, 'address'>): void {
  if (address === '')
    throw new Failure('request.senseless', { detail: `the address is empty; write one like ${example}` })
}

function chatAddress(typed: string): string {
  if (typed.trim() === '') return ''
  return parseBaseAddress(typed, example)
    .href.replace(/\/+$/, '')
    .replace(/\/chat\/completions$/, '')
}
