import { z } from 'zod'
import type { ChatModel } from '../../novel/chat-model.ts'

interface ChatAnswer {
  readonly content: string
  /** As the server counts them; `undefined`: it does not. */
  readonly tokens: number | undefined
}

/** Why a chat server gives no answer. The message has nothing of the request: neither its key nor the book's text. */
export class ChatError extends Error {
  /** The same request may be answered later. */
  readonly retryable: boolean
  /** As the server asks for, in milliseconds. */
  readonly retryAfterMs: number | undefined

  constructor(
    message: string,
    {
      retryable,
      retryAfterMs,
      cause,
    }: { readonly retryable: boolean; readonly retryAfterMs?: number | undefined; readonly cause?: unknown },
  ) {
    super(message, { cause })
    this.retryable = retryable
    this.retryAfterMs = retryAfterMs
  }
}

const answerShape = z.object({
  choices: z.array(z.object({ message: z.object({ content: z.string() }) })).min(1),
  usage: z
    .object({ total_tokens: z.number().int().min(0).max(10_000_000) })
    .optional()
    .catch(undefined),
})

const maxBytes = 1_000_000

export interface ChatMessages {
  readonly system: string
  readonly user: string
}

/**
 * Asks a chat server once. Redirects are not followed, so that key and text go to its address alone. Throws `ChatError`, or
 * the signal's reason.
 */
export async function askModel(
  { address, model, key }: ChatModel,
  { system, user }: ChatMessages,
  { signal, timeoutMs }: { readonly signal: AbortSignal; readonly timeoutMs: number },
): Promise<ChatAnswer> {
  const timeout = AbortSignal.timeout(timeoutMs)
  try {
    const response = await fetch(`${address}/chat/completions`, {
      method: 'POST',
      headers: { 'content-type': 'application/json', ...(key && { authorization: `Bearer ${key}` }) },
      body: JSON.stringify({
        model,
        temperature: 0,
        stream: false,
        messages: [
          { role: 'system', content: system },
          { role: 'user', content: user },
        ],
      }),
      redirect: 'error',
      signal: AbortSignal.any([signal, timeout]),
    })
    if (!response.ok) {
      await response.body?.cancel()
      throw statusError(response)
    }
    return readAnswer(await bodyOf(response))
  } catch (cause) {
    if (cause instanceof ChatError) throw cause
    signal.throwIfAborted()
    const seconds = Math.ceil(timeoutMs / 1000)
    throw new ChatError(
      timeout.aborted
        ? `the language model gave no answer within ${seconds} s`
        : 'the language model does not answer; see that its server is running and that the address is right',
      // The cause of a failed fetch names addresses, never headers.
      { retryable: true, cause },
    )
  }
}

function statusError({ status, headers }: Response): ChatError {
  const seconds = Number(headers.get('retry-after'))
  const refused = status === 401 || status === 403
  return new ChatError(
    refused
      ? `the language model refuses the key (${status}); enter the right one`
      : `the language model answers with an error (${status})`,
    {
      retryable: status === 408 || status === 409 || status === 429 || status >= 500,
      retryAfterMs: seconds > 0 ? seconds * 1000 : undefined,
    },
  )
}

async function bodyOf(response: Response): Promise<string> {
  const parts: Uint8Array[] = []
  let size = 0
  for await (const part of response.body ?? []) {
    size += part.length
    if (size > maxBytes)
      throw new ChatError('the language model sends more than an answer', { retryable: false })
    parts.push(part)
  }
  return Buffer.concat(parts).toString()
}

function readAnswer(body: string): ChatAnswer {
  let json: unknown
  try {
    json = JSON.parse(body)
  } catch (cause) {
    throw new ChatError('the language model sends something else than JSON', { retryable: true, cause })
  }
  const parsed = answerShape.safeParse(json)
  if (!parsed.success)
    throw new ChatError('what answers there is no chat server with OpenAI’s interface', { retryable: true })
  const { choices, usage } = parsed.data
  return { content: choices[0]!.message.content, tokens: usage?.total_tokens }
}
