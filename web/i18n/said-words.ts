import { i18n } from '@lingui/core'
import { t } from '@lingui/core/macro'
import type { SaidView } from '../../src/http/contract/field-contract.ts'
import { durationWords } from '../element/time-words.ts'
import { detailWords } from './detail-words.ts'
import { failureWords } from './failure-words.ts'

/**
 * What the server says of itself, in the language of the page. In English, and of what it has no code for (an engine's or
 * another program's words), its own sentence stands.
 */
export function saidWords(sentence: string, said: SaidView | undefined): string {
  if (i18n.locale === 'en' || !said) return sentence
  const { code, details, retrySeconds } = said
  const known = words[code]?.(details) ?? detailWords[code]?.(details) ?? failureWords(code, '', details)
  if (known === '') return sentence
  if (retrySeconds === undefined) return known
  return retrySeconds > 0
    ? t`${known}; next try in ${durationWords(retrySeconds)}`
    : t`${known}; it is being tried again`
}

type Given = Readonly<Record<string, string>>

/** By code, as in the server's table (`src/novel/saying.ts`). */
const words: Readonly<Record<string, (given: Given) => string>> = {
  'speakers.empty': () => t`No speaker machine is connected. Start one with "nightjar speak".`,
  'speakers.starting': () => t`No speaker is alive; new ones are being started.`,
  'speakers.failing': ({ reason = '' }) =>
    t`No speaker can be started (${reason}); it is tried again and again.`,
  'voice.gone': () =>
    t`Its voice is not installed any more. Install it again, or ask for the chapters in another voice.`,
  'voice.too-large': ({ voice = '', reason = '' }) =>
    t`The voice ${voice} cannot be used: ${reason}. It may need more memory than there is: lower NIGHTJAR_SPEAKERS, or choose another voice`,
  'voice.without-nightjar': ({ voice = '', reason = '' }) =>
    t`The voice ${voice} cannot be used: ${reason}. Install Nightjar again`,
  'voice.without-files': ({ voice = '', reason = '' }) =>
    t`The voice ${voice} cannot be used: ${reason}. Put its files back, or remove it and install it again`,
  'generation.set-aside': ({ setAside = '', total = '' }) =>
    t`${setAside} of ${total} segments could not be spoken and are set aside. Retry speaks only these.`,
  'webhook.slow': ({ seconds = '' }) => t`It did not answer within ${seconds} seconds.`,
  'webhook.unreached': ({ reason = '' }) => t`The request failed: ${reason}.`,
  'webhook.gone': () => t`It answered 410 (gone), so the webhook was switched off.`,
  'webhook.redirects': ({ status = '' }) =>
    t`It answered ${status}, a redirect, which is not followed. Enter the address that it leads to.`,
  'webhook.refused': ({ status = '' }) => t`It answered with status ${status}.`,
  'webhook.off': () => t`The webhook was switched off.`,
  'speech-server.pauses': ({ server = '', answer = '' }) => t`${server} asks for a pause (${answer})`,
  'speech-server.fails': ({ server = '', answer = '' }) => t`${server} has a failure of its own (${answer})`,
  'speech-server.slow': ({ server = '', seconds = '' }) => t`${server} gave no answer within ${seconds} s`,
  'speech-server.away': ({ server = '', reason = '' }) => t`${server} does not answer (${reason})`,
  'speech-server.empty': ({ server = '' }) => t`${server} sends an empty answer instead of sound`,
  'speech-server.text': ({ server = '' }) => t`${server} sends text instead of sound`,
  'speech-server.text-said': ({ server = '', answer = '' }) =>
    t`${server} sends text instead of sound (${answer})`,
  'speech-server.unknown-sound': ({ server = '' }) => t`${server} sends sound in no format that is known`,
  'speech-server.spent': ({ server = '', answer = '' }) =>
    t`${server} has spoken all that is paid for (${answer}); pay for more there, then try it again.`,
  'speech-server.spent-all': ({ server = '' }) =>
    t`${server} has spoken all that is paid for; pay for more there, then try it again.`,
  'speech-server.refuses-key': ({ server = '', answer = '' }) =>
    t`${server} refuses the key (${answer}); enter the right one.`,
  'speech-server.wants-key': ({ server = '', answer = '' }) =>
    t`${server} wants a key (${answer}); enter the one that its owner gave you.`,
  'speech-server.no-speech': ({ server = '', address = '', answer = '' }) =>
    t`${server} has no speech at ${address} (${answer}); check its address and model.`,
  'speech-server.redirects': ({ server = '', where = '' }) =>
    t`${server} sends requests on to ${where}; its key and text go nowhere but to its own address, so enter the address where it really is.`,
  'speech-server.bad-key': ({ server = '' }) => t`${server} has a key that cannot be sent; enter it again.`,
}

/** The codes that have words here. */
export const saidCodes: readonly string[] = Object.keys(words)
