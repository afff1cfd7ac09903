import { lockContract } from '../../../test/contracts/lock-contract.ts'
import { InProcessLock } from './in-process-lock.ts'

lockContract('in one process', () =>
  Promise.resolve({ lock: new InProcessLock(), close: () => Promise.resolve() }),
)
