/** What one novel may cost unless somebody says otherwise. */
export const standardChatLimits = { maxRequests: 500, maxTokens: 2_000_000 } as const

/** A language model behind a chat server with OpenAI's interface. */
export interface ChatModel {
  /** Base address of its paths: `http://desk:11434/v1`. */
  readonly address: string
  readonly model: string
  /** Sent to this address only. */
  readonly key?: string
  /** What one novel may cost. */
  readonly maxRequests: number
  readonly maxTokens: number
}
