import { executionProviders } from './speech/onnx/execution-provider.ts'
import { existsSync } from 'node:fs'
import { availableParallelism, homedir, hostname } from 'node:os'
import { join } from 'node:path'
import { z } from 'zod'
import { accountSettings } from './account-settings.ts'
import { bookSettings } from './book-settings.ts'
import { isServerAddress } from './server-url.ts'
import { basePath } from './http/protocol/public-urls.ts'
import { isHostName } from './http/protocol/request-security.ts'
import type { Pauses } from './novel/clip.ts'
import type { ChatModel } from './novel/chat-model.ts'
import { Failure } from './novel/failure.ts'
import { type S3Address, s3Address } from './storage/s3-address.ts'
import { voiceSource } from './storage/voices/voice-source.ts'

const seconds = (standard: number) => z.coerce.number().min(0).max(10).default(standard)

/** Every setting with its description in the README. Settings are environment variables, or lines of a `.env` file. */
export const settings = z.object({
  PORT: z.coerce.number().int().min(0).max(65_535).default(4747).describe('where the page and the API are'),
  HOST: z.string().min(1).default('127.0.0.1').describe('`0.0.0.0`: other devices too; people then sign in'),
  ...accountSettings,
  NIGHTJAR_DATA: z.string().min(1).default('./data').describe('the folder that holds everything'),
  NIGHTJAR_DATABASE: z
    .string()
    .regex(/^$|^postgres(?:ql)?:\/\/\S+$/, {
      message: 'an address such as postgres://user:password@host/name',
    })
    .default('')
    .describe('a Postgres database, `postgres://user:password@host/name`; empty: SQLite in the data folder'),
  NIGHTJAR_OBJECTS: z
    .string()
    .default('')
    .superRefine((value, context) => {
      try {
        objectsAddress(value)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as RangeError).message })
      }
    })
    .describe(
      'where books, covers, voices, MP3 and Opus are kept, and with a `NIGHTJAR_DATABASE` what is spoken: `s3://BUCKET?endpoint=https://HOST`, or a folder that several machines share; empty: the data folder',
    ),
  AWS_ACCESS_KEY_ID: z.string().default('').describe('the key of the S3 store'),
  AWS_SECRET_ACCESS_KEY: z.string().default('').describe('its secret'),
  NIGHTJAR_SPEAKERS: z.coerce
    .number()
    .int()
    .min(0)
    .max(256)
    .default(availableParallelism())
    .describe(
      'processes that speak at the same time; the number of cores if left out; `0`: other machines speak',
    ),
  NIGHTJAR_PROVIDER: z
    .enum(executionProviders)
    .default('cpu')
    .describe(
      'what large voices (Kokoro) are run on: `cpu`, `cuda`, `webgpu`, `coreml`, `dml`; the CPU where it cannot be used',
    ),
  NIGHTJAR_CHAT: z
    .string()
    .regex(/^$|^https?:\/\/[^\s@?#]+$/, { message: 'an address such as http://desk:11434/v1' })
    .default('')
    .describe(
      'a language model that may propose who speaks what a book leaves open: the address of a chat server with OpenAI’s interface, `http://desk:11434/v1`; passages of the book are sent there; empty: none',
    ),
  NIGHTJAR_CHAT_MODEL: z.string().default('').describe('the name of its model'),
  NIGHTJAR_CHAT_KEY: z.string().default('').describe('its key; it is sent to this server only'),
  NIGHTJAR_CHAT_REQUESTS: z.coerce
    .number()
    .int()
    .min(1)
    .max(1_000_000)
    .default(500)
    .describe('requests that one book may cost'),
  NIGHTJAR_CHAT_TOKENS: z.coerce
    .number()
    .int()
    .min(1000)
    .max(1_000_000_000)
    .default(2_000_000)
    .describe('tokens that one book may cost'),
  NIGHTJAR_LOG: z
    .enum(['silent', 'error', 'warn', 'info', 'debug'])
    .default('info')
    .describe('how much the log tells: `silent`, `error`, `warn`, `info`, `debug`'),
  NIGHTJAR_UPLOAD_LIMIT: z.coerce
    .number()
    .min(1)
    .max(100_000)
    .default(500)
    .describe('megabytes that an uploaded book may have'),
  NIGHTJAR_RECORDINGS_LIMIT: z.coerce
    .number()
    .min(1)
    .max(10_000_000)
    .default(2000)
    .describe('megabytes of MP3 and Opus that are kept; the least recently asked for go first'),
  NIGHTJAR_VOICE_SOURCE: z
    .string()
    .default('https://huggingface.co')
    .superRefine((value, context) => {
      try {
        voiceSource(value)
      } catch (error) {
        context.addIssue({ code: 'custom', message: (error as RangeError).message })
      }
    })
    .describe('where voices are fetched from: an address, or a folder, with the same paths below it'),
  NIGHTJAR_AUDIOBOOKSHELF: z
    .string()
    .default('')
    .describe('a folder of audiobookshelf’s library, into which finished novels are written; empty: none'),
  ...bookSettings,
  NIGHTJAR_BEHIND_PROXY: z
    .enum(['no', 'yes'])
    .default('no')
    .describe(
      '`yes` if a proxy of yours stands before Nightjar and sets `X-Forwarded-Proto`, `X-Forwarded-Host` and perhaps `X-Forwarded-Prefix`: feeds then have its address',
    ),
  NIGHTJAR_HOSTS: z
    .string()
    .default('')
    .transform((value) => value.split(/[\s,]+/).filter((name) => name !== ''))
    .refine((names) => names.every(isHostName), {
      message: 'names such as box.local, with commas between them',
    })
    .describe(
      'names at which Nightjar is reached, comma separated: `box.local,books.example.org`; addresses in figures, `localhost` and `HOST` always are',
    ),
  NIGHTJAR_ADVERTISE: z
    .string()
    .default('')
    .refine((address) => address === '' || isServerAddress(address), {
      message: 'an address such as http://10.0.0.5:4747',
    })
    .describe(
      'where the other servers of the same Postgres database reach this one: `http://10.0.0.5:4747`; if left out, `HOST`, or the machine’s address in its network, and `PORT`',
    ),
  NIGHTJAR_BASE: z
    .string()
    .default('')
    .transform((value, context) => {
      const base = basePath(value)
      if (base === undefined) context.addIssue({ code: 'custom', message: 'a path such as /nightjar' })
      return base ?? ''
    })
    .describe('the path below which a proxy shows Nightjar: `/nightjar`; empty: none'),
  NIGHTJAR_PAUSE_SENTENCE: seconds(0.25).describe('seconds of silence after a sentence'),
  NIGHTJAR_PAUSE_PARAGRAPH: seconds(0.6).describe('after a paragraph'),
  NIGHTJAR_PAUSE_CHAPTER: seconds(0.5).describe('before the first word of a chapter'),
  NIGHTJAR_PAUSE_SECTION: seconds(1.2).describe('after a heading and at a scene break'),
})

