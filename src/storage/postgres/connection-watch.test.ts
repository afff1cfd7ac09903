import { once } from 'node:events'
import { type AddressInfo, createServer, type Socket } from 'node:net'
import { expect, test } from 'vitest'
import { ConnectionWatch } from './connection-watch.ts'

test('after a loss those that stay silent are closed, and none that is being opened', async () => {
  const accepted: Socket[] = []
  const server = createServer((socket) => accepted.push(socket))
  await once(server.listen(0, '127.0.0.1'), 'listening')
  const { port } = server.address() as AddressInfo
  const watch = new ConnectionWatch()
  const opened = async (): Promise<[ours: Socket, theirs: Socket]> => {
    const socket = watch.stream()
    await Promise.all([once(server, 'connection'), once(socket.connect(port, '127.0.0.1'), 'connect')])
    return [socket, accepted.at(-1)!]
  }
  try {
    const [silent, silentPeer] = await opened()
    const [alive, alivePeer] = await opened()
    for (const [ours, theirs] of [
      [silent, silentPeer],
      [alive, alivePeer],
    ] as const) {
      theirs.write('welcome')
      await once(ours, 'data')
    }
    const [opening] = await opened()
    watch.lost()
    alivePeer.write('an answer')
    await once(alive, 'data')
    watch.closeSilent()
    expect([silent.destroyed, alive.destroyed, opening.destroyed]).toEqual([true, false, false])
    alive.destroy()
    opening.destroy()
  } finally {
    for (const socket of accepted) socket.destroy()
    server.close()
  }
})
