import { createHash, randomBytes, randomInt } from 'node:crypto'

const secretBytes = 32

/** 256 random bits behind a prefix, by which a secret is recognised where it should not be: in a log, in a repository. */
export function newSecret(prefix: string): string {
  return `${prefix}${randomBytes(secretBytes).toString('base64url')}`
}

/** What is stored of a secret of so many random bits; a slower hash would add nothing. */
export function digestOf(secret: string): Uint8Array {
  return createHash('sha256').update(secret).digest()
}

/** Without those that are mistaken for each other. */
const codeLetters = '23456789ABCDEFGHJKLMNPQRSTUVWXYZ'
const codeLength = 12

/** A code to be typed from a screen: 60 random bits, `K7QM-2XVB-9TCR`. */
export function newCode(): string {
  const letters = Array.from({ length: codeLength }, () => codeLetters[randomInt(codeLetters.length)]).join(
    '',
  )
  return letters.replaceAll(/(.{4})(?=.)/g, '$1-')
}

/** A code as it is compared, however it was typed. */
export function plainCode(typed: string): string {
  return typed.toUpperCase().replaceAll(/[^0-9A-Z]/g, '')
}