export type Settings = z.infer<typeof settings>

/** The settings of `nightjar speak`, with their descriptions in docs/many-machines.md. */
export const speakSettings = z.object({
  NIGHTJAR_SERVER: z
    .string({ error: 'which server? nightjar speak --server http://box.local:4747' })
    .transform((value, context) => {
      const addresses = value.split(/[\s,]+/).filter((address) => address !== '')
      if (addresses.length > 0 && addresses.every(isServerAddress)) return addresses
      context.addIssue({ code: 'custom', message: 'an address such as http://box.local:4747' })
      return z.NEVER
    })
    .describe('`--server`: where the server is; several, with commas between them, are tried in turn'),
  NIGHTJAR_TOKEN: z
    .string({ error: '"nightjar token create NAME" makes one, where the server is' })
    .regex(/^[\w-]+$/, 'a token such as "nightjar token create NAME" prints')
    .describe('`--token`: what `nightjar token create NAME` printed'),
  NIGHTJAR_SPEAKERS: z.coerce
    .number()
    .int()
    .min(1)
    .max(256)
    .default(availableParallelism())
    .describe('`--speakers`: texts spoken at the same time; the number of cores if left out'),
  NIGHTJAR_NAME: z
    .string()
    .regex(/\S/)
    .max(100)
    .default(hostname)
    .describe('`--name`: what the server calls this machine'),
  NIGHTJAR_CACHE: z
    .string()
    .min(1)
    .default(() => join(homedir(), '.cache', 'nightjar'))
    .describe('where the networks of installed voices are kept'),
  NIGHTJAR_CACHE_LIMIT: z.coerce
    .number()
    .min(1)
    .max(10_000_000)
    .default(20_000)
    .describe('megabytes of them; the least recently used go first'),
  NIGHTJAR_PROVIDER: settings.shape.NIGHTJAR_PROVIDER,
  NIGHTJAR_LOG: settings.shape.NIGHTJAR_LOG,
})

