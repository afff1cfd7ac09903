import { type Argon2Parameters, argon2, randomBytes, timingSafeEqual } from 'node:crypto'
import { Failure } from '../novel/failure.ts'
import { nameKeyOf } from '../novel/person.ts'
import { isCommonPassword } from './common-passwords.ts'

/** OWASP's password storage cheat sheet: 19 MiB, two passes, one lane. */
const cost = { memory: 19_456, passes: 2, parallelism: 1 } as const
const tagLength = 32
const saltLength = 16

const shortestPassword = 8
/** So that nobody makes the server hash a book. */
const longestPassword = 200

/** As PHC strings write it: unpadded base64. */
const phc = /^\$argon2id\$v=19\$m=(\d+),t=(\d+),p=(\d+)\$([\w+/]+)\$([\w+/]+)$/

/** Hashes at once: each takes 19 MiB and one of libuv's four threads, on which files are read too. */
const atOnce = 2
/** More that wait are refused rather than kept. */
const waitingAtMost = 50
const waiting: (() => void)[] = []
let running = 0

/** The hash of a password as a PHC string. Throws `account.busy`. */
export async function hashPassword(password: string): Promise<string> {
  const salt = randomBytes(saltLength)
  const tag = await derive(password, salt, cost)
  const { memory: m, passes: t, parallelism: p } = cost
  return `$argon2id$v=19$m=${m},t=${t},p=${p}$${base64(salt)}$${base64(tag)}`
}

/**
 * Whether it is the password. Without a hash it takes as long and is not, so that the time tells nobody which names there
 * are. Throws `account.busy`.
 */
export async function isPassword(password: string, hash: string | null | undefined): Promise<boolean> {
  const parsed = phc.exec(hash ?? '')
  if (!parsed) {
    await derive(password, Buffer.alloc(saltLength), cost)
    return false
  }
  const [memory = 0, passes = 0, parallelism = 0] = parsed.slice(1, 4).map(Number)
  const [salt = '', wanted = ''] = parsed.slice(4)
  const tag = await derive(password, Buffer.from(salt, 'base64'), { memory, passes, parallelism })
  return timingSafeEqual(tag, Buffer.from(wanted, 'base64'))
}

/** Throws `account.weak-password`. By NIST SP 800-63B: a length, none that are common, and nothing about kinds of letters. */
export function checkPassword(password: string, name: string): void {
  const plain = nameKeyOf(password)
  const weak = (detail: string): never => {
    throw new Failure('account.weak-password', { detail })
  }
  if (Array.from(password).length < shortestPassword) weak(`it has fewer than ${shortestPassword} characters`)
  if (password.length > longestPassword) weak(`it is longer than ${longestPassword} characters`)
  if (new Set(plain).size < 4) weak('it has only few different characters')
  if (plain.includes('nightjar') || (nameKeyOf(name).length > 2 && plain.includes(nameKeyOf(name)))) {
    weak('a name is in it')
  }
  if (common.has(plain.replaceAll(/[^a-z]/g, '')) || isCommonPassword(plain) || isRow(plain))
    weak('it is among the first that somebody would try')
}

/** The letters of what leaked lists begin with, of those long enough; digits and marks around them change nothing. */
const common = new Set(
  `password passwort passwords passw pass iloveyou princess sunshine football baseball superman batman welcome letmein
   trustno starwars whatever computer internet qwerty qwertyuiop asdfghjkl zxcvbnm qwertz qazwsx qazwsxedc dragon master
   monkey shadow michael jennifer jordan hunter admin administrator changeme default secret access login abcdefgh
   abcabc aaa mustang charlie liverpool chocolate butterfly samsung google matkhau anhyeuem`.split(/\s+/),
)

/** `12345678`, `87654321`, `abcdefgh`: each character is the next one. */
function isRow(text: string): boolean {
  const steps = new Set(
    Array.from(text)
      .slice(1)
      .map((letter, at) => letter.charCodeAt(0) - text.charCodeAt(at)),
  )
  return steps.size === 1 || /^(\d)\d*$/.test(text)
}

type Cost = Pick<Argon2Parameters, 'memory' | 'passes' | 'parallelism'>

async function derive(password: string, salt: Uint8Array, how: Cost): Promise<Buffer> {
  if (waiting.length >= waitingAtMost) throw new Failure('account.busy')
  if (running >= atOnce) await new Promise<void>((resolve) => waiting.push(resolve))
  else running += 1
  try {
    // The same password typed on another system may be composed otherwise.
    const message = password.normalize('NFC')
    return await new Promise<Buffer>((resolve, reject) => {
      argon2('argon2id', { message, nonce: salt, tagLength, ...how }, (error, tag) =>
        error ? reject(error) : resolve(tag),
      )
    })
  } finally {
    const next = waiting.shift()
    if (next) next()
    else running -= 1
  }
}

function base64(bytes: Uint8Array): string {
  return Buffer.from(bytes).toString('base64').replaceAll('=', '')
}
