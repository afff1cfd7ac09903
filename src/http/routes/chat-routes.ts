import type { Application } from '../../jobs/application.ts'
import type { ChatSettings } from '../../jobs/cast/chat-settings.ts'
import type { ApiServer } from '../api-server.ts'
import { chatAnswer, chatPatch, chatTrial, type ChatView } from '../contract/chat-contract.ts'
import { failure } from '../contract/field-contract.ts'

const tags = ['cast']

/** The language model that may be asked who speaks: set by an admin, its key never told. */
export function chatRoutes(
  app: ApiServer,
  { castQuestions }: Pick<Application, 'castQuestions'>,
  closing: AbortSignal,
): void {
  app.get(
    '/api/chat-model',
    {
      schema: {
        tags,
        summary: 'The language model that may be asked who speaks, and its limits',
        response: { 200: chatAnswer, '4xx': failure },
      },
    },
    async () => ({ success: true as const, chat: viewChat(await castQuestions.settings()) }),
  )

  app.patch(
    '/api/chat-model',
    {
      schema: {
        tags,
        summary: 'Set the language model, or switch it on or off',
        body: chatPatch,
        response: { 200: chatAnswer, '4xx': failure },
      },
    },
    async (request) => ({
      success: true as const,
      chat: viewChat(await castQuestions.change(request.body)),
    }),
  )

  app.post(
    '/api/chat-model/test',
    {
      schema: {
        tags,
        summary: 'Ask the language model something short; nothing of a book is sent',
        response: { 200: chatTrial, '4xx': failure, 502: failure },
      },
    },
    async () => ({ success: true as const, ...(await castQuestions.tryModel(closing)) }),
  )
}

function viewChat(chat: ChatSettings): ChatView {
  const { key, ...settings } = chat
  return { ...settings, hasKey: key !== undefined }
}
