import type { FastifyRequest } from 'fastify'
import { Failure } from '../../novel/failure.ts'

declare module 'fastify' {
  interface FastifyRequest {
    /** The path prefix of this server's URLs for this request: `/nightjar`, or empty. */
    basePath: string
  }
}

/** Unreserved characters only, because the base path is written into pages and documents unescaped. */
const basePathPattern = /^(?:\/(?!\.{1,2}(?:\/|$))[\w.~-]+)+$/

/** Normalizes a base path: `nightjar/` → `/nightjar`, `/` → empty; `undefined` if it is invalid. */
export function basePath(text: string): string | undefined {
  const path = text
    .trim()
    .replace(/\/+$/, '')
    .replace(/^(?=[^/])/, '/')
  return path === '' || basePathPattern.test(path) ? path : undefined
}

/** Removes the base path from a request URL. A URL without it is unchanged: the proxy may have removed it already. */
export function stripBasePath(url: string, base: string): string {
  if (base === '' || !url.startsWith(base)) return url
  const rest = url.slice(base.length)
  if (rest === '' || rest.startsWith('?')) return `/${rest}`
  return rest.startsWith('/') ? rest : url
}

/** The base path from a trusted proxy's `X-Forwarded-Prefix`, else from the settings. */
export function requestBasePath(
  { headers }: Pick<FastifyRequest, 'headers'>,
  base: string,
  trusted: boolean,
): string {
  const forwardedPrefix = trusted ? headers['x-forwarded-prefix'] : undefined
  return (typeof forwardedPrefix === 'string' ? basePath(forwardedPrefix) : undefined) ?? base
}

/**
 * The server's absolute URL as the client addressed it, e.g. `http://box.local:4747` or `https://home/nightjar`, for
 * feeds and QR codes. Forwarded headers count only if proxies are trusted. Throws `request.invalid`.
 */
export function publicBaseUrl({ protocol, host, basePath }: FastifyRequest): string {
  const address = `${protocol}://${host}`
  if (!/^https?:\/\/[\w.:[\]-]+$/.test(address) || !URL.canParse(address)) {
    throw new Failure('request.invalid', { detail: 'its Host header names no server' })
  }
  return new URL(address).origin + basePath
}

/** Appends these values to the query of a URL; `undefined` values are left out. */
export function withQuery(
  address: string,
  values: Readonly<Record<string, string | number | undefined>>,
): string {
  const given = Object.entries(values).flatMap(([name, value]): [string, string][] =>
    value === undefined ? [] : [[name, String(value)]],
  )
  if (given.length === 0) return address
  return `${address}${address.includes('?') ? '&' : '?'}${new URLSearchParams(given)}`
}
