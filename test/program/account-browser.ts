import { Api } from './api-client.ts'

/** A browser as far as accounts go: it keeps the cookies that it is given and says where its requests come from. */
export class Browser extends Api {
  /** Of its session. */
  cookie = ''
  /** Of its way to an OpenID provider and back. */
  away = ''

  override async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    const cookies = [this.cookie, this.away].filter((cookie) => cookie !== '')
    if (cookies.length > 0 && !headers.has('cookie')) headers.set('cookie', cookies.join('; '))
    if (!headers.has('origin')) headers.set('origin', new URL(this.address).origin)
    const response = await super.fetch(path, { ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      const kept = set.includes('Max-Age=0') ? '' : pair
      if (/^(?:__Host-)?nightjar-away=/.test(pair)) this.away = kept
      else this.cookie = kept
    }
    return response
  }

  send(method: string, path: string, body?: unknown): Promise<Response> {
    return this.fetch(path, {
      method,
      ...(body !== undefined && {
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify(body),
      }),
    })
  }

  /** Follows a link, and returns where it is sent on to. */
  async sentTo(path: string): Promise<string> {
    const response = await this.fetch(path, { redirect: 'manual', headers: { 'sec-fetch-mode': 'navigate' } })
    const location = response.headers.get('location')
    if (location === null) throw new Error(`${response.status} ${await response.text()}`)
    return location
  }

  /** Signs in. Throws the answer if it is a failure. */
  async signIn(name: string, password: string): Promise<this> {
    const response = await this.post('/api/accounts/sign-in', { name, password })
    if (!response.ok) throw new Error(await response.text())
    return this
  }
}
