import type { SegmentScheduler } from '../../jobs/scheduler/segment-scheduler.ts'
import { Failure } from '../../novel/failure.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/api-contract.ts'
import { done, type Machine, machineList, oneMachine, speakerParams } from '../contract/speaker-contract.ts'

const tags = ['machines']

/** The machines that speak for this server, for people. */
export function machineRoutes(
  app: ApiServer,
  { segmentScheduler }: { readonly segmentScheduler: SegmentScheduler },
): void {
  const all = (): Machine[] =>
    segmentScheduler.machines().map((machine) => ({ ...machine, leases: [...machine.leases] }))
  /** Throws `machine.unknown`. */
  const known = (id: string): Machine => {
    const machine = all().find((each) => each.id === id)
    if (!machine) throw new Failure('machine.unknown', { id })
    return machine
  }

  app.get(
    '/api/machines',
    {
      schema: {
        tags,
        summary: 'The machines that speak for this server, and what each speaks now',
        response: { 200: machineList, '4xx': failure },
      },
    },
    async () => ({ success: true as const, machines: all() }),
  )

  for (const [verb, summary] of [
    ['drain', 'Give a machine nothing more; what it speaks it finishes'],
    ['resume', 'Give a machine segments again'],
  ] as const) {
    app.post(
      `/api/machines/:id/${verb}`,
      { schema: { tags, summary, params: speakerParams, response: { 200: oneMachine, '4xx': failure } } },
      async ({ params }) => {
        known(params.id)
        await segmentScheduler[verb](params.id)
        return { success: true as const, machine: known(params.id) }
      },
    )
  }

  app.delete(
    '/api/machines/:id',
    {
      schema: {
        tags,
        summary:
          'Remove a machine and take back what it speaks; if it is alive it joins again. To keep it out, revoke its token',
        params: speakerParams,
        response: { 200: done, '4xx': failure },
      },
    },
    async ({ params }) => {
      known(params.id)
      await segmentScheduler.forget(params.id)
      return { success: true as const }
    },
  )
}
