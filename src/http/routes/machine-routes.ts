import type { MachineView, SegmentScheduler } from '../../jobs/scheduler/segment-scheduler.ts'
import type { ServerDirectory } from '../../jobs/servers/server-directory.ts'
import { Failure } from '../../novel/failure.ts'
import type { ApiServer } from '../api-server.ts'
import { done, failure } from '../contract/field-contract.ts'
import {
  type Machine,
  machineList,
  type Machines,
  oneMachine,
  speakerParams,
} from '../contract/speaker-contract.ts'
import { forwardToOwner } from '../protocol/request-forwarding.ts'

const tags = ['machines']

/** The machines that speak, for people. What is asked of one goes to the server that it joined. */
export function machineRoutes(
  app: ApiServer,
  {
    segmentScheduler,
    servers,
  }: { readonly segmentScheduler: SegmentScheduler; readonly servers: ServerDirectory },
  closing: AbortSignal,
): void {
  const preHandler = forwardToOwner(servers, closing)
  const all = async (): Promise<Machines> => {
    const states = await servers.states()
    return {
      machines: states.flatMap(({ server, machines }) =>
        machines.map((machine) => viewMachine(machine, server.id)),
      ),
      servers: states.map(({ server }) => ({ ...server, leases: [...server.leases] })),
    }
  }
  /** A machine that joined this server. Throws `machine.unknown`. */
  const known = (id: string): Machine => {
    const machine = segmentScheduler.machines().find((each) => each.id === id)
    if (!machine) throw new Failure('machine.unknown', { id })
    return viewMachine(machine, servers.id)
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
      {
        preHandler,
        schema: { tags, summary, params: speakerParams, response: { 200: oneMachine, '4xx': failure } },
      },
      async ({ params }) => {
        known(params.id)
        await segmentScheduler[verb](params.id)
        // A request to another server that follows has to see it.
        await servers.announce()
        return { success: true as const, machine: known(params.id) }
      },
    )
  }

  app.delete(
    '/api/machines/:id',
    {
      preHandler,
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
      await servers.announce()
      return { success: true as const }
    },
  )
}

function viewMachine(machine: MachineView, server: string): Machine {
  return { ...machine, server, leases: [...machine.leases] }
}
