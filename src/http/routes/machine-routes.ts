import type { SegmentScheduler } from '../../jobs/scheduler/segment-scheduler.ts'
import type { ServerDirectory } from '../../jobs/servers/server-directory.ts'
import { Failure } from '../../novel/failure.ts'
import type { ApiServer } from '../api-server.ts'
import { failure } from '../contract/field-contract.ts'
import {
  done,
  type Machine,
  machineList,
  type Machines,
  oneMachine,
  speakerParams,
} from '../contract/speaker-contract.ts'

const tags = ['machines']

/** The machines that speak, for people. */
export function machineRoutes(
  app: ApiServer,
  {
    segmentScheduler,
    servers,
  }: { readonly segmentScheduler: SegmentScheduler; readonly servers: ServerDirectory },
): void {
  const all = async (): Promise<Machines> => {
    const states = await servers.states()
    return {
      machines: states.flatMap(({ server, machines }) =>
        machines.map((machine) => ({ ...machine, server: server.id, leases: [...machine.leases] })),
      ),
      servers: states.map(({ server }) => ({ ...server, leases: [...server.leases] })),
    }
  }
  /** Throws `machine.unknown`. */
  const known = async (id: string): Promise<Machine> => {
    const { machines } = await all()
    const machine = machines.find((each) => each.id === id)
    if (!machine) throw new Failure('machine.unknown', { id })
    return machine
  }

  app.get(
    '/api/machines',
    {
      schema: {
        tags,
        summary: 'The servers and the machines that speak for them, and what each speaks now',
        response: { 200: machineList, '4xx': failure },
      },
    },
    async () => ({ success: true as const, ...(await all()) }),
  )

  for (const [verb, summary] of [
    ['drain', 'Give a machine nothing more; what it speaks it finishes'],
    ['resume', 'Give a machine segments again'],
  ] as const) {
    app.post(
      `/api/machines/:id/${verb}`,
      { schema: { tags, summary, params: speakerParams, response: { 200: oneMachine, '4xx': failure } } },
      async ({ params }) => {
        await known(params.id)
        await segmentScheduler[verb](params.id)
        return { success: true as const, machine: await known(params.id) }
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
      await known(params.id)
      await segmentScheduler.forget(params.id)
      return { success: true as const }
    },
  )
}
