import { Api } from './api-client.ts'

/** A browser as far as accounts go: it keeps the cookie that it is given and says where its requests come from. */
export class Browser extends Api {
  cookie = ''

  override async fetch(path: string, init: RequestInit = {}): Promise<Response> {
    const headers = new Headers(init.headers)
    if (this.cookie !== '') headers.set('cookie', this.cookie)
    if (!headers.has('origin')) headers.set('origin', new URL(this.address).origin)
    const response = await super.fetch(path, { ...init, headers })
    for (const set of response.headers.getSetCookie()) {
      const [pair = ''] = set.split(';')
      this.cookie = set.includes('Max-Age=0') ? '' : pair
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

  /** Signs in. Throws the answer if it is a failure. */
  async signIn(name: string, password: string): Promise<this> {
    const response = await this.post('/api/accounts/sign-in', { name, password })
    if (!response.ok) throw new Error(await response.text())
    return this
  }
}
