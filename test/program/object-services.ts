import { S3Server, skipWithoutS3 } from './s3-server.ts'
import { objectsFolder, testObjects } from './test-storage.ts'

/** Of `vitest --mode objects`: an S3 server for the whole run, in which each test has a folder. */
export default async function startObjectServices(): Promise<() => Promise<void>> {
  const services = new AsyncDisposableStack()
  // Without one, which CI does not allow, objects lie in the data folders and clips in Postgres.
  if (!skipWithoutS3) {
    const server = services.use(await S3Server.start())
    process.env[testObjects] = JSON.stringify(server.settings(objectsFolder))
  }
  return () => services.disposeAsync()
}
