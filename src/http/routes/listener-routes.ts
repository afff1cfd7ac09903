import { z } from 'zod'
import { listenerOf } from '../../accounts/callers.ts'
import type { Application } from '../../jobs/application.ts'
import { requireNovel } from '../../jobs/require-novel.ts'
import { changeSettings, settingsOf } from '../../storage/queries/listener-queries.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import {
  listenerSettings,
  listenerSettingsPatch,
  novelSettings,
  novelSettingsPatch,
} from '../contract/listener-contract.ts'
import { knownSettings } from '../views/settings-view.ts'

const tags = ['listening']

/** The settings of who asks: for everything, and in one novel. */
export function listenerRoutes(app: ApiServer, { db, eventBus }: Pick<Application, 'db' | 'eventBus'>): void {
  const response = {
    200: z.object({ success: z.literal(true), settings: listenerSettings }),
    '4xx': failure,
  }
  const ofNovel = { 200: z.object({ success: z.literal(true), settings: novelSettings }), '4xx': failure }

  app.get(
    '/api/listener/settings',
    { schema: { tags, summary: 'The listener’s settings; what was never set is left out', response } },
    async (request) => {
      const stored = await settingsOf(db, { listener: listenerOf(request) })
      return { success: true as const, settings: knownSettings(listenerSettings, stored) }
    },
  )

  app.patch(
    '/api/listener/settings',
    {
      schema: {
        tags,
        summary: 'Change some of them: merged as JSON Merge Patch, null removes',
        body: listenerSettingsPatch,
        response,
      },
    },
    async (request) => {
      const listener = listenerOf(request)
      const stored = await changeSettings(db, { listener }, request.body)
      eventBus.publish({ kind: 'listener', listener, about: 'settings' })
      return { success: true as const, settings: knownSettings(listenerSettings, stored) }
    },
  )

  app.get(
    '/api/novels/:id/settings',
    {
      schema: {
        tags,
        summary: 'The listener’s settings in this novel, which go before those for all',
        params: novelParams,
        response: ofNovel,
      },
    },
    async (request) => {
      const { id: novelId } = await requireNovel({ db }, request.params.id)
      const stored = await settingsOf(db, { listener: listenerOf(request), novelId })
      return { success: true as const, settings: knownSettings(novelSettings, stored) }
    },
  )

  app.patch(
    '/api/novels/:id/settings',
    {
      schema: {
        tags,
        summary: 'Change some of them, likewise',
        params: novelParams,
        body: novelSettingsPatch,
        response: ofNovel,
      },
    },
    async (request) => {
      const listener = listenerOf(request)
      const { id: novelId } = await requireNovel({ db }, request.params.id)
      const stored = await changeSettings(db, { listener, novelId }, request.body)
      eventBus.publish({ kind: 'listener', listener, about: 'settings', novelId })
      return { success: true as const, settings: knownSettings(novelSettings, stored) }
    },
  )
}
