import { randomBytes, randomUUID } from 'node:crypto'

/** The id of a server from its start to its end: eight hexadecimal digits. */
export function newServerId(): string {
  return randomBytes(4).toString('hex')
}

/**
 * A UUID that begins with a server's id, so that each server can tell whose machine or lease it names. Version 8 of RFC
 * 9562: its other digits are random.
 */
export function uuidOfServer(server: string): string {
  return `${server}${randomUUID().slice(8, 14)}8${randomUUID().slice(15)}`
}

/** The server whose UUID it is. */
export function serverOfUuid(uuid: string): string {
  return uuid.slice(0, 8)
}
