import { z } from 'zod'
import type { Application } from '../../jobs/application.ts'
import type { SpokenSoundContext } from '../../jobs/generations/spoken-sounds.ts'
import {
  changeLexicon,
  type LexiconContext,
  revertLexicon,
  wantBook,
} from '../../jobs/lexicon/lexicon-commands.ts'
import { planLexicon } from '../../jobs/lexicon/plan-lexicon.ts'
import { checkedEntry } from '../../lexicon/entry-check.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { refuseListener } from '../access/listener-limits.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import {
  hearRequest,
  lexiconPlan,
  lexiconScopeBody,
  lexiconView,
  wantedEntries,
} from '../contract/lexicon-contract.ts'
import { disconnectSignal } from '../protocol/connection-lifetime.ts'
import { fileResponse } from '../protocol/openapi.ts'
import { forwardToSpeakers } from '../protocol/request-forwarding.ts'
import { viewLexicon } from '../views/lexicon-view.ts'

const tags = ['novels']
/** Of a whole list, 5,000 entries of the longest, each character in up to four bytes. */
const listBytes = 8_000_000
const success = z.literal(true)
type WantedEntry = Omit<z.output<typeof wantedEntries>['put'][number], 'off'> & { readonly off?: boolean }
const withLexicon = z.object({ success, lexicon: lexiconView })

type LexiconRouteParts = LexiconContext &
  SpokenSoundContext &
  Pick<Application, 'folder' | 'pool' | 'servers' | 'voices'>

export function lexiconRoutes(app: ApiServer, context: LexiconRouteParts, closing: AbortSignal): void {
  const shown = async (id: string) => ({
    success: true as const,
    lexicon: await viewLexicon(context.db, await requireNovel(context, id)),
  })

  app.get(
    '/api/novels/:id/lexicon',
    {
      schema: {
        tags,
        summary: 'How words are said in a novel, in its series and everywhere',
        params: novelParams,
        response: { 200: withLexicon, '4xx': failure },
      },
    },
    async ({ params }) => shown(params.id),
  )

  app.post(
    '/api/novels/:id/lexicon/entries',
    {
      bodyLimit: listBytes,
      schema: {
        tags,
        summary:
          'Say words otherwise, or not any more: one step that can be undone. Only what has these words is spoken again, in the background',
        params: novelParams,
        body: wantedEntries,
        response: { 200: withLexicon, '4xx': failure },
      },
    },
    async (request) => {
      const { params, body } = request
      const { scope, put, remove } = body
      if (scope !== 'novel') refuseListener(request)
      await changeLexicon(context, params.id, { scope, put: put.map(entryOf), remove })
      return shown(params.id)
    },
  )

  app.post(
    '/api/novels/:id/lexicon/plan',
    {
      bodyLimit: listBytes,
      schema: {
        tags,
        summary: 'What of that which is spoken a change of words would make anew; nothing is changed',
        params: novelParams,
        body: wantedEntries,
        response: { 200: z.object({ success, plan: lexiconPlan }), '4xx': failure },
      },
    },
    async ({ params, body: { scope, put, remove } }, reply) => {
      const novel = await requireNovel(context, params.id)
      const change = { scope, put: put.map(entryOf), remove }
      const plan = await planLexicon(context, novel, change, disconnectSignal(reply))
      return { success: true as const, plan }
    },
  )

  app.post(
    '/api/novels/:id/lexicon/hear',
    {
      preHandler: forwardToSpeakers(context, closing),
      schema: {
        tags,
        summary: 'Hear a sentence with a word said otherwise before that is kept, as audio/mp4',
        params: novelParams,
        body: hearRequest,
        response: fileResponse('audio/mp4'),
      },
    },
    async ({ params, body: { entry, ...heard } }, reply) => {
      const novel = await requireNovel(context, params.id)
      const signal = AbortSignal.any([closing, disconnectSignal(reply)])
      const said = { ...heard, entry: checkedEntry(entryOf(entry)) }
      const { hearEntry } = await import('../../playback/text-to-speech/heard-entry.ts')
      const sample = await hearEntry(context, novel, said, signal)
      return reply.type('audio/mp4').header('cache-control', 'no-store').send(Buffer.from(sample))
    },
  )

  for (const direction of ['undo', 'redo'] as const) {
    app.post(
      `/api/novels/:id/lexicon/${direction}`,
      {
        schema: {
          tags,
          summary:
            direction === 'undo'
              ? 'Take the last change of words back: what was spoken before is there still'
              : 'Make the last change that was undone again',
          params: novelParams,
          body: lexiconScopeBody,
          response: { 200: withLexicon, '4xx': failure },
        },
      },
      async (request) => {
        const { params, body } = request
        if (body.scope !== 'novel') refuseListener(request)
        await revertLexicon(context, params.id, body.scope, direction)
        return shown(params.id)
      },
    )
  }

  app.post(
    '/api/novels/:id/lexicon/apply',
    {
      schema: {
        tags,
        summary: 'Bring the book up to date after that was undone, or did not come about',
        params: novelParams,
        response: { 202: withLexicon, '4xx': failure },
      },
    },
    async ({ params }, reply) => {
      await wantBook(context, params.id)
      return reply.code(202).send(await shown(params.id))
    },
  )
}

/** Without what is left empty. */
function entryOf({ id, written, words, ipa, language, caseSensitive, stem, off }: WantedEntry) {
  return {
    ...(id !== undefined && { id }),
    written,
    ...(words != null && { words }),
    ...(ipa != null && { ipa }),
    ...(language != null && { language }),
    ...(off && { off }),
    caseSensitive,
    stem,
  }
}
