import { Socket } from 'node:net'
import type { Database } from '../database-tables.ts'

/**
 * The connections of a server to its database. One that is lost without a word (a host without power, a network that
 * comes back by another way) is not heard of for a quarter of an hour, and whoever asked by it waits for so long, one
 * after the other: so all of which nothing is heard while one was lost are closed.
 */
export class ConnectionWatch {
  readonly #sockets = new Set<Socket>()
  /** Bytes that each had received when another was lost. */
  #received = new Map<Socket, number>()

  /** The socket of a new connection, as `pg` takes it. */
  readonly stream = (): Socket => {
    const socket = new Socket()
    this.#sockets.add(socket)
    socket.once('close', () => {
      this.#sockets.delete(socket)
      this.#received.delete(socket)
    })
    return socket
  }

  /** Another connection was lost. One that is being opened has a time limit of its own, and may be the first that works. */
  lost(): void {
    const open = [...this.#sockets].filter((socket) => socket.bytesRead > 0)
    this.#received = new Map(open.map((socket) => [socket, socket.bytesRead]))
  }

  /** A new connection was opened: closes those that were silent since. Who waits for them gets an error of the storage. */
  closeSilent(): void {
    for (const [socket, bytes] of this.#received) if (socket.bytesRead === bytes) socket.destroy()
    this.#received.clear()
  }
}

const watches = new WeakMap<Database, ConnectionWatch>()

export function watchConnections(db: Database, watch: ConnectionWatch): void {
  watches.set(db, watch)
}

/** Those of a database that was opened for a server. */
export function connectionsOf(db: Database): ConnectionWatch | undefined {
  return watches.get(db)
}
