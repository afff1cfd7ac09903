import { isIP } from 'node:net'
import { hostname, networkInterfaces } from 'node:os'
import type { Settings } from '../config.ts'

/**
 * The URL at which other servers of the same database reach this one: the setting, or, of a server that listens at all
 * addresses, the machine's first address in its network. `local`: as the server itself is asked on its machine.
 */
export function advertisedAddress(
  { NIGHTJAR_ADVERTISE, HOST }: Pick<Settings, 'NIGHTJAR_ADVERTISE' | 'HOST'>,
  local: string,
): string {
  if (NIGHTJAR_ADVERTISE !== '') return NIGHTJAR_ADVERTISE
  const everywhere = isIP(HOST) !== 0 && /^[0:.]+$/.test(HOST)
  if (!everywhere) return local
  const addresses = Object.values(networkInterfaces()).flatMap((found) => found ?? [])
  const outside = addresses.find(({ internal, family }) => !internal && family === 'IPv4')
  const { port } = new URL(local)
  return `http://${outside?.address ?? hostname()}:${port}`
}
