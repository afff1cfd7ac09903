import { isIP } from 'node:net'
import { hostname } from 'node:os'

/**
 * The names under which this server may be asked for. A page elsewhere can have its own name lead to this machine (DNS
 * rebinding) and is then of the same origin for the browser; the name in `Host` and `Origin` is all that gives it away.
 * Addresses in figures cannot be rebound, `localhost` is resolved by the browser itself.
 */
export class AllowedHosts {
  readonly #names: ReadonlySet<string>
  readonly #origins: ReadonlySet<string>

  /**
   * `bound`: what the server listens at; if that is every address, the machine's own name counts too. `listed`: names of
   * the settings, with a port where a page at this port shall be the own one.
   */
  constructor(bound: string, listed: readonly string[]) {
    const everywhere = isIP(bound) !== 0 && /^[0:.]+$/.test(bound)
    const machine = everywhere ? [hostname(), `${hostname()}.local`] : []
    const own = ['localhost', bound, ...machine].flatMap((name) => parseHost(name) ?? [])
    const named = listed.flatMap((name) => parseHost(name) ?? [])
    this.#names = new Set([...own, ...named].map(({ name }) => name))
    this.#origins = new Set(named.map(({ name, port }) => `${name}:${port}`))
  }

  /** `host`: as in the header, with or without a port. */
  allowsHost(host: string): boolean {
    const name = parseHost(host)?.name
    return name !== undefined && (isIP(name.replace(/^\[|\]$/g, '')) !== 0 || this.#names.has(name))
  }

  /**
   * Whether a page at `origin` is this server's own, asked for as `host`: at the same name and port, or, behind a proxy
   * that puts another name into `Host`, at a name of the settings.
   */
  allowsOrigin(origin: string, host: string | undefined): boolean {
    if (!URL.canParse(origin)) return false
    const url = new URL(origin)
    if (url.host === host?.toLowerCase()) return true
    return this.#origins.has(`${withoutTrailingDot(url.hostname)}:${url.port}`)
  }
}

/** A host as a browser writes it: lower case, Punycode, no default port; `undefined`: no host at all. */
function parseHost(host: string): { readonly name: string; readonly port: string } | undefined {
  const address = `http://${isIP(host) === 6 ? `[${host}]` : host}`
  if (!/^[^\s/@?#\\]+$/.test(host) || !URL.canParse(address)) return undefined
  const { hostname: name, port } = new URL(address)
  return { name: withoutTrailingDot(name), port: port === '443' ? '' : port }
}

function withoutTrailingDot(name: string): string {
  return name.replace(/\.$/, '')
}

/** Whether it is a name, with a port perhaps, as a setting may list it. */
export function isHostName(text: string): boolean {
  return parseHost(text) !== undefined
}
