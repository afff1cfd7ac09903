import { connect, createServer, type Socket } from 'node:net'
import type { AddressInfo } from 'node:net'

/**
 * A network between a program and a server's socket that can be cut without a word: what is sent gets lost, and nobody is
 * told. When it is back, new connections work; those from before never do.
 */
export async function silentNetwork(socket: string) {
  let isCut = false
  const open = new Set<Socket>()
  const server = createServer((near) => {
    open.add(near)
    near.on('error', () => undefined)
    if (isCut) {
      near.resume()
      return
    }
    const far = connect(socket)
    open.add(far)
    far.on('error', () => undefined)
    let works = true
    lines.add(() => (works = false))
    near.on('data', (data) => works && far.write(data))
    far.on('data', (data) => works && near.write(data))
    near.on('close', () => works && far.destroy())
    far.on('close', () => works && near.destroy())
  })
  const lines = new Set<() => void>()
  await new Promise<void>((resolve) => {
    server.listen(0, '127.0.0.1', resolve)
  })
  return {
    port: (server.address() as AddressInfo).port,
    cut(): void {
      isCut = true
      for (const end of lines) end()
      lines.clear()
    },
    mend(): void {
      isCut = false
    },
    async [Symbol.asyncDispose](): Promise<void> {
      for (const each of open) each.destroy()
      await new Promise((resolve) => {
        server.close(resolve)
      })
    },
  }
}
