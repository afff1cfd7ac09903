import { eventBusContract } from '../../../test/contracts/event-bus-contract.ts'
import { InProcessEventBus } from './in-process-event-bus.ts'

eventBusContract('in one process', () => {
  const logged: unknown[] = []
  const bus = new InProcessEventBus({ error: (details: { err: unknown }) => logged.push(details.err) })
  return Promise.resolve({
    bus,
    logged,
    delivered: () => Promise.resolve(),
    close: () => Promise.resolve(),
  })
})
