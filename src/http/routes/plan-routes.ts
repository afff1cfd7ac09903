import { z } from 'zod'
import { Failure } from '../../novel/failure.ts'
import { numbersAhead, planGeneration } from '../../jobs/generations/generation-plan.ts'
import type { ApiServer } from '../api-server.ts'
import { failure, novelParams } from '../contract/field-contract.ts'
import { plan, planRequest } from '../contract/plan-contract.ts'

export function planRoutes(app: ApiServer, application: Parameters<typeof planGeneration>[0]): void {
  app.post(
    '/api/novels/:id/plan',
    {
      schema: {
        tags: ['generation'],
        summary: 'What a generation would do: hours of audio, time, disk, what is reused; nothing is begun',
        params: novelParams,
        body: planRequest,
        response: { 200: z.object({ success: z.literal(true), plan }), '4xx': failure },
      },
    },
    async ({ params, body }) => {
      if (body.ahead !== undefined && body.chapterNumbers !== undefined)
        throw new Failure('request.senseless', { detail: 'chapterNumbers and ahead exclude each other' })
      const { ahead, ...asked } = body
      const window = ahead !== undefined && {
        chapterNumbers: await numbersAhead(application, params.id, ahead),
      }
      const planned = await planGeneration(application, { novelId: params.id, ...asked, ...window })
      const { disk } = planned
      return { success: true as const, plan: { ...planned, disk: { ...disk, free: disk.free ?? null } } }
    },
  )
}