export type SpeakSettings = z.infer<typeof speakSettings>

/** Where objects are kept: in a bucket, or (its path) in a folder. Throws a `RangeError` that says what is wrong. */
export function objectsAddress(setting: string): S3Address | string {
  if (/^s3:/i.test(setting)) return s3Address(setting)
  if (/^[a-z][\w+.-]+:/i.test(setting)) {
    throw new RangeError('an address that begins with s3://, or the path of a folder')
  }
  return setting
}

/** The pauses of a recipe, in seconds. */
export function pausesOf(given: Settings): Required<Pauses> {
  return {
    sentence: given.NIGHTJAR_PAUSE_SENTENCE,
    paragraph: given.NIGHTJAR_PAUSE_PARAGRAPH,
    section: given.NIGHTJAR_PAUSE_SECTION,
    opening: given.NIGHTJAR_PAUSE_CHAPTER,
  }
}

/** Loads the `.env` file of the current folder, if there is one; variables that are already set win. */
export function loadEnvironmentFile(): void {
  if (existsSync('.env')) process.loadEnvFile('.env')
}

/**
 * The environment of a speech worker. One malloc arena for all threads instead of one for each saves glibc 50 to 70 MB
 * a worker, at no measurable cost in time.
 */
export function workerEnvironment(): Readonly<Record<string, string | undefined>> {
  return { ...process.env, MALLOC_ARENA_MAX: '1' }
}

type Environment = Readonly<Record<string, string | undefined>>

/** The environment with what the command line says instead; `undefined`: it says nothing. */
export function environmentWith(options: Environment): Environment {
  const given = Object.entries(options).filter(([, value]) => value !== undefined)
  return { ...process.env, ...Object.fromEntries(given) }
}

/** Parses the environment; an empty value counts as left out. Throws `settings.invalid` naming the setting. */
export function readSettings(environment: Environment = process.env): Settings {
  const given = parse(settings, environment)
  const needsKeys = typeof objectsAddress(given.NIGHTJAR_OBJECTS) !== 'string'
  if (needsKeys && (given.AWS_ACCESS_KEY_ID === '' || given.AWS_SECRET_ACCESS_KEY === '')) {
    const detail = 'NIGHTJAR_OBJECTS: AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY are needed with it'
    throw new Failure('settings.invalid', { detail })
  }
  return given
}

/** The language model that may be asked; `undefined`: none. */
export function chatModel(settings: Settings): ChatModel | undefined {
  const { NIGHTJAR_CHAT: address, NIGHTJAR_CHAT_MODEL: model, NIGHTJAR_CHAT_KEY: key } = settings
  if (address === '') return undefined
  return {
    address: address.replace(/\/+$/, ''),
    model,
    ...(key !== '' && { key }),
    maxRequests: settings.NIGHTJAR_CHAT_REQUESTS,
    maxTokens: settings.NIGHTJAR_CHAT_TOKENS,
  }
}

/** Removes passwords from the environment once they are read: every child process would inherit them. */
export function forgetSecrets(): void {
  delete process.env['NIGHTJAR_DATABASE']
  delete process.env['NIGHTJAR_TOKEN']
  delete process.env['AWS_SECRET_ACCESS_KEY']
  delete process.env['NIGHTJAR_CHAT_KEY']
  delete process.env['NIGHTJAR_OIDC_CLIENT_SECRET']
}

/** The same for `nightjar speak`. */
export function readSpeakSettings(environment: Environment = process.env): SpeakSettings {
  const { XDG_CACHE_HOME } = environment
  const cache = XDG_CACHE_HOME ? join(XDG_CACHE_HOME, 'nightjar') : undefined
  return parse(speakSettings, {
    ...environment,
    NIGHTJAR_CACHE: environment['NIGHTJAR_CACHE'] || cache,
  })
}

export function parse<Schema extends z.ZodType>(schema: Schema, environment: Environment): z.infer<Schema> {
  const given = Object.fromEntries(
    Object.entries(environment).filter(([, value]) => value !== '' && value !== undefined),
  )
  const parsed = schema.safeParse(given)
  if (parsed.success) return parsed.data
  const [first] = parsed.error.issues
  const detail = `${first?.path.join('.')}: ${first?.message}`
  throw new Failure('settings.invalid', { detail })
}
