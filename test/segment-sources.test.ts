import { segmentSourceContract } from './contracts/segment-source-contract.ts'
import { emptyDatabase } from './fixtures/small-novel.ts'
import { sharedWorld, SourceWorld } from './program/source-world.ts'

segmentSourceContract('of one server', async () =>
  SourceWorld.open(await sharedWorld(await emptyDatabase()), 'pending'),
)
segmentSourceContract('of several servers', async () =>
  SourceWorld.open(await sharedWorld(await emptyDatabase()), 'claims'),
)
